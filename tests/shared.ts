import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../src/lib/assets.ts'

/** A file of real data beside the checkout, which is never part of it. */
export const sharedFile = (path: string): string => join(packageRoot, '..', 'shared', path)

/** For `{ skip }`: why a test of real data does not run here, or false. In CI it runs, and fails without the data. */
export function withoutShared(path: string): string | false {
  return existsSync(sharedFile(path)) || process.env.CI ? false : `no real data: ../shared/${path} is not there`
}
