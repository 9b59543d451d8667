import { type Db, inTransaction, lockForWriting } from '../db/index.ts'
import { placeOnDay } from '../discussion/index.ts'
import { announcedAt, currentAnnouncementDay, type PaperId } from '../papers/index.ts'
import { hotness } from './hotness.ts'
import { birthOf, listPapers } from './list-papers.ts'
import {
  type Entry,
  editionOf,
  entriesOf,
  gatheredAfter,
  markStarter,
  moveEntries,
  openEdition,
  starterEntries,
} from './queries.ts'

/** Steps back to find a day for the starter papers; a month of days is more than was ever gathered before it moves. */
const STEPS_BACK = 30

/**
 * Lists a day's gathered papers in its edition. A paper that was gathered into a later day, because this one was missed,
 * comes back to the day to which it belongs; what people submitted or picked stays where they put it. Starter papers make
 * room: they are no papers of today. Returns how many were listed or moved.
 */
export function listGathered(db: Db, day: string, paperIds: readonly PaperId[], now: Date): Promise<number> {
  return inTransaction(db, async (tx) => {
    if (paperIds.length === 0) return 0
    await lockForWriting(tx, 'editions')
    await moveStarter(tx, day, now)
    const later = await gatheredAfter(tx, paperIds, day)
    if (later.length > 0) {
      await openEdition(tx, day, false, now)
      await move(tx, later, day, now)
    }
    const listings = paperIds.map((paperId) => ({ paperId, day }))
    return later.length + (await listPapers(tx, listings, 'gathered', now))
  })
}

/** The starter edition of a day that turns out to have papers of its own goes to an earlier day without any. */
async function moveStarter(tx: Db, day: string, now: Date): Promise<void> {
  if (!(await editionOf(tx, day))?.is_starter) return
  let earlier = day
  for (let step = 0; step < STEPS_BACK; step++) {
    earlier = currentAnnouncementDay(new Date(announcedAt(earlier).getTime() - 1))
    if (!(await editionOf(tx, earlier))) break
  }
  await markStarter(tx, day, false)
  await openEdition(tx, earlier, true, now)
  await move(tx, await starterEntries(tx, day), earlier, now)
}

async function move(tx: Db, paperIds: readonly PaperId[], day: string, now: Date): Promise<void> {
  const start = await entriesOf(tx, day)
  const entries: Entry[] = paperIds.map((paperId, index) => ({
    paperId,
    day,
    placement: start + index,
    listedAt: birthOf(day, now),
  }))
  await moveEntries(tx, entries)
  await placeOnDay(tx, entries, hotness)
}
