import { randomBytes } from 'node:crypto'
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { AppError } from '../errors.ts'

const PROBE = '.paperround-probe'

/**
 * Takes the data folder for one program. The lock is SQLite's own lock on a small file, so the system lets go of it
 * when the program ends in whatever way, kill -9 included. Throws `folder_in_use` and names the holder.
 */
export function lockDataFolder(folder: string, holder: { command: string; pid: number; since: Date }): Disposable {
  createFolder(folder)
  const lock = new DatabaseSync(join(folder, 'lock.sqlite'))
  const nameFile = join(folder, 'lock.json')
  try {
    lock.exec('pragma locking_mode = exclusive; begin exclusive')
  } catch (cause) {
    lock.close()
    throw new AppError(
      'folder_in_use',
      `The data folder ${folder} is in use by ${holderIn(nameFile)}. Stop that program first, or choose another folder ` +
        'with PAPERROUND_DATA. (An import may run beside the site: add --alongside.)',
      { cause },
    )
  }
  writeFileSync(nameFile, JSON.stringify({ ...holder, since: holder.since.toISOString() }))
  return { [Symbol.dispose]: () => lock.close() }
}

function holderIn(nameFile: string): string {
  try {
    const { command, pid, since } = JSON.parse(readFileSync(nameFile, 'utf8')) as Record<string, string | number>
    return `"paperround ${command}" (process ${pid}, since ${since})`
  } catch {
    return 'another program' // it has only just started and not written its name yet
  }
}

/**
 * Makes the data folder, readable by its owner only: it holds addresses and secrets. Throws `unavailable` with the
 * reason when this user cannot write there.
 */
export function createFolder(folder: string): void {
  const problem = folderProblem(folder)
  if (problem)
    throw new AppError(
      'unavailable',
      `The data folder ${folder} cannot be used: ${problem}. Choose another one with PAPERROUND_DATA.`,
    )
  try {
    makeFolders(folder)
    writeFileSync(join(folder, PROBE), '')
    rmSync(join(folder, PROBE))
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    throw new AppError(
      'unavailable',
      `The data folder ${folder} cannot be written (${code}). Choose another one with PAPERROUND_DATA.`,
      { cause },
    )
  }
}

/** One after the other: asking Node for all at once never comes back where the system refuses, as below /proc. */
function makeFolders(folder: string): void {
  if (existsSync(folder)) return
  makeFolders(dirname(folder))
  mkdirSync(folder, { mode: 0o700 })
}

/** Why a folder cannot be the data folder, found without making anything; undefined when nothing speaks against it. */
export function folderProblem(folder: string): string | undefined {
  const nearest = nearestExisting(folder)
  if (!statSync(nearest).isDirectory()) return `${nearest} is a file`
  try {
    accessSync(nearest, constants.W_OK | constants.X_OK)
    return undefined
  } catch {
    return `this user may not write in ${nearest}`
  }
}

/** The path itself, or the nearest of its parents that is there. */
export function nearestExisting(path: string): string {
  return existsSync(path) ? path : nearestExisting(dirname(path))
}

/** The SQLite database of a data folder. */
export const databaseFile = (folder: string): string => join(folder, 'paperround.sqlite')

/** Reads the secret of this instance, generating it at first start (mode 600). */
export function instanceSecret(folder: string): string {
  const file = join(folder, 'secret')
  try {
    writeFileSync(file, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    chmodSync(file, 0o600)
  }
  return readFileSync(file, 'utf8').trim()
}
