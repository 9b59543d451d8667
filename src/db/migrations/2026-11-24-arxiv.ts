import { type ColumnDefinitionBuilder, type CreateTableBuilder, type Kysely, sql } from 'kysely'
import { dialectOf } from '../dialect.ts'

// Gathering from arXiv, and being polite to whoever is asked: lanes, sources and validators of the outgoing client;
// what was announced where and how far each day is; harvests and their place; what is still to be fetched.

export async function up(db: Kysely<unknown>): Promise<void> {
  const sqlite = dialectOf(db) === 'sqlite'
  const table = (name: string) => db.schema.createTable(name)
  const keyed = <T extends string, C extends string>(builder: CreateTableBuilder<T, C>) =>
    sqlite ? builder.modifyEnd(sql`without rowid`) : builder
  const given = (column: ColumnDefinitionBuilder) => column.notNull()

  await table('outgoing_lane')
    .addColumn('lane', 'text', (c) => c.primaryKey())
    .addColumn('holder', 'text')
    .addColumn('held_until', 'text')
    .addColumn('free_at', 'text', given)
    .addColumn('pages_free_at', 'text', given)
    .addColumn('cooldown_until', 'text')
    .execute()
  await table('outgoing_source')
    .addColumn('source', 'text', (c) => c.primaryKey())
    .addColumn('failures', 'integer', given)
    .addColumn('closed_until', 'text')
    .addColumn('blocked_at', 'text')
    .addColumn('last_ok_at', 'text')
    .addColumn('last_failure_at', 'text')
    .addColumn('last_status', 'integer')
    .addColumn('last_message', 'text')
    .execute()
  await table('outgoing_validator')
    .addColumn('url', 'text', (c) => c.primaryKey())
    .addColumn('etag', 'text')
    .addColumn('last_modified', 'text')
    .addColumn('checked_at', 'text', given)
    .execute()

  await keyed(
    table('gathered_day')
      .addColumn('source', 'text', given)
      .addColumn('subject', 'text', given)
      .addColumn('day', 'text', given)
      .addColumn('state', 'text', given)
      .addColumn('declared', 'integer')
      .addColumn('stored', 'integer')
      .addColumn('via', 'text')
      .addColumn('message', 'text')
      .addColumn('first_tried_at', 'text', given)
      .addColumn('checked_at', 'text', given)
      .addColumn('completed_at', 'text')
      .addPrimaryKeyConstraint('gathered_day_key', ['source', 'day', 'subject']),
  ).execute()
  await keyed(
    table('paper_announcement')
      .addColumn('paper_id', 'integer', (c) => c.notNull().references('paper.id').onDelete('cascade'))
      .addColumn('subject', 'text', given)
      .addColumn('day', 'text', given)
      .addColumn('kind', 'text', given)
      .addColumn('position', 'integer', given)
      .addPrimaryKeyConstraint('paper_announcement_key', ['day', 'subject', 'paper_id']),
  ).execute()
  await db.schema.createIndex('paper_announcement_paper').on('paper_announcement').column('paper_id').execute()

  await table('harvest')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('state', 'text', given)
    .addColumn('range_from', 'text')
    .addColumn('range_until', 'text')
    .addColumn('token', 'text')
    .addColumn('reached', 'text')
    .addColumn('pages', 'integer', given)
    .addColumn('records', 'integer', given)
    .addColumn('stored', 'integer', given)
    .addColumn('bad', 'integer', given)
    .addColumn('response_date', 'text')
    .addColumn('last_good_response', 'text')
    .addColumn('message', 'text')
    .addColumn('started_at', 'text', given)
    .addColumn('updated_at', 'text', given)
    .addColumn('finished_at', 'text')
    .execute()
  await table('arxiv_wanted')
    .addColumn('base_id', 'text', (c) => c.primaryKey())
    .addColumn('reason', 'text', given)
    .addColumn('since', 'text', given)
    .addColumn('tries', 'integer', given)
    .addColumn('next_at', 'text', given)
    .addColumn('message', 'text')
    .execute()
  await table('arxiv_title_lookup')
    .addColumn('paper_id', 'integer', (c) => c.primaryKey().references('paper.id').onDelete('cascade'))
    .addColumn('tried_at', 'text', given)
    .addColumn('outcome', 'text', given)
    .execute()

  await db.schema.alterTable('paper').addColumn('submitter', 'text').execute()
}
