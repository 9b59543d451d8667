import type { Selectable } from 'kysely'
import { type Database, type Db, unlessChanged } from '../db/index.ts'

// All SQL of the room `sources` but for arXiv's: which sources there are, and how each is doing.

export type SourceRow = Selectable<Database['source']>
export type SourceStateRow = Selectable<Database['source_state']>

export function sourceRows(db: Db): Promise<SourceRow[]> {
  return unlessChanged(db, 'sources', () => db.selectFrom('source').selectAll().orderBy('name').execute())
}

export function sourceRow(db: Db, name: string): Promise<SourceRow | undefined> {
  return db.selectFrom('source').selectAll().where('name', '=', name).executeTakeFirst()
}

export function sourceStates(db: Db): Promise<SourceStateRow[]> {
  return db.selectFrom('source_state').selectAll().execute()
}

export function sourceState(db: Db, name: string): Promise<SourceStateRow | undefined> {
  return db.selectFrom('source_state').selectAll().where('name', '=', name).executeTakeFirst()
}

// --- writes ---

export async function saveSource(tx: Db, row: SourceRow): Promise<void> {
  const { name: _, created_at: __, ...change } = row
  await tx
    .insertInto('source')
    .values(row)
    .onConflict((conflict) => conflict.column('name').doUpdateSet(change))
    .execute()
}

export async function deleteSource(tx: Db, name: string): Promise<void> {
  await tx.deleteFrom('source').where('name', '=', name).execute()
  await tx.deleteFrom('source_state').where('name', '=', name).execute()
}

export async function saveState(tx: Db, row: Partial<SourceStateRow> & { name: string }): Promise<void> {
  const { name, ...change } = row
  await tx
    .insertInto('source_state')
    .values({ outcome: 'none', failures: 0, received: 0, added: 0, bad: 0, ...change, name })
    .onConflict((conflict) => conflict.column('name').doUpdateSet(change))
    .execute()
}
