import type { Kysely } from 'kysely'

// How far the texts of a paper are to be trusted, so that they are the same in whatever order their sources come.

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('paper').addColumn('text_trust', 'text').execute()
}
