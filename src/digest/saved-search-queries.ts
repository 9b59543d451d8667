import type { Insertable, Selectable } from 'kysely'
import type { Database, Db } from '../db/index.ts'
import type { PaperId } from '../papers/index.ts'

// SQL about saved searches. Each is asked for with its person: nobody reads or changes another's.

export type SavedSearchRow = Selectable<Database['saved_search']>

export async function savedSearchesOf(db: Db, personId: string): Promise<SavedSearchRow[]> {
  return db.selectFrom('saved_search').selectAll().where('person_id', '=', personId).orderBy('created_at').execute()
}

/** How many of some papers came here after a moment. */
export async function newerOf(db: Db, ids: readonly PaperId[], since: string): Promise<number> {
  if (ids.length === 0) return 0
  const row = await db
    .selectFrom('paper')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('id', 'in', ids)
    .where('first_seen_at', '>', since)
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

export async function insertSavedSearch(tx: Db, row: Insertable<Database['saved_search']>): Promise<void> {
  await tx
    .insertInto('saved_search')
    .values(row)
    .onConflict((conflict) => conflict.columns(['person_id', 'query']).doUpdateSet({ name: row.name }))
    .execute()
}

export async function markSearchSeen(db: Db, personId: string, id: string, seenAt: string): Promise<void> {
  await db
    .updateTable('saved_search')
    .set({ seen_at: seenAt })
    .where('person_id', '=', personId)
    .where('id', '=', id)
    .execute()
}

export async function deleteSavedSearch(db: Db, personId: string, id: string): Promise<void> {
  await db.deleteFrom('saved_search').where('person_id', '=', personId).where('id', '=', id).execute()
}
