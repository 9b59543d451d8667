import { randomBytes } from 'node:crypto'
import { type Kysely, sql } from 'kysely'

// What search needs: the log of changes to papers, and a name for this very database. `schema.ts` says what columns mean.

export async function up(db: Kysely<unknown>): Promise<void> {
  // One row a paper, moved to the end at each change: the log never outgrows the papers, and reading it from the start
  // is reading every paper once. No reference to `paper`: a row whose paper is gone says that it is gone.
  await db.schema
    .createTable('paper_change')
    .addColumn('paper_id', 'integer', (c) => c.primaryKey())
    .addColumn('seq', 'bigint', (c) => c.notNull())
    .execute()
  await sql`insert into paper_change (paper_id, seq) select id, row_number() over (order by id) from paper`.execute(db)
  // After the rows: building an index at once is faster. Unique, so that a number given twice fails instead of hiding a change.
  await db.schema.createIndex('paper_change_seq').unique().on('paper_change').columns(['seq']).execute()
  // Papers by upvotes, for lists that are not of one day. Most papers have none.
  await sql`create index standing_upvotes on standing (upvotes desc, paper_id desc) where upvotes > 0`.execute(db)
  const name = randomBytes(12).toString('base64url')
  await sql`insert into setting (name, value) values ('database_name', ${name})`.execute(db)
}
