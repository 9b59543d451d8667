import type { Kysely } from 'kysely'

/** The canary of a day: one mail to an address of the administrator's choice, before any reader's. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('canary')
    .addColumn('day', 'text', (c) => c.primaryKey())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('tries', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('try_at', 'text', (c) => c.notNull())
    .addColumn('reply', 'text')
    .addColumn('settled_at', 'text')
    .execute()
}
