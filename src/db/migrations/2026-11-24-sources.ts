import { type CreateTableBuilder, type Kysely, sql } from 'kysely'
import { dialectOf } from '../dialect.ts'

// Work that runs while we sleep, and where papers come from. `schema.ts` says what columns mean.

export async function up(db: Kysely<unknown>): Promise<void> {
  const sqlite = dialectOf(db) === 'sqlite'
  await db.schema
    .createTable('job')
    .addColumn('id', 'integer', (c) =>
      sqlite ? c.primaryKey().autoIncrement() : c.primaryKey().generatedByDefaultAsIdentity(),
    )
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('key', 'text', (c) => c.unique())
    .addColumn('payload', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('run_after', 'text', (c) => c.notNull())
    .addColumn('attempts', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('max_attempts', 'integer', (c) => c.notNull())
    .addColumn('lease', 'text')
    .addColumn('lease_until', 'text')
    .addColumn('again_at', 'text')
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addColumn('started_at', 'text')
    .addColumn('succeeded_at', 'text')
    .addColumn('failed_at', 'text')
    .addColumn('last_result', 'text')
    .addColumn('last_error', 'text')
    .execute()
  await db.schema.createIndex('job_due').on('job').columns(['state', 'run_after']).execute()
  if (!sqlite) {
    // Few rows that change all the time: vacuum early, or every look at the queue reads its dead rows.
    await sql`alter table job set (autovacuum_vacuum_scale_factor = 0.02)`.execute(db)
  }

  await db.schema
    .createTable('source')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('settings', 'text', (c) => c.notNull())
    .addColumn('origin', 'text', (c) => c.notNull())
    .addColumn('enabled', 'integer', (c) => c.notNull())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addColumn('updated_at', 'text', (c) => c.notNull())
    .execute()
  await db.schema
    .createTable('source_state')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('cursor', 'text')
    .addColumn('outcome', 'text', (c) => c.notNull())
    .addColumn('message', 'text')
    .addColumn('polled_at', 'text')
    .addColumn('succeeded_at', 'text')
    .addColumn('failures', 'integer', (c) => c.notNull())
    .addColumn('received', 'integer', (c) => c.notNull())
    .addColumn('added', 'integer', (c) => c.notNull())
    .addColumn('bad', 'integer', (c) => c.notNull())
    .execute()

  await db.schema
    .createTable('incident')
    .addColumn('id', 'integer', (c) =>
      sqlite ? c.primaryKey().autoIncrement() : c.primaryKey().generatedByDefaultAsIdentity(),
    )
    .addColumn('key', 'text', (c) => c.notNull())
    .addColumn('words', 'text', (c) => c.notNull())
    .addColumn('since', 'text', (c) => c.notNull())
    .addColumn('mailed_at', 'text')
    .addColumn('cleared_at', 'text')
    .addColumn('clear_mailed_at', 'text')
    .execute()
  await db.schema.createIndex('incident_open').on('incident').columns(['cleared_at', 'key']).execute()

  // Found while records were stored, joined by a job soon after. No references: the job finds out what is still there.
  await db.schema
    .createTable('merge_candidate')
    .addColumn('one_id', 'integer', (c) => c.notNull())
    .addColumn('other_id', 'integer', (c) => c.notNull())
    .addColumn('reason', 'text', (c) => c.notNull())
    .addColumn('found_at', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('merge_candidate_key', ['one_id', 'other_id'])
    .execute()
  await db.schema
    .createTable('paper_relation')
    .addColumn('paper_id', 'integer', (c) => c.notNull().references('paper.id').onDelete('cascade'))
    .addColumn('other_id', 'integer', (c) => c.notNull().references('paper.id').onDelete('cascade'))
    .addColumn('found_at', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('paper_relation_key', ['paper_id', 'other_id'])
    .execute()
  await db.schema.createIndex('paper_relation_other').on('paper_relation').column('other_id').execute()

  const keyed = <T extends string, C extends string>(builder: CreateTableBuilder<T, C>) =>
    sqlite ? builder.modifyEnd(sql`without rowid`) : builder
  await db.schema
    .createTable('enrichment_cursor')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('cursor', 'text', (c) => c.notNull())
    .execute()
  await keyed(
    db.schema
      .createTable('enrichment_due')
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('key', 'text', (c) => c.notNull())
      .addColumn('next_at', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('enrichment_due_key', ['name', 'key']),
  ).execute()
  await keyed(
    db.schema
      .createTable('link_stars')
      .addColumn('url', 'text', (c) => c.notNull())
      .addColumn('day', 'text', (c) => c.notNull())
      .addColumn('stars', 'integer', (c) => c.notNull())
      .addPrimaryKeyConstraint('link_stars_key', ['url', 'day']),
  ).execute()
  await keyed(
    db.schema
      .createTable('paper_artifact')
      .addColumn('paper_id', 'integer', (c) => c.notNull().references('paper.id').onDelete('cascade'))
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('likes', 'integer', (c) => c.notNull())
      .addColumn('downloads', 'integer', (c) => c.notNull())
      .addColumn('observed_at', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('paper_artifact_key', ['paper_id', 'kind', 'name']),
  ).execute()
  await db.schema.createIndex('paper_link_url').on('paper_link').column('url').execute()
}
