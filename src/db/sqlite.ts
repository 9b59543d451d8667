import { closeSync, existsSync, openSync } from 'node:fs'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { Kysely, SqliteAdapter, type SqliteDatabase, SqliteDialect } from 'kysely'
import type { Database } from './schema.ts'

// Statements kept prepared. The program has fewer than 200 of fixed text; lists of many lengths share the rest.
const PREPARED_LIMIT = 400
/** How long a writer waits for another process's transaction before it gives up. */
const BUSY_TIMEOUT_MS = 5_000

/** Opens a SQLite file (or `:memory:`) with the settings every part of the program relies on. */
export function openSqlite(path: string, use: 'serving' | 'importing' = 'serving'): Kysely<Database> {
  // Addresses and sessions are in it: for its owner only. SQLite gives its journal files the same mode.
  if (path !== ':memory:' && !existsSync(path)) closeSync(openSync(path, 'a', 0o600))
  const native = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS, enableForeignKeyConstraints: true })
  // NORMAL keeps every commit through a crash of the program; a power cut may take back the last ones, never damage.
  native.exec(
    'pragma page_size = 8192; pragma journal_mode = wal; pragma synchronous = normal; pragma temp_store = memory',
  )
  // An import touches pages all over the indexes: it keeps them in memory and writes them back seldom.
  native.exec(
    use === 'importing'
      ? 'pragma cache_size = -81920; pragma cache_spill = off; pragma wal_autocheckpoint = 16384'
      : 'pragma cache_size = -32768',
  )
  const database = kyselyAdapter(native)
  const db = new Kysely<Database>({ dialect: new Dialect({ database }) })
  natives.set(db.getExecutor().adapter, database)
  return db
}

/**
 * Kysely takes SQLite for a database that cannot change its schema in a transaction. It can, so all migrations of a start
 * are one: a program killed in the middle of them leaves the schema as it was.
 */
class Adapter extends SqliteAdapter {
  override get supportsTransactionalDdl() {
    return true
  }
}

class Dialect extends SqliteDialect {
  override createAdapter() {
    return new Adapter()
  }
}

// A database and the transactions in it share their adapter object.
const natives = new WeakMap<object, SqliteDatabase>()

/** The driver under a SQLite database or transaction, for what the query builder would slow down. */
export function nativeOf(db: Kysely<Database>): SqliteDatabase {
  const native = natives.get(db.getExecutor().adapter)
  if (!native) throw new Error('this is no SQLite database of ours')
  return native
}

/** What Kysely expects of a driver, over node:sqlite. Statements are prepared once and kept, oldest use out first. */
function kyselyAdapter(native: DatabaseSync): SqliteDatabase {
  const prepared = new Map<string, ReturnType<typeof statementAdapter>>()
  return {
    close: () => {
      prepared.clear()
      native.close()
    },
    prepare(text) {
      // A transaction that reads and then writes must not lose its turn to another process in between.
      const sql = text === 'begin' ? 'begin immediate' : text
      const known = prepared.get(sql)
      if (known) {
        prepared.delete(sql)
        prepared.set(sql, known)
        return known
      }
      const statement = statementAdapter(native.prepare(sql), () => native.prepare(sql))
      prepared.set(sql, statement)
      if (prepared.size > PREPARED_LIMIT) prepared.delete(prepared.keys().next().value as string)
      return statement
    },
  }
}

function statementAdapter(statement: StatementSync, fresh: () => StatementSync) {
  const reader = statement.columns().length > 0
  return {
    reader,
    all: (parameters: readonly unknown[]) => statement.all(...(parameters as SQLInputValue[])),
    run: (parameters: readonly unknown[]) => statement.run(...(parameters as SQLInputValue[])),
    // A cursor keeps its statement busy, so it gets one of its own.
    iterate: (parameters: readonly unknown[]) => fresh().iterate(...(parameters as SQLInputValue[])),
  }
}
