import type { Kysely } from 'kysely'

// Signs of life of the programs that do the background work. `schema.ts` says what columns mean.

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('worker_beat')
    .addColumn('worker', 'text', (c) => c.primaryKey())
    .addColumn('started_at', 'text', (c) => c.notNull())
    .addColumn('seen_at', 'text', (c) => c.notNull())
    .execute()
}
