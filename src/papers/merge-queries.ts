import type { Db } from '../db/index.ts'
import type { PaperId } from './paper.ts'

// SQL about papers that turned out to be one, or to belong together.

const ordered = ([a, b]: readonly [PaperId, PaperId]): [PaperId, PaperId] => (a < b ? [a, b] : [b, a])

export type MergeCandidate = { oneId: PaperId; otherId: PaperId; reason: string }

/** Pairs that wait to be joined, oldest first. */
export async function mergeCandidates(db: Db, limit: number): Promise<MergeCandidate[]> {
  const rows = await db
    .selectFrom('merge_candidate')
    .selectAll()
    .orderBy('found_at')
    .orderBy('one_id')
    .orderBy('other_id')
    .limit(limit)
    .execute()
  return rows.map(({ one_id, other_id, reason }) => ({
    oneId: one_id as PaperId,
    otherId: other_id as PaperId,
    reason,
  }))
}

/** Papers that a source named together with this one, newest finding first. */
export async function relatedIds(db: Db, id: PaperId): Promise<PaperId[]> {
  const rows = await db
    .selectFrom('paper_relation')
    .selectAll()
    .where((eb) => eb.or([eb('paper_id', '=', id), eb('other_id', '=', id)]))
    .orderBy('found_at', 'desc')
    .limit(20)
    .execute()
  return rows.map(({ paper_id, other_id }) => (paper_id === id ? other_id : paper_id) as PaperId)
}

// --- writes ---

export async function insertMergeCandidate(
  tx: Db,
  pair: readonly [PaperId, PaperId],
  reason: string,
  found_at: string,
): Promise<void> {
  const [one_id, other_id] = ordered(pair)
  await tx
    .insertInto('merge_candidate')
    .values({ one_id, other_id, reason, found_at })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

export async function insertRelation(tx: Db, pair: readonly [PaperId, PaperId], found_at: string): Promise<void> {
  const [paper_id, other_id] = ordered(pair)
  await tx
    .insertInto('paper_relation')
    .values({ paper_id, other_id, found_at })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

export async function deleteMergeCandidate(tx: Db, { oneId, otherId }: MergeCandidate): Promise<void> {
  await tx.deleteFrom('merge_candidate').where('one_id', '=', oneId).where('other_id', '=', otherId).execute()
}

/** What was to be joined with a paper that is gone is to be joined with the one it became. */
export async function repointCandidates(tx: Db, gone: PaperId, kept: PaperId, instant: string): Promise<void> {
  const rows = await tx
    .deleteFrom('merge_candidate')
    .where((eb) => eb.or([eb('one_id', '=', gone), eb('other_id', '=', gone)]))
    .returningAll()
    .execute()
  for (const { one_id, other_id, reason } of rows) {
    const third = (one_id === gone ? other_id : one_id) as PaperId
    if (third !== kept) await insertMergeCandidate(tx, [kept, third], reason, instant)
  }
  const relations = await tx
    .deleteFrom('paper_relation')
    .where((eb) => eb.or([eb('paper_id', '=', gone), eb('other_id', '=', gone)]))
    .returningAll()
    .execute()
  for (const { paper_id, other_id, found_at } of relations) {
    const third = (paper_id === gone ? other_id : paper_id) as PaperId
    if (third !== kept) await insertRelation(tx, [kept, third], found_at)
  }
}

export async function deletePaper(tx: Db, id: PaperId): Promise<void> {
  await tx.deleteFrom('paper').where('id', '=', id).execute()
}
