import { type Db, inTransaction, lockForWriting } from '../db/index.ts'
import { placeOnDay, recountPaper } from '../discussion/index.ts'
import { absorbPaper, deleteMergeCandidate, mergeCandidates, type PaperId, papersToJoin } from '../papers/index.ts'
import { hotness } from './hotness.ts'
import { entryOf, moveEntry, removeEntry } from './queries.ts'

/** Joined at a time; the rest in the next run. */
const JOINED_AT_ONCE = 200

/**
 * Joins pairs of stored papers that turned out to be one, each in a transaction of its own. The entry of the earlier day
 * stays, votes are united and counted again. Safe to run twice. Returns how many were joined and whether more wait.
 */
export async function joinPapers(db: Db, now: Date): Promise<{ joined: number; hasMore: boolean }> {
  let joined = 0
  for (let turn = 0; turn < JOINED_AT_ONCE; turn++) {
    const [candidate] = await mergeCandidates(db, 1)
    if (!candidate) return { joined, hasMore: false }
    joined += await inTransaction(db, async (tx) => {
      await lockForWriting(tx, 'papers')
      await lockForWriting(tx, 'editions')
      await deleteMergeCandidate(tx, candidate)
      const pair = await papersToJoin(tx, candidate.oneId, candidate.otherId)
      if (!pair) return 0
      const [kept, gone] = [pair.kept.id as PaperId, pair.gone.id as PaperId]
      await moveToEarlierDay(tx, kept, gone)
      await absorbPaper(tx, pair.kept, pair.gone, now)
      await placeAgain(tx, kept)
      return 1
    })
  }
  return { joined, hasMore: true }
}

/** A paper is listed once: of two entries the earlier stays. */
async function moveToEarlierDay(tx: Db, kept: PaperId, gone: PaperId): Promise<void> {
  const [ours, theirs] = [await entryOf(tx, kept), await entryOf(tx, gone)]
  if (!theirs) return
  const isTheirsEarlier = !ours || theirs.day < ours.day || (theirs.day === ours.day && theirs.listedAt < ours.listedAt)
  if (!isTheirsEarlier) return
  if (ours) await removeEntry(tx, kept)
  await moveEntry(tx, gone, kept)
}

/** The standing follows from the entry and the votes that the paper has now. */
async function placeAgain(tx: Db, paperId: PaperId): Promise<void> {
  const entry = await entryOf(tx, paperId)
  if (entry) await placeOnDay(tx, [{ paperId, ...entry }], hotness)
  await recountPaper(tx, paperId, hotness)
}
