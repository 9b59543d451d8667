import { statfsSync } from 'node:fs'

/** Free megabytes on the disk of an existing folder. */
export function freeMegabytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder)
  return Math.round((bavail * bsize) / 1e6)
}
