import { type Db, inTransaction, lockForWriting } from '../db/index.ts'
import { placeOnDay } from '../discussion/index.ts'
import { currentAnnouncementDay, type PaperId } from '../papers/index.ts'
import { removedAmong } from './editor-queries.ts'
import { hotness } from './hotness.ts'
import { entriesOf, insertEntries, openEdition, placedPapers } from './queries.ts'

export type Listing = { paperId: PaperId; day: string; submittedBy?: string; site?: string }
export type ListingOrigin = 'starter' | 'import' | 'gathered' | 'submitted' | 'picked'

/**
 * Puts papers into the editions of their days, after those already there and in the order given. A paper is listed
 * once: the day it already has stays, and one that an editor took out stays out. Returns how many were listed now.
 */
export function listPapers(db: Db, listings: readonly Listing[], origin: ListingOrigin, now: Date): Promise<number> {
  return inTransaction(db, async (tx) => {
    // Two who list the same paper at once must find each other.
    await lockForWriting(tx, 'editions')
    const ids = listings.map((listing) => listing.paperId)
    const already = new Set([...(await placedPapers(tx, ids)), ...(await removedAmong(tx, ids))])
    const fresh = new Map<PaperId, Listing>()
    for (const listing of listings) {
      if (!already.has(listing.paperId) && !fresh.has(listing.paperId)) fresh.set(listing.paperId, listing)
    }
    for (const [day, ofDay] of Map.groupBy(fresh.values(), (listing) => listing.day)) {
      await openEdition(tx, day, origin === 'starter', now)
      const start = await entriesOf(tx, day)
      const entries = ofDay.map((listing, index) => ({
        ...listing,
        placement: start + index,
        listedAt: birthOf(day, now),
      }))
      await insertEntries(tx, entries, origin)
      await placeOnDay(tx, entries, hotness)
    }
    return fresh.size
  })
}

/** Papers of a past day were born on that day, whenever we learned of it: an import must not make old papers hot. */
export function birthOf(day: string, now: Date): Date {
  return day < currentAnnouncementDay(now) ? new Date(`${day}T12:00:00.000Z`) : now
}
