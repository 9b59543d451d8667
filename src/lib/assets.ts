import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/**
 * The folder of the package, found from wherever this code runs: the sources or the build. Files read at run time are
 * named from here, because a bundle moves `import.meta.url`.
 */
export const packageRoot: string = findRoot(dirname(fileURLToPath(import.meta.url)))

function findRoot(folder: string): string {
  if (existsSync(join(folder, 'package.json')) && existsSync(join(folder, 'data'))) return folder
  const parent = dirname(folder)
  if (parent === folder)
    throw new Error(`no package.json above ${fileURLToPath(import.meta.url)}: the installation is incomplete`)
  return findRoot(parent)
}

/** A file of the package, such as `data/starter.jsonl`. */
export const packageFile = (path: string): string => join(packageRoot, path)
export const packageUrl = (path: string): URL => pathToFileURL(packageFile(path))

/** The version of this program, from its package. */
export function programVersion(): string {
  return (JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as { version: string }).version
}
