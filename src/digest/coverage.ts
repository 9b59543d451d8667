import { addDays, currentAnnouncementDay, type Day } from '../papers/index.ts'
import type { Rhythm } from './schedule.ts'

/** Announcement days, both ends in. */
export type DayRange = { from: Day; to: Day }

/** How many days back a first mail looks, the newest included. */
const firstMailDays: Record<Rhythm, number> = { daily: 1, weekdays: 4, weekly: 7, monthly: 31 }
/** How far back what was missed folds into the next mail. Longer, and a mail after a holiday is all old news. */
const longestDays: Record<Rhythm, number> = { daily: 7, weekdays: 14, weekly: 21, monthly: 62 }

/**
 * The announcement days that a mail promised for `slot` is about: from the day after the last one that reached the
 * reader to the newest announced by then. Undefined when nothing was announced since.
 */
export function coverage(rhythm: Rhythm, slot: Date, coveredThrough: Day | null): DayRange | undefined {
  const to = currentAnnouncementDay(slot)
  if (coveredThrough === null) return { from: addDays(to, 1 - firstMailDays[rhythm]), to }
  const next = addDays(coveredThrough, 1)
  const earliest = addDays(to, 1 - longestDays[rhythm])
  const from = next > earliest ? next : earliest
  return from > to ? undefined : { from, to }
}
