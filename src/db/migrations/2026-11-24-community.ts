import { type CreateTableBuilder, type Kysely, sql } from 'kysely'
import { dialectOf } from '../dialect.ts'

// Votes that count and votes that do not, submissions that wait, picks, badges, and the log of who changed what.

export async function up(db: Kysely<unknown>): Promise<void> {
  const sqlite = dialectOf(db) === 'sqlite'
  const table = (name: string) => db.schema.createTable(name)
  const keyed = <T extends string, C extends string>(builder: CreateTableBuilder<T, C>) =>
    sqlite ? builder.modifyEnd(sql`without rowid`) : builder

  await db.schema
    .alterTable('vote')
    .addColumn('counts', 'integer', (c) => c.notNull().defaultTo(1))
    .execute()
  await db.schema.alterTable('vote').addColumn('network', 'text').execute()
  // Only recent votes have a network, so the index of them stays small.
  await sql`create index vote_network on vote (network, created_at) where network is not null`.execute(db)

  // `paper_id` 0 stands for every vote of the person, so it refers to no paper.
  await keyed(
    table('vote_exclusion')
      .addColumn('person_id', 'text', (c) => c.notNull().references('person.id').onDelete('cascade'))
      .addColumn('paper_id', 'integer', (c) => c.notNull())
      .addColumn('reason', 'text', (c) => c.notNull())
      .addColumn('excluded_at', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('vote_exclusion_key', ['person_id', 'paper_id']),
  ).execute()

  await keyed(
    table('submission_request')
      .addColumn('source', 'text', (c) => c.notNull())
      .addColumn('id', 'text', (c) => c.notNull())
      .addColumn('person_id', 'text', (c) => c.notNull().references('person.id').onDelete('cascade'))
      .addColumn('comment', 'text')
      .addColumn('requested_at', 'text', (c) => c.notNull())
      .addColumn('state', 'text', (c) => c.notNull().defaultTo('queued'))
      .addColumn('problem', 'text')
      .addColumn('resolved_at', 'text')
      .addPrimaryKeyConstraint('submission_request_key', ['source', 'id', 'person_id']),
  ).execute()
  await db.schema
    .createIndex('submission_request_state')
    .on('submission_request')
    .columns(['state', 'requested_at'])
    .execute()

  await table('pick')
    .addColumn('paper_id', 'integer', (c) => c.primaryKey().references('paper.id').onDelete('cascade'))
    .addColumn('person_id', 'text', (c) => c.references('person.id').onDelete('set null'))
    .addColumn('picked_at', 'text', (c) => c.notNull())
    .execute()

  await table('edition_removal')
    .addColumn('paper_id', 'integer', (c) => c.primaryKey().references('paper.id').onDelete('cascade'))
    .addColumn('day', 'text', (c) => c.notNull())
    .addColumn('reason', 'text', (c) => c.notNull())
    .addColumn('removed_at', 'text', (c) => c.notNull())
    .execute()

  await table('closed_period')
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('key', 'text', (c) => c.notNull())
    .addColumn('closed_at', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('closed_period_key', ['kind', 'key'])
    .execute()
  await table('edition_badge')
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('key', 'text', (c) => c.notNull())
    .addColumn('rank', 'integer', (c) => c.notNull())
    .addColumn('paper_id', 'integer', (c) => c.notNull().references('paper.id').onDelete('cascade'))
    .addColumn('upvotes', 'integer', (c) => c.notNull())
    .addPrimaryKeyConstraint('edition_badge_key', ['kind', 'key', 'rank'])
    .execute()
  await db.schema.createIndex('edition_badge_paper').on('edition_badge').column('paper_id').execute()

  await table('paper_claim')
    .addColumn('paper_id', 'integer', (c) => c.notNull().references('paper.id').onDelete('cascade'))
    .addColumn('person_id', 'text', (c) => c.notNull().references('person.id').onDelete('cascade'))
    .addColumn('state', 'text', (c) => c.notNull().defaultTo('pending'))
    .addColumn('claimed_at', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('paper_claim_key', ['person_id', 'paper_id'])
    .execute()
  await db.schema.createIndex('paper_claim_state').on('paper_claim').columns(['state', 'claimed_at']).execute()

  await table('admin_action')
    .addColumn('id', 'integer', (c) =>
      sqlite ? c.primaryKey().autoIncrement() : c.primaryKey().generatedByDefaultAsIdentity(),
    )
    .addColumn('at', 'text', (c) => c.notNull())
    .addColumn('person_id', 'text')
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('subject', 'text', (c) => c.notNull())
    .addColumn('before', 'text')
    .addColumn('after', 'text')
    .addColumn('reason', 'text')
    .addColumn('undoes', 'integer')
    .execute()
  await db.schema.createIndex('admin_action_subject').on('admin_action').columns(['subject', 'id']).execute()
  await db.schema.createIndex('admin_action_undoes').on('admin_action').column('undoes').execute()
}
