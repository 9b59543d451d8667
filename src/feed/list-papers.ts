import { type Db, inTransaction } from '../db/index.ts'
import { placeOnDay } from '../discussion/index.ts'
import { currentAnnouncementDay, type PaperId } from '../papers/index.ts'
import { hotness } from './hotness.ts'
import { entriesOf, insertEntries, openEdition, placedPapers } from './queries.ts'

export type Listing = { paperId: PaperId; day: string; submittedBy?: string; site?: string }
export type ListingOrigin = 'starter' | 'import'

/**
 * Puts papers into the editions of their days, after those already there and in the order given. A paper is listed
 * once: the day it already has stays. Returns how many were listed now.
 */
export function listPapers(db: Db, listings: readonly Listing[], origin: ListingOrigin, now: Date): Promise<number> {
  return inTransaction(db, async (tx) => {
    const already = await placedPapers(
      tx,
      listings.map((listing) => listing.paperId),
    )
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
function birthOf(day: string, now: Date): Date {
  return day < currentAnnouncementDay(now) ? new Date(`${day}T12:00:00.000Z`) : now
}
