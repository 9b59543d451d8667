import { type Db, inTransaction } from '../db/index.ts'
import type { PaperId } from '../papers/index.ts'
import { deleteVote, insertVote, recountPoints, saveHotness } from './queries.ts'
import type { Points, RankFormula } from './standing.ts'

/** `network` is a keyed hash of where the vote came from, never the address itself. */
export type Vote = { paperId: PaperId; personId: string; at: Date; network?: string | undefined }

/**
 * Upvotes a paper, or takes the upvote back. Votes are a set: saying the same twice changes nothing. The count is
 * always recounted from the votes themselves, so two at once lose none. The vote of somebody whose address is not
 * confirmed is kept and counts from the confirmation on. Returns the new counts.
 */
export function castVote(db: Db, vote: Vote, wanted: 'up' | 'none', rank: RankFormula): Promise<Points> {
  return inTransaction(db, async (tx) => {
    if (wanted === 'up') await insertVote(tx, vote)
    else await deleteVote(tx, vote)
    return recount(tx, vote.paperId, rank)
  })
}

/** Recounts one paper from its votes and stores the rank that follows. The recounted row stays locked until commit. */
export async function recount(tx: Db, paperId: PaperId, rank: RankFormula): Promise<Points> {
  const { listedAt, ...points } = await recountPoints(tx, paperId)
  if (listedAt !== null) await saveHotness(tx, paperId, rank(points, new Date(listedAt)))
  return points
}
