import { type Db, inTransaction } from '../db/index.ts'
import { recount } from './cast-vote.ts'
import { deleteVotesOf, driftedPapers, judgeVotes, papersVotedBy } from './queries.ts'
import type { RankFormula } from './standing.ts'

/**
 * To be called when the standing of a person changed: an address was confirmed, votes were excluded or let in again.
 * Judges each of their votes anew and recounts the papers concerned; returns how many those are.
 */
export function recountVotesOf(db: Db, personId: string, rank: RankFormula): Promise<number> {
  return inTransaction(db, async (tx) => {
    const papers = await papersVotedBy(tx, personId)
    await judgeVotes(tx, personId)
    for (const paperId of papers) await recount(tx, paperId, rank)
    return papers.length
  })
}

/** Takes back every vote of a person who leaves and wants them gone; returns how many papers lost one. */
export function forgetVotes(db: Db, personId: string, rank: RankFormula): Promise<number> {
  return inTransaction(db, async (tx) => {
    const papers = await papersVotedBy(tx, personId)
    await deleteVotesOf(tx, personId)
    for (const paperId of papers) await recount(tx, paperId, rank)
    return papers.length
  })
}

/** Papers put right in one transaction: keeps other writers waiting for some milliseconds only. */
const RECOUNTED_AT_ONCE = 100

/**
 * Judges all votes anew, compares every count with its votes, and puts right what differs. Every change recounts by
 * itself, so the answer should be 0; the nightly check says so.
 */
export async function recountAll(db: Db, rank: RankFormula): Promise<number> {
  await judgeVotes(db)
  const drifted = await driftedPapers(db)
  for (let start = 0; start < drifted.length; start += RECOUNTED_AT_ONCE) {
    await inTransaction(db, async (tx) => {
      for (const paperId of drifted.slice(start, start + RECOUNTED_AT_ONCE)) await recount(tx, paperId, rank)
    })
  }
  return drifted.length
}
