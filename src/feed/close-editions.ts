import { type Db, inTransaction, lockForWriting } from '../db/index.ts'
import { announcementAfter, currentAnnouncementDay, type PaperId, raiseRevisions } from '../papers/index.ts'
import {
  closedPeriods,
  daysVotedBy,
  editionDays,
  insertBadges,
  insertClosedPeriod,
  reopenPeriod,
  winnersOf,
} from './editor-queries.ts'
import { type Period, periodKinds, periodOf } from './period.ts'

/** The order of the first hours still changes; a day after the list closed it hardly does (docs/guides/ranking.md). */
const BADGE_DELAY_HOURS = 24
/** How many papers of a period get a badge. */
const BADGES = 3

/** The instant at which the badges of a period are fixed: a day after the next list took its place. */
export function badgesFixedAt(period: Period): Date {
  return new Date(announcementAfter(period.to).at.getTime() + BADGE_DELAY_HOURS * 3_600_000)
}

/**
 * Gives the badges of every day, week and month whose time has come. They count the votes given until that time, so a
 * run that is late finds the same winners. Once given they stay. Returns the keys of the periods closed now.
 */
export async function closeEditions(db: Db, now: Date): Promise<string[]> {
  const days = await editionDays(db, currentAnnouncementDay(now))
  const closed = await closedPeriods(db)
  const due = new Map<string, Period>()
  for (const day of days) {
    for (const kind of periodKinds) {
      const period = periodOf(kind, day)
      const name = `${kind} ${period.key}`
      if (!closed.has(name) && badgesFixedAt(period) <= now) due.set(name, period)
    }
  }
  for (const period of due.values()) await closePeriod(db, period, now)
  return [...due.values()].map((period) => period.key)
}

function closePeriod(db: Db, period: Period, now: Date): Promise<void> {
  return inTransaction(db, async (tx) => {
    await lockForWriting(tx, 'closing editions')
    if ((await closedPeriods(tx)).has(`${period.kind} ${period.key}`)) return
    const winners = await winnersOf(tx, period.from, period.to, badgesFixedAt(period), BADGES)
    await insertClosedPeriod(tx, period.kind, period.key, now)
    await insertBadges(tx, period.kind, period.key, winners)
    await raiseRevisions(
      tx,
      winners.map((winner) => winner.paperId),
    )
  })
}

/**
 * Badges that votes of a person took part in are given anew, by the same votes without (or again with) theirs: to be
 * called when a moderator has excluded somebody.
 */
export async function rejudgeBadges(db: Db, personId: string, now: Date): Promise<void> {
  const closed = await closedPeriods(db)
  const periods = new Map<string, Period>()
  for (const day of await daysVotedBy(db, personId)) {
    for (const kind of periodKinds) {
      const period = periodOf(kind, day)
      const name = `${kind} ${period.key}`
      if (closed.has(name)) periods.set(name, period)
    }
  }
  for (const period of periods.values()) {
    await inTransaction(db, async (tx) => {
      const losers: PaperId[] = await reopenPeriod(tx, period.kind, period.key)
      await closePeriod(tx, period, now)
      await raiseRevisions(tx, losers)
    })
  }
}
