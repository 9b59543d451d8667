import { type Kysely, type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Database } from './schema.ts'

/** A database, or a transaction in it: what every action takes first, so that actions nest. */
export type Db = Kysely<Database>
export type DialectName = 'sqlite' | 'postgres'

/** Everything that differs between the two databases and is not covered by Kysely lives in this file. */
export function dialectOf(db: Kysely<unknown> | Db): DialectName {
  return db.getExecutor().adapter.supportsMultipleConnections ? 'postgres' : 'sqlite'
}

/** Runs `work` in one transaction; inside a transaction already, it joins that one. */
export function inTransaction<T>(db: Db, work: (tx: Db) => Promise<T>): Promise<T> {
  return db.isTransaction ? work(db) : db.transaction().execute(work)
}

/** Name and version of the server, for the status page. */
export async function databaseVersion(db: Db): Promise<string> {
  const expression: RawBuilder<string> =
    dialectOf(db) === 'sqlite'
      ? sql`'SQLite ' || sqlite_version()`
      : sql`'PostgreSQL ' || current_setting('server_version')`
  const { rows } = await sql<{ version: string }>`select ${expression} as version`.execute(db)
  return rows[0]?.version ?? 'unknown'
}

/** Collects the planner's statistics; cheap, and worth it after an import. */
export async function refreshStatistics(db: Db): Promise<void> {
  if (dialectOf(db) === 'sqlite') await sql`pragma optimize = 0x10002`.execute(db)
  else await sql`analyze`.execute(db)
}

/** How the database means to answer a query, as one text: what the query-plan tests read. */
export async function queryPlan(
  db: Db,
  query: { compile(): { sql: string; parameters: readonly unknown[] } },
): Promise<string> {
  const compiled = query.compile()
  const prefix = dialectOf(db) === 'sqlite' ? 'explain query plan ' : 'explain '
  const { rows } = await db.executeQuery<Record<string, unknown>>({ ...compiled, sql: prefix + compiled.sql } as never)
  return rows.map((row) => row.detail ?? row['QUERY PLAN']).join('\n')
}

/** Serialises writers of one kind until the transaction ends. SQLite has only one writer at a time anyway. */
export async function lockForWriting(tx: Db, what: string): Promise<void> {
  if (dialectOf(tx) === 'postgres') await sql`select pg_advisory_xact_lock(hashtext(${what}))`.execute(tx)
}

/**
 * `column in (…)` with the whole list as one parameter: one statement for any length, which is built and prepared once
 * and not anew for each. `column` is a name of ours, never somebody's text.
 */
export function isAmong(db: Db, column: string, values: readonly string[] | readonly number[]): RawBuilder<SqlBool> {
  const left = sql.ref(column)
  if (dialectOf(db) === 'sqlite') return sql`${left} in (select value from json_each(${JSON.stringify(values)}))`
  return typeof values[0] === 'number'
    ? sql`${left} = any(${values as unknown}::bigint[])`
    : sql`${left} = any(${values as unknown}::text[])`
}
