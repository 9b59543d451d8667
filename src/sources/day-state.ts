import type { Db } from '../db/index.ts'
import {
  addDays,
  announcedAt,
  currentAnnouncementDay,
  type Day,
  dateInWords,
  expectedOn,
  nextAnnouncement,
} from '../papers/index.ts'
import { isDone } from './arxiv/day-state.ts'
import { arxivChoice } from './configure-sources.ts'
import { inPlainWords, isUnreachable } from './plain-words.ts'
import { announcementCounts, type GatheredDayRow, gatheredDays } from './queries.ts'

/** From the announcement on; then a day without its list is late, and somebody is told. */
const LATE_AFTER_MS = 4 * 3_600_000
/** A program that has only just begun to ask must not cry. */
const TRIED_FOR_MS = 2 * 3_600_000

/** `unreachable`: nothing is heard from arXiv at all, whenever its list is due. */
export type SubjectState = 'complete' | 'empty' | 'none' | 'pending' | 'late' | 'unreachable' | 'stale' | 'broken'
export type SubjectDay = {
  subject: string
  day: Day
  state: SubjectState
  /** New papers and cross-lists that arXiv says there are, and those that are here. */
  declared?: number
  stored?: number
  completedAt?: string
  /** Of the stored ones: announced as new in this category, and cross-listed into it. */
  kinds?: { new: number; cross: number }
  words: string
}
export type DayState = {
  day: Day
  state: 'complete' | 'pending' | 'late' | 'broken' | 'none' | 'off' | 'unknown'
  /** A sentence for readers. */
  words: string
  /** What the system called the fault that keeps the day away. */
  cause?: string
  completeSince?: string
  subjects: SubjectDay[]
}

const isSettled = ({ state }: { state: SubjectState }) => state === 'complete' || state === 'empty' || state === 'none'

/** How an announcement day of arXiv stands, over all categories that are followed. */
export async function dayState(db: Db, day: Day, now: Date): Promise<DayState> {
  const { categories } = await arxivChoice(db)
  if (categories.length === 0) return { day, state: 'off', words: 'arXiv is not followed here.', subjects: [] }
  return stateOfDay(day, categories, await gatheredDays(db, day, day), now)
}

/** The last announcement days, newest first. */
export async function recentDays(db: Db, count: number, now: Date): Promise<DayState[]> {
  const { categories } = await arxivChoice(db)
  if (categories.length === 0) return []
  const days: Day[] = []
  // Weekends and holidays are passed over; the bound is generous for the longest pause of the year.
  for (let day = currentAnnouncementDay(now); days.length < count && days.length < 60; day = addDays(day, -1)) {
    if (['expected', 'unknown_year'].includes(expectedOn(day))) days.push(day)
  }
  const rows = await gatheredDays(db, days.at(-1) as Day, days[0] as Day)
  const counts = await announcementCounts(db, days.at(-1) as Day, days[0] as Day)
  return days.map((day) => {
    const ofDay = rows.filter((row) => row.day === day)
    const state = stateOfDay(day, categories, ofDay, now)
    return { ...state, subjects: state.subjects.map((one) => ({ ...one, kinds: kindsOf(one) })) }
  })

  function kindsOf({ subject, day }: SubjectDay) {
    const count = (kind: string) =>
      Number(counts.find((one) => one.day === day && one.subject === subject && one.kind === kind)?.count ?? 0)
    return { new: count('new'), cross: count('cross') }
  }
}

/** The same as a pure rule. */
export function stateOfDay(
  day: Day,
  categories: readonly string[],
  rows: readonly GatheredDayRow[],
  now: Date,
): DayState {
  const bySubject = new Map(rows.map((row) => [row.subject, row]))
  const isCurrent = day === currentAnnouncementDay(now)
  if (rows.length === 0 && !isCurrent)
    return { day, state: 'unknown', words: 'This day was not gathered here.', subjects: [] }
  const cause = rows.map(({ message }) => message ?? '').find(isUnreachable)
  // Whoever is not answered asks for one list and not for all: what holds for one holds for those that wait behind it.
  const subjects = categories
    .map((subject) => subjectDay(subject, day, bySubject.get(subject), now))
    .map((one) =>
      cause !== undefined && isWaiting(one, bySubject.get(one.subject))
        ? outOfReach(one, bySubject.get(one.subject))
        : one,
    )
  const count = (state: SubjectState) => subjects.filter((one) => one.state === state).length
  const settled = subjects.filter(isSettled)
  if (settled.length === subjects.length) {
    if (count('none') === subjects.length)
      return { day, state: 'none', words: 'arXiv announced nothing on this day.', subjects }
    const completeSince = subjects
      .map(({ completedAt }) => completedAt ?? '')
      .toSorted()
      .at(-1)
    return {
      day,
      state: 'complete',
      words: completeSince ? `Complete since ${newYorkClock(completeSince)}` : 'Complete',
      ...(completeSince ? { completeSince } : {}),
      subjects,
    }
  }
  const failing = subjects.filter(({ state }) => state === 'broken' || state === 'stale')
  const of = `${settled.length} of ${subjects.length} categories`
  // Nothing was heard from arXiv, so nothing of it is broken: the reader learns what is, and that it needs nobody's help.
  if (cause !== undefined && failing.length === 0) {
    const isOverdue = categories.some((subject) => isOverdueRow(day, bySubject.get(subject), now))
    return {
      day,
      state: isOverdue ? 'late' : 'pending',
      words: `${isOverdue ? 'Late' : 'Pending'}: arXiv cannot be reached from this server; it is tried again by itself${settled.length > 0 ? ` (${of} have arrived)` : ''}`,
      cause,
      subjects,
    }
  }
  const overdue = failing.every(({ state }) => state === 'stale') ? failing[0] : undefined
  if (overdue)
    return { day, state: 'late', words: `Late: ${of} have arrived; ${overdue.subject}: ${overdue.words}`, subjects }
  if (failing.length > 0)
    return { day, state: 'broken', words: `Incomplete: ${of}; ${failing[0]?.subject}: ${failing[0]?.words}`, subjects }
  if (count('late') > 0) return { day, state: 'late', words: `Late: ${of} have arrived`, subjects }
  return {
    day,
    state: 'pending',
    words: settled.length > 0 ? `Arriving: ${of} so far` : 'Pending: the list is due',
    subjects,
  }
}

/** Not here yet, and as far as we know only because nothing was heard. */
function isWaiting({ state }: SubjectDay, row: GatheredDayRow | undefined): boolean {
  if (!row || state === 'pending' || state === 'late') return true
  return (state === 'stale' || state === 'broken') && isUnreachable(row.message ?? '')
}

const outOfReach = (one: SubjectDay, row: GatheredDayRow | undefined): SubjectDay => ({
  ...one,
  state: 'unreachable',
  words: inPlainWords(row?.message ?? '') || 'arXiv cannot be reached from this server',
})

function isOverdueRow(day: Day, row: GatheredDayRow | undefined, now: Date): boolean {
  if (!row || isDone(row.state)) return false
  const isOver = now.getTime() > announcedAt(day).getTime() + LATE_AFTER_MS
  return (isOver || row.state === 'stale') && now.getTime() > Date.parse(row.first_tried_at) + TRIED_FOR_MS
}

function subjectDay(subject: string, day: Day, row: GatheredDayRow | undefined, now: Date): SubjectDay {
  const base = { subject, day }
  if (!row) return { ...base, state: 'pending', words: 'not asked yet' }
  const counts = {
    ...(row.declared === null ? {} : { declared: row.declared }),
    ...(row.stored === null ? {} : { stored: row.stored }),
    ...(row.completed_at === null ? {} : { completedAt: row.completed_at }),
  }
  const stored = row.stored ?? 0
  if (row.state === 'complete')
    return { ...base, ...counts, state: 'complete', words: `${stored} of ${row.declared ?? stored}` }
  if (row.state === 'empty') return { ...base, ...counts, state: 'empty', words: '0 of 0' }
  if (row.state === 'none') return { ...base, ...counts, state: 'none', words: 'no announcement' }
  const reason = inPlainWords(row.message ?? '')
  if (row.state === 'broken')
    return { ...base, ...counts, state: 'broken', words: reason || 'the list could not be read' }
  const isLate = isOverdueRow(day, row, now)
  if (row.state === 'stale' && isLate)
    return { ...base, ...counts, state: 'stale', words: reason || "arXiv still shows an older day's list" }
  return {
    ...base,
    ...counts,
    state: isLate ? 'late' : 'pending',
    words: isLate || row.state === 'stale' ? reason || 'not out yet' : 'not out yet',
  }
}

/** What comes next, in a sentence. */
export function nextDayInWords(now: Date): string {
  const next = nextAnnouncement(now)
  return `The next list, of ${dateInWords(next.day)}, is expected at ${newYorkClock(next.at.toISOString())}.`
}

/** Whether the edition of a day can be taken as whole: digests wait for it. Days that arXiv is not asked for are. */
export async function isDayComplete(db: Db, day: Day, now: Date): Promise<boolean> {
  return ['complete', 'none', 'off', 'unknown'].includes((await dayState(db, day, now)).state)
}

const clock = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'America/New_York',
  hour: '2-digit',
  minute: '2-digit',
})

/** `20:34 in New York` */
export function newYorkClock(instant: string): string {
  return `${clock.format(new Date(instant))} in New York`
}
