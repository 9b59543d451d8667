import type { Db } from '../../db/index.ts'
import { addDays, announcedAt, currentAnnouncementDay, type Day } from '../../papers/index.ts'
import type { AnnouncementList } from './announcement.ts'
import { FIRST_LOOK_MINUTES, isDone, LOOK_AGAIN_MINUTES, SECOND_LOOK_HOURS, waitingState } from './day-state.ts'
import { type FetchedList, fetchListing } from './fetch-list.ts'
import type { ArxivGate } from './gate.ts'
import { announcedOn, type DayRow, dayRows, saveDay } from './queries.ts'
import { type EditionFilter, storeList } from './store-list.ts'

/** What a run did, for the log, the command and the job: nothing asked when nothing was due. */
export type DayReport = {
  day: Day
  subjects: { subject: string; day: Day; state: string; declared: number | null; added: number; problem?: string }[]
  /** Some subject is not done: run again then. */
  again?: Date
}
export type GatherOptions = {
  followed: readonly string[]
  isWanted?: EditionFilter
  /** Look now even where the last look was a moment ago: somebody asked by hand. */
  isUrgent?: boolean
  onProgress?: (line: string) => void
}

/** Enough of the past to see whether this instance ever gathered a subject. */
const LOOK_BACK_DAYS = 10

/**
 * Gathers the newest day of each followed subject from its list. Until the list shows the expected day, the day is
 * pending; an older list is stored as the day that it states. Cheap when everything is done: nothing is asked.
 */
export async function gatherDay(gate: ArxivGate, options: GatherOptions): Promise<DayReport> {
  const { followed, isWanted = () => true, isUrgent = false, onProgress } = options
  const expected = currentAnnouncementDay(gate.clock())
  const rows = await dayRows(gate.db, 'arxiv', addDays(expected, -LOOK_BACK_DAYS))
  const rowOf = (subject: string, day: Day) => rows.find((row) => row.subject === subject && row.day === day)
  const report: DayReport = { day: expected, subjects: [] }
  const open = new Set<string>()
  let again: Date | undefined
  for (const subject of followed) {
    const row = rowOf(subject, expected)
    const isSecondLook = wantsSecondLook(row, gate.clock())
    if (isDone(row?.state) && !isSecondLook) continue
    if (!isSecondLook) open.add(subject)
    const isKnown = rows.some((one) => one.subject === subject)
    if (gate.signal?.aborted || (!isUrgent && !isSecondLook && isKnown && !isDue(row, expected, gate.clock()))) continue
    const lastDone = rows.findLast((one) => one.subject === subject && isDone(one.state))
    const fetched = await fetchListing(gate, subject, lastDone !== undefined)
    const now = gate.clock()
    const done = await take(
      gate,
      { subject, expected, row, isStored: (day) => isDone(rowOf(subject, day)?.state) },
      fetched,
      isWanted,
      now,
    )
    report.subjects.push(done)
    if (done.day === expected && isDone(done.state)) open.delete(subject)
    onProgress?.(inWords(done))
    if (fetched.kind === 'nothing' && fetched.stop) {
      again = fetched.again
      break
    }
  }
  if (open.size > 0) report.again = again ?? new Date(gate.clock().getTime() + LOOK_AGAIN_MINUTES * 60_000)
  return report
}

type Looked = { subject: string; expected: Day; row: DayRow | undefined; isStored: (day: Day) => boolean }

/** Stores what a look at a list found, and says how far the expected day is. */
async function take(
  { db, http }: ArxivGate,
  { subject, expected, row, isStored }: Looked,
  fetched: FetchedList,
  isWanted: EditionFilter,
  now: Date,
): Promise<DayReport['subjects'][number]> {
  const firstTriedAt = row?.first_tried_at ?? now.toISOString()
  const notYet = async (state: string, message: string) => {
    if (row && isDone(row.state)) {
      // A second look that found nothing: what is stored stands.
      await saveDay(db, { ...row, checked_at: now.toISOString() })
      return { subject, day: expected, state: row.state, declared: row.declared, added: 0 }
    }
    await saveDay(db, waitingRow({ subject, day: expected, state, message, firstTriedAt, now }))
    return { subject, day: expected, state, declared: null, added: 0, problem: message }
  }
  if (fetched.kind === 'broken') return notYet('broken', fetched.problem)
  if (fetched.kind === 'nothing') return notYet(waitingState(expected, now), fetched.problem)
  const late = 'arXiv still shows the list of an earlier day'
  if (fetched.kind === 'unchanged') return notYet(waitingState(expected, now), late)
  const { list, first } = fetched
  if (list.day === undefined) return notYet(waitingState(expected, now), 'arXiv shows no list, and not of which day')
  let added = 0
  const isChanged = list.day === expected && row && isDone(row.state) && (await differs(db, subject, list))
  if (row && list.day === expected && isDone(row.state) && !isChanged)
    await saveDay(db, { ...row, checked_at: now.toISOString() })
  if (isChanged || !isStored(list.day)) {
    const stored = await storeList(
      db,
      { subject, day: list.day, entries: list.entries, via: 'listing', firstTriedAt },
      isWanted,
      now,
    )
    added = stored.added
  }
  await http.rememberValidators(first)
  if (list.day < expected) await notYet(waitingState(expected, now), `${late} (${list.day})`)
  const declared = list.entries.filter(({ kind }) => kind === 'new' || kind === 'cross').length
  return { subject, day: list.day, state: declared === 0 ? 'empty' : 'complete', declared, added }
}

/** Whether a list that was stored before shows other papers now. */
async function differs(db: Db, subject: string, { day, entries }: AnnouncementList): Promise<boolean> {
  const stored = new Set((await announcedOn(db, subject, day as Day)).map(({ id }) => id))
  return entries.some(({ id, kind }) => (kind === 'new' || kind === 'cross') && !stored.has(id))
}

/** Of a day that was complete early: see SECOND_LOOK_HOURS. */
function wantsSecondLook(row: DayRow | undefined, now: Date): boolean {
  if (!row || !isDone(row.state) || row.via !== 'listing' || row.completed_at === null) return false
  const pause = SECOND_LOOK_HOURS * 3_600_000
  const wasEarly = Date.parse(row.completed_at) < announcedAt(row.day).getTime() + pause
  return wasEarly && row.checked_at === row.completed_at && now.getTime() >= Date.parse(row.completed_at) + pause
}

function isDue(row: DayRow | undefined, expected: Day, now: Date): boolean {
  if (now.getTime() < announcedAt(expected).getTime() + FIRST_LOOK_MINUTES * 60_000) return false
  return !row || now.getTime() >= Date.parse(row.checked_at) + LOOK_AGAIN_MINUTES * 60_000
}

export function waitingRow(day: {
  subject: string
  day: Day
  state: string
  message: string | null
  firstTriedAt: string
  now: Date
}): DayRow {
  return {
    source: 'arxiv',
    subject: day.subject,
    day: day.day,
    state: day.state,
    declared: null,
    stored: null,
    via: null,
    message: day.message,
    first_tried_at: day.firstTriedAt,
    checked_at: day.now.toISOString(),
    completed_at: null,
  }
}

/** `cs.AI 2026-08-12: 239 papers, 230 new here` */
export function inWords({ subject, day, state, declared, added, problem }: DayReport['subjects'][number]): string {
  if (problem !== undefined) return `${subject} ${day}: ${state}: ${problem}`
  if (state === 'none') return `${subject} ${day}: arXiv announced nothing`
  return `${subject} ${day}: ${declared ?? 0} papers, ${added} new here`
}
