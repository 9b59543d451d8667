import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { AppError } from '../errors.ts'

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
    const other = existsSync(nameFile) ? readFileSync(nameFile, 'utf8') : ''
    throw new AppError(
      'folder_in_use',
      `The data folder ${folder} is in use by another program ${other}. Stop that one first, choose another folder ` +
        'with PAPERROUND_DATA, or add --alongside to an import that shall run beside a serving program.',
      { cause },
    )
  }
  writeFileSync(nameFile, JSON.stringify({ ...holder, since: holder.since.toISOString() }))
  return { [Symbol.dispose]: () => lock.close() }
}

/** Makes the data folder, readable by its owner only: it holds addresses and secrets. */
export function createFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  } catch (cause) {
    throw new AppError(
      'unavailable',
      `The data folder ${folder} cannot be made. Choose another one with PAPERROUND_DATA.`,
      { cause },
    )
  }
}

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
