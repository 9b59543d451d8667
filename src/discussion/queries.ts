import { sql } from 'kysely'
import { bulkInsert, type Db } from '../db/index.ts'
import type { PaperId } from '../papers/index.ts'
import type { Vote } from './cast-vote.ts'
import type { Placement } from './place-on-day.ts'
import type { Points } from './standing.ts'

// All SQL of the room `discussion`.

export async function countVotes(db: Db): Promise<number> {
  const row = await db
    .selectFrom('vote')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

// --- writes ---

export async function insertVote(tx: Db, { paperId, personId, at }: Vote): Promise<void> {
  await tx
    .insertInto('vote')
    .values({ paper_id: paperId, person_id: personId, created_at: at.toISOString() })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

export async function deleteVote(tx: Db, { paperId, personId }: Vote): Promise<void> {
  await tx.deleteFrom('vote').where('paper_id', '=', paperId).where('person_id', '=', personId).execute()
}

/** Here votes are counted: from the set itself, never by adding one. */
export async function recountPoints(tx: Db, paperId: PaperId): Promise<Points & { listedAt: string | null }> {
  // Taking the row's lock first makes a second voter on PostgreSQL count after us, with our vote in view.
  await tx
    .insertInto('standing')
    .values({ paper_id: paperId, upvotes: 0, comments: 0, placement: 0 })
    .onConflict((conflict) => conflict.column('paper_id').doUpdateSet({ paper_id: paperId }))
    .execute()
  const row = await tx
    .updateTable('standing')
    .set((eb) => ({
      upvotes: eb.selectFrom('vote').select(sql<number>`count(*)`.as('count')).where('vote.paper_id', '=', paperId),
    }))
    .where('standing.paper_id', '=', paperId)
    .returning(['upvotes', 'comments', 'listed_at'])
    .executeTakeFirstOrThrow()
  return { upvotes: row.upvotes, comments: row.comments, listedAt: row.listed_at }
}

export async function saveHotness(tx: Db, paperId: PaperId, hotness: number): Promise<void> {
  await tx.updateTable('standing').set({ hotness }).where('paper_id', '=', paperId).execute()
}

/** Writes the places of papers; returns those that had votes before they were listed. */
export async function savePlacements(tx: Db, rows: readonly (Placement & { hotness: number })[]): Promise<PaperId[]> {
  if (rows.length === 0) return []
  const ids = rows.map((row) => row.paperId)
  const known = await tx.selectFrom('standing').select('paper_id').where('paper_id', 'in', ids).execute()
  const knownIds = new Set(known.map((row) => row.paper_id as PaperId))
  const place = (row: Placement & { hotness: number }) => ({
    day: row.day,
    placement: row.placement,
    listed_at: row.listedAt.toISOString(),
    hotness: row.hotness,
  })
  const fresh = rows
    .filter((row) => !knownIds.has(row.paperId))
    .map((row) => ({ paper_id: row.paperId, upvotes: 0, comments: 0, ...place(row) }))
  await bulkInsert(
    tx,
    'standing',
    ['paper_id', 'upvotes', 'comments', 'day', 'placement', 'listed_at', 'hotness'],
    fresh,
  )
  for (const row of rows) {
    if (knownIds.has(row.paperId))
      await tx.updateTable('standing').set(place(row)).where('paper_id', '=', row.paperId).execute()
  }
  return [...knownIds]
}
