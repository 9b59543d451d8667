import { setImmediate } from 'node:timers/promises'
import { type Db, inTransaction, lockForWriting } from '../db/index.ts'
import { AppError } from '../errors.ts'
import { addDays, announcedAt, currentAnnouncementDay, type PaperId } from '../papers/index.ts'
import { randomToken } from './address.ts'
import { CANDIDATES, type Chosen, choosePapers, type Finder } from './choose-papers.ts'
import { coverage, type DayRange, type Reached, withLookBack } from './coverage.ts'
import {
  insertPlanned,
  mailedPapers,
  type NewDelivery,
  openDeliveries,
  readSetting,
  recordMailed,
} from './delivery-queries.ts'
import { freezeIssue, freezePapers, type Issue, type TryOut } from './freeze-issue.ts'
import type { IsDayComplete } from './mail-site.ts'
import { hadBefore, type Moved, movedInto } from './moved-papers.ts'
import { nextSlot, periodKey } from './schedule.ts'
import { scheduleOf } from './subscription.ts'
import { type DueRow, dueSubscriptions, endPauses, moveSlots } from './subscription-queries.ts'
import { isShared, readWant, type Want } from './want.ts'

/** A promised moment waits this long for its day to be complete; then what is there goes out, and says so. */
export const READY_DEADLINE_MS = 3 * 3_600_000
/** Later than this, a mail is not sent any more: what it had folds into the next one. */
export const LATEST_MS = 12 * 3_600_000
/** Planned in one go: between batches, whatever else this program does gets its turn, and garbage is collected. */
const BATCH = 250
/** A program that slept for longer than this many slots of a subscription does not write a row for each. */
const MISSED_SLOTS = 40

export const RESTORED_SETTING = 'digest.restored_at'

export type PlanTools = {
  db: Db
  isDayComplete: IsDayComplete
  finder?: Finder | undefined
  tryOut: TryOut
}
export type PlanReport = { planned: number; skipped: number }

/**
 * Turns every promised moment that has come into one delivery: planned with its papers, or skipped with the reason. Runs
 * as often as one likes; a period that has its delivery gets no second one.
 */
export async function planDeliveries(tools: PlanTools, now: Date, signal?: AbortSignal): Promise<PlanReport> {
  const report = { planned: 0, skipped: 0 }
  await endPauses(tools.db, now.toISOString())
  const restoredAt = await readSetting(tools.db, RESTORED_SETTING)
  for (const window of await windowsAt(tools, now)) {
    const run = new PlanRun(tools, window.isPartial, restoredAt, now)
    let after = { nextAt: '', id: '' }
    while (!signal?.aborted) {
      const rows = await dueSubscriptions(tools.db, window, after, BATCH)
      const last = rows.at(-1)
      if (!last) break
      const { planned, skipped } = await run.plan(rows)
      report.planned += planned
      report.skipped += skipped
      after = { nextAt: last.next_at, id: last.id }
      await setImmediate()
    }
  }
  return report
}

/** The moments that may be planned now: all, or those before a day that is not complete and those past its deadline. */
async function windowsAt({ isDayComplete }: PlanTools, now: Date) {
  const newest = currentAnnouncementDay(now)
  if (await isDayComplete(newest, now)) return [{ from: '', to: now.toISOString(), isPartial: false }]
  const announced = announcedAt(newest)
  return [
    { from: '', to: new Date(announced.getTime() - 1).toISOString(), isPartial: false },
    {
      from: announced.toISOString(),
      to: new Date(now.getTime() - READY_DEADLINE_MS).toISOString(),
      isPartial: true,
    },
  ]
}

type Planned = { row: NewDelivery; own?: { issue: Issue; chosen: Chosen[] } }

/** One run over a window: what many subscriptions share is looked up once. */
class PlanRun {
  #tools: PlanTools
  #isPartial: boolean
  #restoredAt: string | undefined
  #now: Date
  #issues = new Map<string, Promise<Issue>>()
  #choices = new Map<string, Promise<Chosen[]>>()
  #wants = new Map<string, Want>()
  #moved = new Map<string, Promise<Moved[]>>()
  /** Of the batch under way. */
  #lengths = new Map<string, number>()
  #hadByIssue = new Map<string, Promise<Map<string, Set<PaperId>>>>()

  constructor(tools: PlanTools, isPartial: boolean, restoredAt: string | undefined, now: Date) {
    this.#tools = tools
    this.#isPartial = isPartial
    this.#restoredAt = restoredAt
    this.#now = now
  }

  async plan(due: DueRow[]): Promise<PlanReport> {
    const { db } = this.#tools
    // What is still on its way may yet cover days and papers: the next one waits until that is settled.
    const open = await openDeliveries(
      db,
      due.map(({ id }) => id),
    )
    const rows = due.filter(({ id }) => !open.has(id))
    this.#lengths = new Map(rows.map(({ id, length }) => [id, length]))
    this.#hadByIssue.clear()
    const mailed = Map.groupBy(
      await mailedPapers(
        db,
        rows.map(({ id }) => id),
      ),
      ({ subscription_id }) => subscription_id,
    )
    const planned: Planned[] = []
    const byNext = new Map<string, string[]>()
    for (const row of rows) {
      const had = new Set(mailed.get(row.id)?.map(({ paper_id }) => paper_id as PaperId))
      const next = await this.#planOne(row, had, planned)
      const ids = byNext.get(next)
      if (ids) ids.push(row.id)
      else byNext.set(next, [row.id])
    }
    await this.#freezeOwn(planned)
    await inTransaction(db, async (tx) => {
      await lockForWriting(tx, 'digest plan')
      await insertPlanned(
        tx,
        planned.map(({ row }) => row),
      )
      for (const { row } of planned) if (row.state === 'unknown') await coverUnknown(tx, row, this.#now)
      await moveSlots(tx, byNext)
    })
    const skipped = planned.filter(({ row }) => row.state === 'skipped').length
    return { planned: planned.length - skipped, skipped }
  }

  /** Adds what a subscription gets for its due slots; returns the slot that comes next. */
  async #planOne(row: DueRow, had: Set<PaperId>, planned: Planned[]): Promise<string> {
    const schedule = scheduleOf(row)
    let slot = new Date(row.next_at)
    for (let missed = 0; missed < MISSED_SLOTS && slot.getTime() + LATEST_MS < this.#now.getTime(); missed++) {
      planned.push({ row: this.#skipped(row, slot, 'too late: the program was not running, or mail was paused') })
      slot = nextSlot(schedule, slot)
    }
    if (slot.getTime() + LATEST_MS < this.#now.getTime()) return nextSlot(schedule, this.#now).toISOString()
    // The missed ones may have led to a moment that this window does not hold: the next run looks at it.
    if (slot.toISOString() !== row.next_at) return slot.toISOString()
    try {
      planned.push(await this.#planSlot(row, slot, had))
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'unavailable') throw error
      // Search is being opened or made: this one waits for it, the others do not wait for this one.
      if (this.#now.getTime() - slot.getTime() < READY_DEADLINE_MS) return row.next_at
      planned.push({ row: this.#skipped(row, slot, `search was not there: ${error.message}`) })
    }
    return nextSlot(schedule, slot).toISOString()
  }

  async #planSlot(row: DueRow, slot: Date, had: Set<PaperId>): Promise<Planned> {
    const schedule = scheduleOf(row)
    const want = this.#want(row.want)
    const range = coverage(schedule.rhythm, slot, reachedBy(row)) ?? this.#again(want, schedule.rhythm, slot)
    if (!range) return { row: this.#skipped(row, slot, 'no papers: nothing was announced since the last mail') }
    const issue = await this.#issue({ want, range, isPartial: this.#isPartial, slot })
    const base = {
      ...this.#row(row, slot),
      issue_id: issue.id,
      // Days that were not complete come again, without the papers that were mailed.
      covers: this.#isPartial ? addDays(range.to, -1) : range.to,
    }
    if (issue.problem) return { row: { ...base, ...settled('skipped', 'the issue could not be made', this.#now) } }
    const candidates = isShared(want) ? issue.chosen : await this.#choose(want, this.#lookFor(row, want, range))
    for (const paper of await this.#hadMoved(row, issue)) had.add(paper)
    const chosen = candidates.filter(([paper]) => !had.has(paper)).slice(0, row.length)
    if (chosen.length === 0)
      return { row: { ...base, ...settled('skipped', 'no papers: nothing new for this subscription', this.#now) } }
    if (this.#restoredAt && slot.toISOString() <= this.#restoredAt)
      return {
        row: {
          ...base,
          papers: JSON.stringify(chosen),
          ...settled('unknown', 'the database was restored: this mail may have gone out before', this.#now),
        },
      }
    const isPlain = isShared(want) && chosen.every(([paper], index) => candidates[index]?.[0] === paper)
    return isPlain ? { row: base } : { row: { ...base, papers: JSON.stringify(chosen) }, own: { issue, chosen } }
  }

  /** Newest first, and each once by its id: what came late to its day is not lost. The others are the best of their days. */
  #lookFor(row: DueRow, want: Want, range: DayRange): DayRange {
    if (want.kind !== 'picks' && want.kind !== 'authors' && want.kind !== 'search') return range
    return withLookBack(range, scheduleOf(row).rhythm, subscribedAt(row).slice(0, 10), row.covered_through === null)
  }

  /** Papers of a complete edition that this reader had in an earlier one. */
  async #hadMoved(row: DueRow, issue: Issue): Promise<Iterable<PaperId>> {
    if (issue.kind !== 'edition') return []
    let moved = this.#moved.get(issue.id)
    if (!moved) {
      moved = movedInto(this.#tools.db, issue.range, issue.chosen)
      this.#moved.set(issue.id, moved)
    }
    const found = await moved
    if (found.length === 0) return []
    let had = this.#hadByIssue.get(issue.id)
    if (!had) {
      had = hadBefore(this.#tools.db, found, this.#lengths)
      this.#hadByIssue.set(issue.id, had)
    }
    return (await had).get(row.id) ?? []
  }

  /** Votes go on when nothing is announced: what is not bound to a new day may have something new all the same. */
  #again(want: Want, rhythm: string, slot: Date): DayRange | undefined {
    if (rhythm === 'daily' || want.kind === 'edition') return undefined
    const to = currentAnnouncementDay(slot)
    return { from: to, to }
  }

  #row(row: DueRow, slot: Date): NewDelivery {
    return {
      id: randomToken(),
      subscription_id: row.id,
      period_key: periodKey(scheduleOf(row), slot),
      slot_at: slot.toISOString(),
      retry_at: slot.toISOString(),
      state: 'planned',
      issue_id: null,
      papers: null,
      covers: null,
      reason: null,
      settled_at: null,
    }
  }

  #skipped(row: DueRow, slot: Date, reason: string): NewDelivery {
    return { ...this.#row(row, slot), ...settled('skipped', reason, this.#now) }
  }

  #want(json: string): Want {
    let want = this.#wants.get(json)
    if (!want) {
      want = readWant(json)
      this.#wants.set(json, want)
    }
    return want
  }

  #issue(request: { want: Want; range: DayRange; isPartial: boolean; slot: Date }): Promise<Issue> {
    const { want, range, slot } = request
    const hour = want.kind === 'trending' ? slot.toISOString().slice(0, 13) : ''
    const key = `${want.kind} ${range.from} ${range.to} ${hour}`
    let issue = this.#issues.get(key)
    if (!issue) {
      issue = freezeIssue(this.#tools.db, request, this.#tools.tryOut, this.#now)
      this.#issues.set(key, issue)
    }
    return issue
  }

  #choose(want: Want, range: DayRange): Promise<Chosen[]> {
    const key = `${JSON.stringify(want)} ${range.from} ${range.to}`
    let chosen = this.#choices.get(key)
    if (!chosen) {
      if (this.#choices.size > CANDIDATES * 10) this.#choices.clear()
      chosen = choosePapers(this.#tools.db, this.#tools.finder, want, range, this.#now)
      this.#choices.set(key, chosen)
    }
    return chosen
  }

  /** The texts of papers that single readers get are frozen before any of them is planned. */
  async #freezeOwn(planned: readonly Planned[]): Promise<void> {
    const own = planned.flatMap((one) => (one.own ? [one.own] : []))
    for (const [issue, ofIssue] of Map.groupBy(own, ({ issue }) => issue)) {
      const ids = new Set(ofIssue.flatMap(({ chosen }) => chosen.map(([paper]) => paper)))
      await freezePapers(this.#tools.db, issue, [...ids], this.#tools.tryOut)
    }
  }
}

const subscribedAt = ({ confirmed_at, created_at }: DueRow) => confirmed_at ?? created_at

const reachedBy = (row: DueRow): Reached =>
  row.covered_through === null
    ? { firstSlot: nextSlot(scheduleOf(row), new Date(subscribedAt(row))) }
    : { through: row.covered_through }

/** What may have gone out counts as had. */
async function coverUnknown(tx: Db, row: NewDelivery, now: Date): Promise<void> {
  const papers = JSON.parse(row.papers ?? '[]') as Chosen[]
  await recordMailed(
    tx,
    { subscriptionId: row.subscription_id, at: now.toISOString(), covers: row.covers ?? null },
    papers.map(([paper]) => paper),
  )
}

const settled = (state: string, reason: string, now: Date) => ({ state, reason, settled_at: now.toISOString() })
