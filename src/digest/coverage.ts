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
export function coverage(rhythm: Rhythm, slot: Date, reached: Reached): DayRange | undefined {
  const to = currentAnnouncementDay(slot)
  // Before the first mail got through, days count from where that one was to begin: they fold into the next as well.
  const next =
    'through' in reached
      ? addDays(reached.through, 1)
      : addDays(currentAnnouncementDay(reached.firstSlot < slot ? reached.firstSlot : slot), 1 - firstMailDays[rhythm])
  const earliest = addDays(to, 1 - longestDays[rhythm])
  const from = next > earliest ? next : earliest
  return from > to ? undefined : { from, to }
}

/** The last day that a mail brought to the reader; before any did, the moment for which the first was promised. */
export type Reached = { through: Day } | { firstSlot: Date }

/**
 * Where to look for what is bound to no edition: a pick made after the day's mail, a paper of a followed author that was
 * gathered late. So many days before those of the mail too, but none before the first mail looked: what a reader had is
 * left out by its id.
 */
const LOOK_BACK_DAYS = 7

export function withLookBack({ from, to }: DayRange, rhythm: Rhythm, subscribedOn: Day, isFirst: boolean): DayRange {
  if (isFirst) return { from, to }
  const [back, first] = [addDays(from, -LOOK_BACK_DAYS), addDays(subscribedOn, 1 - firstMailDays[rhythm])]
  const earliest = back > first ? back : first
  return { from: earliest < from ? earliest : from, to }
}
