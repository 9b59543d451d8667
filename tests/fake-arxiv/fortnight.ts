// The simulated fortnight: what arXiv does in it, what the program does on its schedule, and what must be so at its end.
import assert from 'node:assert/strict'
import type { Db } from '../../src/db/index.ts'
import type { PoliteClient } from '../../src/lib/polite-http/index.ts'
import { announcedAt, currentAnnouncementDay, type Day } from '../../src/papers/index.ts'
import {
  type ArxivGate,
  compareFeeds,
  compareIdentifiers,
  fillWanted,
  gatherDay,
  gatheringStatus,
  harvestChanges,
  healDays,
} from '../../src/sources/index.ts'
import type { WireServer } from '../wire.ts'
import { announcementsOf, followed, makePlan, type Plan, plannedEditions, recordOn } from './plan.ts'
import type { Faults } from './server.ts'

export type Story = {
  plan: Plan
  start: string
  end: string
  /** Its list was to be seen in an outage only. */
  missed: Day
  /** A pause that no calendar knows. */
  silent?: Day
}

/** Two weeks of November with Thanksgiving, a pause that no calendar knows, and a list that is three hours late. */
export const fortnight: Story = {
  plan: makePlan({
    first: '2026-11-16',
    last: '2026-11-30',
    silent: ['2026-11-24', '2026-11-26'],
    late: { '2026-11-20': 190 },
    leftOut: '2026-11-19',
    perDay: 16,
  }),
  start: '2026-11-16T00:40:00.000Z',
  end: '2026-11-30T20:00:00.000Z',
  missed: '2026-11-18',
  silent: '2026-11-24',
}
/** Its first days, outage included, for tests that do it again and again. */
export const firstDays: Story = {
  plan: makePlan({ first: '2026-11-16', last: '2026-11-19', leftOut: '2026-11-17', perDay: 16 }),
  start: fortnight.start,
  end: '2026-11-19T20:00:00.000Z',
  missed: '2026-11-18',
}

const isBetween = (now: Date, from: string, to: string) =>
  now >= new Date(`2026-11-${from}Z`) && now < new Date(`2026-11-${to}Z`)

export const fortnightFaults: Faults = ({ service, subject, now, count }) => {
  if (isBetween(now, '18T00:30', '19T02:30')) return { kind: 'hang-up' }
  if (service === 'listing') {
    if (subject === 'cs.LG' && isBetween(now, '17T01:00', '17T01:50')) return { kind: 'stale' }
    if (subject === 'cs.CV' && isBetween(now, '23T01:00', '23T02:10')) return { kind: 'error-page' }
    if (subject === 'cs.CL' && isBetween(now, '25T01:00', '25T01:40')) return { kind: 'truncated' }
    if (count % 13 === 0) return { kind: 'status', status: 503, retryAfter: '300' }
  }
  if (service === 'catchup' && count % 5 === 2) return { kind: 'truncated' }
  if (service === 'oai') {
    if (count % 7 === 1) return { kind: 'status', status: 503, retryAfter: '10' }
    if (count % 11 === 3) return { kind: 'error-page' }
    if (count % 11 === 5) return { kind: 'truncated' }
    if (count % 29 === 8) return { kind: 'oai-error', code: 'badResumptionToken' }
  }
  if (service === 'feed' && isBetween(now, '27T00:00', '30T00:00')) return { kind: 'stale' }
  return undefined
}

export type SimulatedTime = { clock: () => Date; set: (to: Date) => void | Promise<void> }
/** The program looks every ten minutes; outside of the evenings nothing happens, and once an hour is as good. */
const TICK_MS = 600_000
const QUIET_TICK_MS = 3_600_000

/**
 * What the program does by its schedule, from now to the end. It begins with everything, as a program does that was not
 * there for a while.
 */
export async function runSchedule(
  gate: ArxivGate,
  time: SimulatedTime,
  end: Date,
  afterEach: () => Promise<void> = async () => {},
): Promise<void> {
  const options = { followed }
  let isFirst = true
  while (time.clock() < end) {
    const [hour, minute] = newYorkTime(time.clock())
    const isTime = (atHour: number, atMinute: number) =>
      isFirst || (hour === atHour && minute >= atMinute && minute < atMinute + 10)
    await gatherDay(gate, options)
    if (isFirst || minute < 10) {
      await healDays(gate, options)
      await fillWanted(gate)
    }
    if (isTime(22, 40) || isTime(3, 0)) await harvestChanges(gate, followed)
    if (isTime(1, 0)) await compareFeeds(gate, followed)
    // Weekly in the program; each morning here, so that a short story has one as well.
    if (isTime(5, 0)) await compareIdentifiers(gate, followed)
    isFirst = false
    await afterEach()
    const tick = newYorkTime(time.clock())[0] >= 19 ? TICK_MS : QUIET_TICK_MS
    await time.set(new Date(Math.ceil((time.clock().getTime() + 1) / tick) * tick))
  }
}

const newYork = new Intl.DateTimeFormat('en-US', {
  timeZone: 'America/New_York',
  hourCycle: 'h23',
  hour: 'numeric',
  minute: 'numeric',
})
function newYorkTime(now: Date): [number, number] {
  const [hour, minute] = newYork.format(now).split(':').map(Number)
  return [hour as number, minute as number]
}

export function gateTo(db: Db, http: PoliteClient, clock: () => Date, url: string): ArxivGate {
  const arxiv = {
    siteUrl: url,
    oaiUrl: `${url}/oai`,
    apiUrl: `${url}/api/query`,
    feedUrl: url,
    intervalMs: 3_000,
    pageIntervalMs: 15_000,
    pageEntries: 2_000,
  }
  return { db, http, clock, arxiv }
}

/** Every paper in its right edition exactly once, every day complete, every record as arXiv has it at the end. */
export async function checkStory(db: Db, { plan, missed, silent, end }: Story): Promise<void> {
  const planned = plannedEditions(plan)
  const entries = await db
    .selectFrom('edition_entry')
    .innerJoin('paper', 'paper.id', 'edition_entry.paper_id')
    .leftJoin('standing', 'standing.paper_id', 'paper.id')
    .select(['paper.base_id', 'edition_entry.day', 'standing.day as standing_day', 'origin'])
    .execute()
  const listed = new Map(entries.map((row) => [row.base_id, row.day]))
  assert.equal(listed.size, entries.length, 'a paper is listed once')
  const sorted = (map: Map<string, string>) => [...map].sort(([a], [b]) => (a < b ? -1 : 1))
  assert.deepEqual(sorted(listed), sorted(planned))
  for (const row of entries) {
    assert.equal(row.standing_day, row.day, row.base_id)
    assert.equal(row.origin, 'gathered')
  }

  const days = await db.selectFrom('gathered_day').selectAll().where('source', '=', 'arxiv').execute()
  const dayOf = (subject: string, day: string) => days.find((row) => row.subject === subject && row.day === day)
  for (const subject of followed) {
    for (const { day } of plan.labels) {
      const count = announcementsOf(plan, subject, day).filter(({ kind }) => kind === 'new' || kind === 'cross').length
      const row = dayOf(subject, day)
      assert.deepEqual([row?.declared, row?.stored], [count, count], `${subject} ${day}`)
      assert.equal(row?.state, count > 0 ? 'complete' : 'empty', `${subject} ${day}`)
      assert.equal(row?.via, day === missed ? 'catchup' : row?.via)
    }
    if (silent) assert.equal(dayOf(subject, silent)?.state, 'none', 'a pause that no calendar knows')
  }

  const papers = await db.selectFrom('paper').selectAll().execute()
  for (const paper of plan.papers) {
    const row = papers.find((one) => one.base_id === paper.id)
    const isFollowed = paper.categories.some((one) => followed.includes(one)) || paper.crosses.length > 0
    assert.equal(row !== undefined, isFollowed, `${paper.id} of ${paper.categories}`)
    if (!row) continue
    const { versions, categories } = recordOn(paper, end.slice(0, 10))!
    assert.equal(row.latest_version, versions.length, paper.id)
    assert.equal(row.title_raw ?? row.title, versions.at(-1)!.title, paper.id)
    assert.equal(row.withdrawn_version, versions.at(-1)!.withdrawn ? versions.length : null, paper.id)
    assert.equal(row.comment, versions.at(-1)!.comment ?? null)
    assert.equal(row.submitted_at?.slice(0, 19), versions[0]!.submittedAt.toISOString().slice(0, 19))
    assert.equal(row.submitter, paper.submitter)
    assert.deepEqual(row.categories.split(' ').sort(), [...categories].sort())
    const isNewHere = followed.includes(paper.categories[0]!) && !paper.isLeftOut
    assert.equal(row.announced_on, isNewHere ? versions[0]!.announcedOn : null, `${paper.id}: only what a list states`)
    assert.equal(JSON.parse(row.authors)[1].name, 'José García')
  }
  assert.deepEqual(await db.selectFrom('arxiv_wanted').selectAll().execute(), [])
}

/**
 * What the status page, the badge of the feed and the metrics say of the newest day at this moment is what is so: never
 * complete before arXiv shows it or while anything of it is missing, every count the plan's. Returns the day's state.
 */
export async function checkMoment(db: Db, { plan }: Story, now: Date): Promise<string> {
  const day = currentAnnouncementDay(now)
  const label = plan.labels.find((one) => one.day === day)
  const { days, lagMinutes } = await gatheringStatus(db, now)
  const state = days.find((one) => one.day === day)
  const at = `${day} at ${now.toISOString()}: ${state?.words}`
  if (!state) return 'holiday'
  const minutes = (from: Date, to: Date) => Math.round((to.getTime() - from.getTime()) / 60_000)
  for (const { subject, state: of, declared, stored, words } of state.subjects) {
    if (of !== 'complete') continue
    const count = announcementsOf(plan, subject, day).filter(({ kind }) => kind === 'new' || kind === 'cross').length
    assert.deepEqual([declared, stored, words], [count, count, `${count} of ${count}`], at)
    const entries = await db
      .selectFrom('paper_announcement')
      .select('paper_id')
      .where('day', '=', day)
      .where('subject', '=', subject)
      .where('kind', 'in', ['new', 'cross'])
      .execute()
    assert.equal(entries.length, count, at)
  }
  if (state.state === 'complete') {
    const since = new Date(state.completeSince as string)
    assert.ok(label && since >= label.visibleAt && since <= now, at)
    assert.ok(
      state.subjects.every((one) => ['complete', 'empty'].includes(one.state)),
      at,
    )
    assert.equal(lagMinutes, minutes(announcedAt(day), since), at)
    assert.match(state.words, /^Complete since \d\d:\d\d in New York$/)
  } else if (state.state === 'none') {
    assert.ok(!label, at)
    assert.equal(lagMinutes, undefined, at)
  } else assert.equal(lagMinutes, minutes(announcedAt(day), now), at)
  return state.state
}

/** Never two requests within three seconds nor two pages within fifteen, and never "from today". */
export function checkPoliteness(requests: WireServer['requests']): void {
  const isPage = (path: string) => path.startsWith('/list') || path.startsWith('/catchup')
  const check = (some: WireServer['requests'], seconds: number) => {
    some.slice(1).forEach((request, index) => {
      const gap = (request.at.getTime() - some[index]!.at.getTime()) / 1000
      assert.ok(gap >= seconds, `${gap} s between ${some[index]!.path} and ${request.path}`)
    })
  }
  check(requests, 3)
  check(
    requests.filter(({ path }) => isPage(path)),
    15,
  )
  for (const { path, at } of requests) {
    const from = new URL(path, 'http://x').searchParams.get('from')
    if (from) assert.ok(from < at.toISOString().slice(0, 10), `${path} at ${at.toISOString()}`)
  }
}
