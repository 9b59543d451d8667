import { CompiledQuery } from 'kysely'
import { type Db, dialectOf } from './dialect.ts'

/** What the rate limiter needs of PostgreSQL: the table `rate_limit` through our pool. Undefined on SQLite. */
export function rateStore(db: Db) {
  if (dialectOf(db) !== 'postgres') return undefined
  return {
    query: ({ text, values = [] }: { name?: string; text: string; values?: unknown[] }) =>
      db.executeQuery<Record<string, unknown>>(CompiledQuery.raw(text, values)),
  }
}
