import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { Database } from './schema.ts'

const POOL_SIZE = 10

/** Connects to PostgreSQL 15 or newer. `url` is a `postgres://` address. */
export function openPostgres(url: string): Kysely<Database> {
  // Counts come as bigint, which the driver would hand over as text. Ours stay far below 2^53.
  const types = {
    getTypeParser: (oid: number, format?: 'text' | 'binary') =>
      oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format as 'text'),
  }
  const pool = new pg.Pool({ connectionString: url, max: POOL_SIZE, types: types as pg.CustomTypesConfig })
  // An idle connection that breaks is replaced at the next query; without a listener it would end the program.
  pool.on('error', () => {})
  return new Kysely<Database>({ dialect: new PostgresDialect({ pool }) })
}
