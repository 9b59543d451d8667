import { addDays, announcedAt, currentAnnouncementDay, type Day, newYorkDay, weekdayOf } from '../../papers/index.ts'
import { isDone } from './day-state.ts'
import { fetchCatchup } from './fetch-list.ts'
import type { ArxivGate } from './gate.ts'
import { type DayReport, type GatherOptions, inWords, waitingRow } from './gather-day.ts'
import { type DayRow, dayRows, saveDay } from './queries.ts'
import { type EditionFilter, storeList } from './store-list.ts'

/** arXiv keeps catch-up pages of this many days. */
export const CATCHUP_DAYS = 90
/** The newest day is left to its own list for this long; when that one is broken for longer, catch-up is asked. */
const NEWEST_AFTER_HOURS = 2
/** A day that could not be healed is tried again after this. */
const TRY_AGAIN_MINUTES = 55

/** `problem`: arXiv could not be read, so the rest was left for later. */
export type HealReport = { subjects: DayReport['subjects']; again?: Date; problem?: string }

/**
 * Heals missed days from catch-up pages, oldest first: days between the first gathered one and now that are not done,
 * whatever the reason: the program did not run, arXiv was out, a list did not add up. A day on which arXiv announced
 * nothing in any subject is found out by the link from the day before it to the next.
 */
export async function healDays(gate: ArxivGate, options: GatherOptions): Promise<HealReport> {
  const { followed, isWanted = () => true, isUrgent = false, onProgress } = options
  const { db, clock } = gate
  const today = newYorkDay(clock())
  const rows = await dayRows(db, 'arxiv', addDays(today, -CATCHUP_DAYS))
  const report: HealReport = { subjects: [] }
  for (const { subject, day } of missedDays(rows, followed, clock())) {
    const row = rows.find((one) => one.subject === subject && one.day === day)
    const isRecent = row && clock().getTime() < Date.parse(row.checked_at) + TRY_AGAIN_MINUTES * 60_000
    if (gate.signal?.aborted) break
    if (isRecent && !isUrgent) continue
    const result = await healDay(gate, { subject, day, row }, rows, isWanted)
    if ('unread' in result) return { ...report, ...result.unread }
    report.subjects.push(result)
    onProgress?.(inWords(result))
  }
  return report
}

/** One past day by hand, of each subject, whether it was gathered before or not; at most 90 days back. */
export async function gatherPastDay(gate: ArxivGate, day: Day, options: GatherOptions): Promise<HealReport> {
  const { followed, isWanted = () => true, onProgress } = options
  const report: HealReport = { subjects: [] }
  const rows = await dayRows(gate.db, 'arxiv', addDays(day, -7))
  for (const subject of followed) {
    if (gate.signal?.aborted) break
    const row = rows.find((one) => one.subject === subject && one.day === day)
    const result = await healDay(gate, { subject, day, row }, rows, isWanted)
    if ('unread' in result) return { ...report, ...result.unread }
    report.subjects.push(result)
    onProgress?.(inWords(result))
  }
  return report
}

/** Days to look at, oldest first: weekdays since the subject was first gathered, the newest only when its list fails. */
export function missedDays(
  rows: readonly DayRow[],
  followed: readonly string[],
  now: Date,
): { subject: string; day: Day }[] {
  const newest = currentAnnouncementDay(now)
  const isNewestOverdue = now.getTime() > announcedAt(newest).getTime() + NEWEST_AFTER_HOURS * 3_600_000
  const missed = followed.flatMap((subject) => {
    const ofSubject = rows.filter((row) => row.subject === subject)
    const first = ofSubject[0]?.day
    if (first === undefined) return []
    const days: { subject: string; day: Day }[] = []
    for (let day = first; day <= newest; day = addDays(day, 1)) {
      const row = ofSubject.find((one) => one.day === day)
      if (weekdayOf(day) > 5 || isDone(row?.state)) continue
      if (day === newest && !(isNewestOverdue && row !== undefined)) continue
      days.push({ subject, day })
    }
    return days
  })
  return missed.sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0))
}

type Missed = { subject: string; day: Day; row: DayRow | undefined }
type Healed = DayReport['subjects'][number]

/** One subject's day from its catch-up page, at most 90 days back. */
async function healDay(
  gate: ArxivGate,
  { subject, day, row }: Missed,
  rows: readonly DayRow[],
  isWanted: EditionFilter,
): Promise<Healed | { unread: { problem: string; again?: Date } }> {
  const { db, clock } = gate
  const fetched = await fetchCatchup(gate, subject, day)
  const now = clock()
  const firstTriedAt = row?.first_tried_at ?? now.toISOString()
  const save = async (state: string, message: string | null): Promise<Healed> => {
    const done = isDone(state) ? { completed_at: now.toISOString(), declared: 0, stored: 0, via: 'catchup' } : {}
    await saveDay(db, { ...waitingRow({ subject, day, state, message, firstTriedAt, now }), ...done })
    return { subject, day, state, declared: null, added: 0, ...(message && !isDone(state) ? { problem: message } : {}) }
  }
  if (fetched.kind === 'nothing') {
    await save('stale', fetched.problem)
    return { unread: { problem: fetched.problem, ...(fetched.again ? { again: fetched.again } : {}) } }
  }
  if (fetched.kind === 'broken') return await save('broken', fetched.problem)
  if (fetched.kind === 'unchanged') return await save('broken', 'arXiv said "unchanged" without being asked')
  const { list } = fetched
  if (list.day !== undefined && list.day !== day)
    return await save('broken', `the catch-up page is of ${list.day}, not of the day that was asked for`)
  if (list.entries.length > 0) {
    const { added } = await storeList(
      db,
      { subject, day, entries: list.entries, via: 'catchup', firstTriedAt },
      isWanted,
      now,
    )
    const declared = list.entries.filter(({ kind }) => kind === 'new' || kind === 'cross').length
    return { subject, day, state: declared === 0 ? 'empty' : 'complete', declared, added }
  }
  const was = await wasAnnounced(gate, subject, day, rows)
  if (was === 'unknown')
    return await save('stale', 'arXiv shows nothing, and it could not be found out whether it should')
  return await save(was ? 'empty' : 'none', was ? null : 'arXiv announced nothing that day')
}

/**
 * An empty day in one subject and a day without announcement look the same. The page of an earlier day links to the next
 * announcement, which is that day or a later one.
 */
async function wasAnnounced(
  gate: ArxivGate,
  subject: string,
  day: Day,
  rows: readonly DayRow[],
): Promise<boolean | 'unknown'> {
  if (rows.some((row) => row.day === day && row.state === 'complete')) return true
  const before = rows.findLast((row) => row.day < day && row.state === 'complete')?.day ?? addDays(day, -1)
  const fetched = await fetchCatchup(gate, subject, before)
  if (fetched.kind !== 'list') return 'unknown'
  const { nextDay } = fetched.list
  if (nextDay === undefined) return 'unknown'
  return nextDay === day
}
