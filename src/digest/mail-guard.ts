import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Db, inDurableTransaction } from '../db/index.ts'
import { readSetting, writeSetting } from './delivery-queries.ts'
import { RESTORED_SETTING } from './plan-deliveries.ts'

// A restored backup does not know what was mailed since. Two marks tell that the database is not the one that mailed
// last: a count kept both in it and in a file beside it, and which file it is on the disk. Either one off, and whatever
// was promised before now counts as perhaps sent: `unknown`, never sent again by itself.

const EPOCH_SETTING = 'digest.epoch'
const FILE_SETTING = 'digest.database_file'
const EPOCH_FILE = 'mail-epoch'

export type GuardTools = { db: Db; dataFolder: string; databaseFile?: string | undefined }

/** Looks at the marks and moves them on. Call before mail goes out. Returns whether a restored database was found. */
export async function guardMail({ db, dataFolder, databaseFile }: GuardTools, now: Date): Promise<boolean> {
  const file = join(dataFolder, EPOCH_FILE)
  const inFile = readEpoch(file)
  const inDatabase = Number((await readSetting(db, EPOCH_SETTING)) ?? 0)
  const identity = databaseFile ? identityOf(databaseFile) : ''
  const knownIdentity = await readSetting(db, FILE_SETTING)
  const isOlder = inFile > inDatabase
  // A database that has mailed, in a folder or a file where it has not: it was copied here from somewhere.
  // (After the very first run the file may be missing because the program was killed before it wrote it.)
  const isMoved = (inFile === 0 && inDatabase > 1) || (inDatabase > 0 && (knownIdentity ?? '') !== identity)
  const isRestored = isOlder || isMoved
  const next = Math.max(inFile, inDatabase) + 1
  await inDurableTransaction(db, async (tx) => {
    await writeSetting(tx, EPOCH_SETTING, String(next))
    await writeSetting(tx, FILE_SETTING, identity)
    if (isRestored) await writeSetting(tx, RESTORED_SETTING, now.toISOString())
  })
  // The file follows the database: if only the first was written, the database is the newer one, and nothing is wrong.
  writeFileSync(`${file}.new`, `${next}\n`, { mode: 0o600 })
  renameSync(`${file}.new`, file)
  return isRestored
}

function readEpoch(file: string): number {
  try {
    return Number(readFileSync(file, 'utf8')) || 0
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0
    throw error
  }
}

function identityOf(file: string): string {
  const { dev, ino } = statSync(file)
  return `${dev}:${ino}`
}
