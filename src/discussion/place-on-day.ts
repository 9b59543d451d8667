import { type Db, inTransaction } from '../db/index.ts'
import type { PaperId } from '../papers/index.ts'
import { recount } from './cast-vote.ts'
import { clearPlacement, savePlacements } from './queries.ts'
import type { RankFormula } from './standing.ts'

/** A paper's place in the edition of its day. `listedAt` is its birth for the ranking, an instant in UTC. */
export type Placement = { paperId: PaperId; day: string; placement: number; listedAt: Date }

/** Tells the standings where papers were listed; upvotes they already have keep counting. */
export function placeOnDay(db: Db, placements: readonly Placement[], rank: RankFormula): Promise<void> {
  return inTransaction(db, async (tx) => {
    const rows = placements.map((one) => ({ ...one, hotness: rank({ upvotes: 0, comments: 0 }, one.listedAt) }))
    const withVotes = await savePlacements(tx, rows)
    for (const paperId of withVotes) await recount(tx, paperId, rank)
  })
}

/** A paper leaves its edition: it keeps its votes, and has no rank until it is listed again. */
export function takeOffDay(db: Db, paperId: PaperId): Promise<void> {
  return clearPlacement(db, paperId)
}
