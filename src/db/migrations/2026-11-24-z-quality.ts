import { type Kysely, sql } from 'kysely'
import { dialectOf } from '../dialect.ts'

// Vectors made by a model outside the program. They cost money or hours, so they outlive the index that is made of them.

export async function up(db: Kysely<unknown>): Promise<void> {
  const isSqlite = dialectOf(db) === 'sqlite'
  const table = db.schema
    .createTable('text_vector')
    .addColumn('model', 'text', (c) => c.notNull())
    .addColumn('text_hash', 'text', (c) => c.notNull())
    .addColumn('numbers', isSqlite ? 'blob' : 'bytea', (c) => c.notNull())
    .addPrimaryKeyConstraint('text_vector_key', ['model', 'text_hash'])
  await (isSqlite ? table.modifyEnd(sql`without rowid`) : table).execute()
}
