// What every command works with: the data folder, the secret, the database, other servers.
import { existsSync, readFileSync } from 'node:fs'
import type { Config } from '../config.ts'
import {
  createFolder,
  type Db,
  databaseFile,
  instanceSecret,
  lockDataFolder,
  migrate,
  openPostgres,
  openSqlite,
} from '../db/index.ts'
import { AppError } from '../errors.ts'
import { listPapers } from '../feed/index.ts'
import { packageFile, programVersion } from '../lib/assets.ts'
import { createLog, type Log } from '../lib/log.ts'
import type { Mailer } from '../lib/mail/index.ts'
import { createPoliteClient, type PoliteClient } from '../lib/polite-http/index.ts'
import { currentAnnouncementDay, hasPapers, upsertPapers } from '../papers/index.ts'
import { readStarter } from '../sources/index.ts'
import { openMailer } from './mail.ts'

/** What a command works with. Closing it closes everything it opened, the newest first. */
export type Context = AsyncDisposable & {
  config: Config
  log: Log
  clock: () => Date
  db: Db
  secret: string
  /** For everything that is asked of other servers. */
  http: PoliteClient
  /** Undefined where mail is not set up. */
  mailer: Mailer | undefined
}

export type OpenOptions = {
  /** Named in the message that another program gets when it wants the same data folder. */
  command: string
  /** What the database is tuned for. */
  use?: 'serving' | 'importing'
  /** Share the data folder knowingly with a program that holds it. */
  alongside?: boolean
  /** Refuse to make a new data folder or database: for commands that only look. */
  existing?: boolean
}

/** The only place that constructs: data folder, secret, database at the newest schema, starter papers if it is new. */
export async function openContext(config: Config, options: OpenOptions): Promise<Context> {
  await using stack = new AsyncDisposableStack()
  const clock = () => new Date()
  if (options.existing && !config.databaseUrl && !existsSync(databaseFile(config.dataFolder))) {
    const message = `There are no papers in ${config.dataFolder} yet. Choose another folder with PAPERROUND_DATA, or start with "paperround serve" or "paperround import".`
    throw new AppError('unavailable', message)
  }
  if (options.alongside) createFolder(config.dataFolder)
  else stack.use(lockDataFolder(config.dataFolder, { command: options.command, pid: process.pid, since: clock() }))
  const secret = config.secret ?? instanceSecret(config.dataFolder)
  const db = openDatabase(config, options.use)
  stack.defer(() => db.destroy())
  const { created } = await migrate(db).catch((cause) => {
    throw unreadableDatabase(config, cause)
  })
  if (created && config.starter) await fillStarter(db, clock())
  const log = createLog(config.logLevel)
  const http = stack.use(openHttp(config, db, clock, log))
  const mailer = stack.use(await openMailer(config))
  const opened = stack.move()
  return {
    config,
    log,
    clock,
    db,
    secret,
    http,
    mailer,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

/** The database the configuration names, as it is: nothing is migrated. Throws `unavailable`. */
export function openDatabase(config: Config, use?: OpenOptions['use']): Db {
  try {
    if (config.databaseUrl) return openPostgres(config.databaseUrl)
    return openSqlite(databaseFile(config.dataFolder), use)
  } catch (cause) {
    throw unreadableDatabase(config, cause as Error)
  }
}

function openHttp(config: Config, db: Db, clock: () => Date, log: Log): PoliteClient {
  const reachable = [config.baseUrl && `+${config.baseUrl}`, config.contact && `mailto:${config.contact}`]
  const who = reachable.filter((part) => part).join('; ')
  return createPoliteClient({
    db,
    clock,
    userAgent: `Paperround/${programVersion()}${who ? ` (${who})` : ''}`,
    onProblem: ({ isBlocked, ...problem }) => {
      if (isBlocked) log.error(problem, 'a source refuses our requests')
      else log.info(problem, 'a source could not be read; it is asked again later')
    },
  })
}

const SQLITE_CORRUPT = 11
const SQLITE_NOTADB = 26

/** What the driver says of a database that cannot be opened, with the setting that names it. */
function unreadableDatabase(config: Config, cause: Error & { code?: string; errcode?: number }): Error {
  if (cause instanceof AppError) return cause
  if (config.databaseUrl) {
    const { host, pathname } = new URL(config.databaseUrl)
    const reason = cause.message || cause.code
    return new AppError('unavailable', `PostgreSQL at ${host}${pathname} (DATABASE_URL) cannot be used: ${reason}`, {
      cause,
    })
  }
  const file = databaseFile(config.dataFolder)
  // A full disk or a busy file must not make anybody throw a good database away.
  const isDamaged = cause.errcode === SQLITE_CORRUPT || cause.errcode === SQLITE_NOTADB
  const advice = isDamaged ? ' Move it away to start anew, or put a backup in its place.' : ''
  return new AppError('unavailable', `The database ${file} cannot be used: ${cause.message}.${advice}`, { cause })
}

/** A new database gets the starter papers, as the edition of the day it was made. */
export async function fillStarter(db: Db, now: Date): Promise<void> {
  if (await hasPapers(db)) return
  const records = readStarter(readFileSync(packageFile('data/starter.jsonl'), 'utf8'))
  const day = currentAnnouncementDay(now)
  await db.transaction().execute(async (tx) => {
    const outcomes = await upsertPapers(tx, records, now)
    await listPapers(
      tx,
      outcomes.map(({ paperId }) => ({ paperId, day })),
      'starter',
      now,
    )
  })
}
