import { type ColumnDefinitionBuilder, type CreateTableBuilder, type Kysely, sql } from 'kysely'
import { dialectOf } from '../dialect.ts'

// The first schema: papers, people, votes, editions, submissions, subscriptions. `schema.ts` says what columns mean.

export async function up(db: Kysely<unknown>): Promise<void> {
  const sqlite = dialectOf(db) === 'sqlite'
  const table = (name: string) => db.schema.createTable(name)
  // Tables that are only ever read through their key are stored inside it: half the size, one look-up less.
  const keyed = <T extends string, C extends string>(builder: CreateTableBuilder<T, C>) =>
    sqlite ? builder.modifyEnd(sql`without rowid`) : builder
  const index = (name: string, on: string, ...columns: string[]) =>
    db.schema
      .createIndex(name)
      .on(on)
      .columns(columns as never)
      .execute()
  const toPaper = (column: ColumnDefinitionBuilder) => column.notNull().references('paper.id').onDelete('cascade')

  await table('paper')
    .addColumn('id', 'integer', (c) =>
      sqlite ? c.primaryKey().autoIncrement() : c.primaryKey().generatedByDefaultAsIdentity(),
    )
    .addColumn('source', 'text', (c) => c.notNull())
    .addColumn('base_id', 'text', (c) => c.notNull())
    .addColumn('title', 'text', (c) => c.notNull())
    .addColumn('title_raw', 'text')
    .addColumn('title_hash', 'bigint', (c) => c.notNull())
    .addColumn('byline', 'text', (c) => c.notNull())
    .addColumn('author_count', 'integer', (c) => c.notNull())
    .addColumn('categories', 'text', (c) => c.notNull())
    .addColumn('primary_category', 'text')
    .addColumn('submitted_at', 'text')
    .addColumn('updated_at', 'text')
    .addColumn('announced_on', 'text')
    .addColumn('dated_on', 'text')
    .addColumn('sort_on', 'text', (c) => c.notNull())
    .addColumn('latest_version', 'integer', (c) => c.notNull())
    .addColumn('withdrawn_version', 'integer')
    .addColumn('licence', 'text')
    .addColumn('doi', 'text')
    .addColumn('journal_ref', 'text')
    .addColumn('comment', 'text')
    .addColumn('first_seen_at', 'text', (c) => c.notNull())
    .addColumn('changed_at', 'text', (c) => c.notNull())
    .addColumn('revision', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('authors', 'text', (c) => c.notNull())
    .addColumn('summary', 'text')
    .addColumn('abstract', 'text')
    .addColumn('abstract_raw', 'text')
    .execute()
  await index('paper_title', 'paper', 'title_hash')

  await keyed(
    table('paper_identifier')
      .addColumn('source', 'text', (c) => c.notNull())
      .addColumn('id', 'text', (c) => c.notNull())
      .addColumn('paper_id', 'integer', toPaper)
      .addPrimaryKeyConstraint('paper_identifier_key', ['source', 'id']),
  ).execute()
  await index('paper_identifier_paper', 'paper_identifier', 'paper_id')

  // These two are indexes over what `paper` holds, written and removed with it by their key. A reference would cost a
  // look-up for each of a paper's names, and a scan of the whole table for each paper that is ever removed.
  await keyed(
    table('paper_author')
      .addColumn('author_key', 'text', (c) => c.notNull())
      .addColumn('sort_on', 'text', (c) => c.notNull())
      .addColumn('paper_id', 'integer', (c) => c.notNull())
      .addPrimaryKeyConstraint('paper_author_key', ['author_key', 'sort_on', 'paper_id']),
  ).execute()
  await keyed(
    table('paper_category')
      .addColumn('category', 'text', (c) => c.notNull())
      .addColumn('sort_on', 'text', (c) => c.notNull())
      .addColumn('paper_id', 'integer', (c) => c.notNull())
      .addPrimaryKeyConstraint('paper_category_key', ['category', 'sort_on', 'paper_id']),
  ).execute()

  await keyed(
    table('paper_version')
      .addColumn('paper_id', 'integer', toPaper)
      .addColumn('version', 'integer', (c) => c.notNull())
      .addColumn('submitted_at', 'text')
      .addColumn('withdrawn', 'integer', (c) => c.notNull())
      .addPrimaryKeyConstraint('paper_version_key', ['paper_id', 'version']),
  ).execute()

  await keyed(
    table('paper_link')
      .addColumn('paper_id', 'integer', toPaper)
      .addColumn('url', 'text', (c) => c.notNull())
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('stars', 'integer')
      .addPrimaryKeyConstraint('paper_link_key', ['paper_id', 'url']),
  ).execute()

  await keyed(
    table('paper_elsewhere')
      .addColumn('paper_id', 'integer', toPaper)
      .addColumn('site', 'text', (c) => c.notNull())
      .addColumn('upvotes', 'integer', (c) => c.notNull())
      .addColumn('comments', 'integer')
      .addColumn('observed_at', 'text')
      .addPrimaryKeyConstraint('paper_elsewhere_key', ['paper_id', 'site']),
  ).execute()

  await table('person')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('email', 'text', (c) => c.unique())
    .addColumn('email_verified', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('image', 'text')
    .addColumn('role', 'text', (c) => c.notNull().defaultTo('reader'))
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addColumn('updated_at', 'text', (c) => c.notNull())
    .execute()

  await keyed(
    table('vote')
      .addColumn('paper_id', 'integer', toPaper)
      .addColumn('person_id', 'text', (c) => c.notNull().references('person.id').onDelete('cascade'))
      .addColumn('created_at', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('vote_key', ['paper_id', 'person_id']),
  ).execute()
  await index('vote_person', 'vote', 'person_id', 'created_at')

  await table('standing')
    .addColumn('paper_id', 'integer', (c) => c.primaryKey().references('paper.id').onDelete('cascade'))
    .addColumn('upvotes', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('comments', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('day', 'text')
    .addColumn('placement', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('listed_at', 'text')
    .addColumn('hotness', 'double precision')
    .execute()
  await db.schema
    .createIndex('standing_edition')
    .on('standing')
    .columns(['day', 'upvotes desc', 'comments desc', 'placement', 'paper_id'] as never)
    .execute()
  await db.schema
    .createIndex('standing_hotness')
    .on('standing')
    .columns(['hotness desc', 'paper_id'] as never)
    .execute()

  await table('edition')
    .addColumn('day', 'text', (c) => c.primaryKey())
    .addColumn('is_starter', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('created_at', 'text', (c) => c.notNull())
    .execute()

  await table('edition_entry')
    .addColumn('paper_id', 'integer', (c) => c.primaryKey().references('paper.id').onDelete('cascade'))
    .addColumn('day', 'text', (c) => c.notNull().references('edition.day'))
    .addColumn('placement', 'integer', (c) => c.notNull())
    .addColumn('listed_at', 'text', (c) => c.notNull())
    .addColumn('origin', 'text', (c) => c.notNull())
    .addColumn('submitted_by', 'text')
    .addColumn('site', 'text')
    .execute()
  await index('edition_entry_day', 'edition_entry', 'day', 'placement')

  await keyed(
    table('submission')
      .addColumn('paper_id', 'integer', toPaper)
      .addColumn('person_id', 'text', (c) => c.notNull().references('person.id').onDelete('cascade'))
      .addColumn('comment', 'text')
      .addColumn('submitted_at', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('submission_key', ['paper_id', 'person_id']),
  ).execute()
  await index('submission_person', 'submission', 'person_id', 'submitted_at')

  await table('subscription')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('email', 'text', (c) => c.notNull().unique())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .execute()

  await table('setting')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('value', 'text', (c) => c.notNull())
    .execute()
}
