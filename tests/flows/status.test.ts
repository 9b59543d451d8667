import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { mayReadMetrics } from '../../src/api/may-read-metrics.ts'
import { type Db, saveBeat } from '../../src/db/index.ts'
import { createWatchdog, jobs, putOnSchedule } from '../../src/jobs/index.ts'
import type { JobTools } from '../../src/jobs/job.ts'
import { watchSources } from '../../src/jobs/watch-sources.ts'
import { createLog } from '../../src/lib/log.ts'
import { createMailer, parseSmtpUrl } from '../../src/lib/mail/index.ts'
import { announcedAt, currentAnnouncementDay } from '../../src/papers/index.ts'
import { stateOfDay } from '../../src/sources/day-state.ts'
import { changeArxiv, changeSource } from '../../src/sources/index.ts'
import { inPlainWords } from '../../src/sources/plain-words.ts'
import { onEveryDatabase } from '../databases.ts'
import { type MailServer, startMailServer } from '../mail-server.ts'
import { onEverySite } from '../open-site.ts'

const monday = '2026-03-02'
/** Sunday 21:00 in New York: an hour after the list of Monday was announced. */
const evening = new Date('2026-03-02T02:00:00.000Z')
const hoursLater = (hours: number) => new Date(evening.getTime() + hours * 3_600_000)

const by = (at: Date) => ({ actorId: 'ada', at })
type Row = { subject: string; day: string; state: string } & Partial<{
  declared: number
  stored: number
  message: string
  completed_at: string
  first_tried_at: string
}>
const dayRow = (row: Row) => ({
  source: 'arxiv',
  declared: null,
  stored: null,
  via: 'listing',
  message: null,
  first_tried_at: '2026-03-02T01:10:00.000Z',
  checked_at: '2026-03-02T01:10:00.000Z',
  completed_at: null,
  ...row,
})
const beat = (db: Db, at: Date) => saveBeat(db, { worker: 'one', startedAt: at }, at)
const insertDays = (db: Db, rows: Row[]) => db.insertInto('gathered_day').values(rows.map(dayRow)).execute()

test('P4 P12 a day in words: pending until the list is out, counted when it has arrived, late after four hours, broken at once', () => {
  const categories = ['cs.CL', 'cs.LG']
  const words = (rows: Row[], now = evening) => {
    const { state, words, subjects } = stateOfDay(monday, categories, rows.map(dayRow), now)
    return [state, words, subjects.map((one) => `${one.subject} ${one.words}`).join('; ')]
  }
  const complete = (subject: string, count: number, at: string) =>
    ({ subject, day: monday, state: 'complete', declared: count, stored: count, completed_at: at }) as const
  assert.deepEqual(words([]), ['pending', 'Pending: the list is due', 'cs.CL not asked yet; cs.LG not asked yet'])
  const half = [complete('cs.CL', 79, '2026-03-02T01:34:00.000Z'), { subject: 'cs.LG', day: monday, state: 'pending' }]
  assert.deepEqual(words(half), ['pending', 'Arriving: 1 of 2 categories so far', 'cs.CL 79 of 79; cs.LG not out yet'])
  assert.equal(words(half, hoursLater(2.9))[0], 'pending')
  assert.deepEqual(words(half, hoursLater(3.1)).slice(0, 2), ['late', 'Late: 1 of 2 categories have arrived'])
  assert.deepEqual(
    words([complete('cs.CL', 79, '2026-03-02T01:34:00.000Z'), complete('cs.LG', 0, '2026-03-02T01:14:00.000Z')]),
    ['complete', 'Complete since 20:34 in New York', 'cs.CL 79 of 79; cs.LG 0 of 0'],
  )
  assert.deepEqual(
    words([
      half[0] as Row,
      { subject: 'cs.LG', day: monday, state: 'broken', declared: 51, stored: 40, message: 'declares 51, shows 40' },
    ]),
    [
      'broken',
      'Incomplete: 1 of 2 categories; cs.LG: declares 51, shows 40',
      'cs.CL 79 of 79; cs.LG declares 51, shows 40',
    ],
  )
})

test('P15 without a network the day says so in words for people, and keeps what the system said', () => {
  const message = 'arXiv could not be read: getaddrinfo ENOTFOUND arxiv.org'
  const rows = (state: string) => [dayRow({ subject: 'cs.CL', day: monday, state, message })]
  const early = stateOfDay(monday, ['cs.CL', 'cs.LG'], rows('pending'), evening)
  assert.deepEqual(
    [early.state, early.words, early.cause],
    ['pending', 'Pending: arXiv cannot be reached from this server; it is tried again by itself', message],
  )
  const late = stateOfDay(monday, ['cs.CL', 'cs.LG'], rows('stale'), hoursLater(9))
  assert.deepEqual([late.state, late.words.slice(0, 28)], ['late', 'Late: arXiv cannot be reache'])
  const one = (state: string) => [state, state]
  assert.deepEqual(
    [early, late].map(({ subjects }) => subjects.map(({ state }) => state)),
    [one('unreachable'), one('unreachable')],
  )
  assert.equal(
    late.subjects[0]?.words,
    'arXiv could not be read: this server has no connection to the internet, or cannot look up names',
  )
  assert.equal(inPlainWords('connect ECONNREFUSED 127.0.0.1:9'), 'it does not accept connections')
  assert.equal(inPlainWords('E-mail of EVERYONE: EDITORS decide'), 'E-mail of EVERYONE: EDITORS decide')
})

test('P1 a program that has only just begun to ask does not cry, however late it is', () => {
  const row = dayRow({ subject: 'cs.CL', day: monday, state: 'pending', first_tried_at: hoursLater(9).toISOString() })
  assert.equal(stateOfDay(monday, ['cs.CL'], [row], hoursLater(10)).state, 'pending')
  assert.equal(stateOfDay(monday, ['cs.CL'], [row], hoursLater(11.1)).state, 'late')
  const stale = { ...row, state: 'stale', message: 'arXiv could not be read: 502' }
  assert.equal(stateOfDay(monday, ['cs.CL'], [stale], hoursLater(10)).state, 'pending')
  const late = stateOfDay(monday, ['cs.CL'], [stale], hoursLater(11.1))
  assert.deepEqual(
    [late.state, late.words],
    ['late', 'Late: 0 of 1 categories have arrived; cs.CL: arXiv could not be read: 502'],
  )
})

test('who may read the metrics: this machine, or whoever has the token; never through a proxy without it', () => {
  const ask = (remote: string | undefined, headers: Record<string, string>, token?: string) =>
    mayReadMetrics({ remote, header: (name) => headers[name] }, token)
  assert.equal(ask('127.0.0.1', {}), true)
  assert.equal(ask('::1', {}), true)
  assert.equal(ask('::ffff:127.0.0.1', {}), true)
  assert.equal(ask('192.0.2.7', {}), false)
  assert.equal(ask(undefined, {}), false)
  assert.equal(ask('127.0.0.1', { 'x-forwarded-for': '192.0.2.7' }), false)
  const token = 'a-token-of-sixteen'
  assert.equal(ask('127.0.0.1', {}, token), false)
  assert.equal(ask('192.0.2.7', { authorization: `Bearer ${token}` }, token), true)
  assert.equal(ask('192.0.2.7', { authorization: `Bearer ${token}x` }, token), false)
})

onEverySite('P15 the status of gathering', (open) => {
  test('the page, /healthz and /metrics say the same: 79 of 79, pending, broken, and nothing secret', async (t) => {
    const site = await open(t, { PAPERROUND_METRICS_TOKEN: 'a-token-of-sixteen' })
    if (!site) return
    const { db, clock } = site.context
    const day = currentAnnouncementDay(clock())
    const now = clock().toISOString()
    await beat(db, clock())
    await insertDays(db, [
      { subject: 'cs.CL', day, state: 'complete', declared: 79, stored: 79, completed_at: now, first_tried_at: now },
      { subject: 'cs.LG', day, state: 'pending', first_tried_at: now },
    ])
    await changeSource(
      db,
      { name: 'journal', kind: 'feed', title: 'Journal of Rooms', url: 'https://j.example.org/rss?key=s3cret' },
      by(clock()),
    )
    await db
      .insertInto('source_state')
      .values({
        name: 'journal',
        outcome: 'broken',
        message: 'https://j.example.org/rss?key=s3cret answered no XML',
        polled_at: now,
        failures: 3,
        received: 0,
        added: 0,
        bad: 0,
      })
      .execute()
    const page = await (await site.ask('/status')).text()
    assert.match(page, /79 of 79/)
    assert.match(page, /Arriving: 1 of 4 categories so far/)
    assert.match(page, /Journal of Rooms/)
    assert.match(page, /Broken/)
    assert.doesNotMatch(page, /s3cret/)
    const front = await (await site.ask(`/papers/date/${day}`)).text()
    assert.match(front, /Arriving/)

    const health = (await (await site.ask('/healthz')).json()) as {
      ok: boolean
      day: { state: string }
      sources: { name: string; condition: string }[]
    }
    assert.equal(health.ok, true)
    assert.equal(health.day.state, 'pending')
    assert.deepEqual(
      health.sources.map(({ name, condition }) => [name, condition]),
      [
        ['arxiv', 'pending'],
        ['journal', 'broken'],
      ],
    )
    assert.doesNotMatch(JSON.stringify(health), /s3cret/)
    assert.equal((await site.ask('/healthz?expect=fresh')).status, 200)
    await db
      .updateTable('gathered_day')
      .set({ state: 'broken', message: 'declares 51, shows 40' })
      .where('subject', '=', 'cs.LG')
      .execute()
    assert.equal((await site.ask('/healthz')).status, 200)
    assert.equal((await site.ask('/healthz?expect=fresh')).status, 503)

    assert.equal((await site.ask('/metrics')).status, 403)
    const metrics = await site.ask('/metrics', { headers: { authorization: 'Bearer a-token-of-sixteen' } })
    assert.match(String(metrics.headers.get('content-type')), /text\/plain/)
    const text = await metrics.text()
    assert.match(text, /paperround_worker_running 1/)
    // P15: a day that is not complete has a lag that grows, not one of 0.
    const lag = Math.round((clock().getTime() - announcedAt(day).getTime()) / 60_000)
    const said = Number(/paperround_day_lag_minutes (\d+)/.exec(text)?.[1])
    assert.ok(Math.abs(said - lag) <= 1, `${said} minutes, not ${lag}`)
    assert.doesNotMatch(text, /^paperround_papers_missing/m, 'nothing was compared yet')
    assert.match(text, /paperround_day_stored_papers\{subject="cs.CL"\} 79/)
    assert.match(text, /paperround_day_complete\{subject="cs.LG"\} 0/)
    assert.match(text, /paperround_source_fine\{source="journal",condition="broken"\} 0/)
    assert.match(text, /process_resident_memory_bytes/)
  })

  test('the badge of a day that has all arrived, and none where the day was never gathered', async (t) => {
    const site = await open(t)
    if (!site) return
    const { db } = site.context
    await insertDays(
      db,
      ['cs.AI', 'cs.CL', 'cs.CV', 'cs.LG'].map((subject) => ({
        subject,
        day: monday,
        state: 'complete',
        declared: 7,
        stored: 7,
        completed_at: '2026-03-02T01:34:00.000Z',
      })),
    )
    assert.match(await (await site.ask(`/papers/date/${monday}`)).text(), /Complete since 20:34 in New York/)
    assert.doesNotMatch(await (await site.ask('/papers/date/2026-02-27')).text(), /day-badge/)
  })

  test('work that nobody does is named on the page, by /healthz and in the metrics', async (t) => {
    const site = await open(t, { PAPERROUND_METRICS_TOKEN: 'a-token-of-sixteen' })
    if (!site) return
    const { db } = site.context
    const longAgo = new Date(Date.now() - 3 * 86_400_000)
    await putOnSchedule(db, jobs, 'UTC', longAgo)
    const page = async () => (await site.ask('/status')).text()
    const isWorking = async () => {
      const health = (await (await site.ask('/healthz')).json()) as { worker: { isWorking: boolean } }
      return health.worker.isWorking
    }
    assert.match(await page(), /no program does the background work\. Nothing is gathered/)
    assert.equal(await isWorking(), false)
    assert.equal((await site.ask('/healthz?expect=fresh')).status, 503)
    await beat(db, longAgo)
    assert.match(await page(), /no program does the background work; one was last seen at/)
    const headers = { authorization: 'Bearer a-token-of-sixteen' }
    assert.match(await (await site.ask('/metrics', { headers })).text(), /paperround_worker_running 0/)
    await beat(db, site.context.clock())
    assert.equal(await isWorking(), true)
    assert.match(await page(), /Background work is late \(/)
  })
})

/** What the job that watches works with: mail to Ada, of a site called Rooms. */
function toolsWithMail(t: TestContext, db: Db, server: MailServer, clock: () => Date, definitions: () => typeof jobs) {
  const mailer = createMailer({
    smtp: parseSmtpUrl(`smtp://127.0.0.1:${server.port}?tls=none&rate=0`),
    from: 'papers@example.org',
  })
  t.after(() => mailer[Symbol.dispose]())
  const site = { name: 'Rooms', address: 'https://rooms.example.org' }
  const alerts = { to: 'ada@example.org', site, instanceZone: 'UTC', jobs: definitions }
  const tools: JobTools = { db, clock, log: createLog('silent'), http: undefined as never, mailer, alerts }
  return tools
}

onEveryDatabase('P15 the alert', (open) => {
  test('mailed once when a day is late, once when it is over; a mail that could not be sent is tried again', async (t) => {
    const db = await open(t)
    if (!db) return
    let refuse = true
    const server = await startMailServer(t, { message: () => (refuse ? { code: 451, text: 'later' } : 'accept') })
    let now = hoursLater(0)
    const tools = toolsWithMail(
      t,
      db,
      server,
      () => now,
      () => [],
    )
    await beat(db, hoursLater(24))
    const run = { payload: {}, attempt: 1, signal: new AbortController().signal }
    const mails = async () => (await server.mailTo('ada@example.org')).map(({ subject }) => subject)
    await insertDays(
      db,
      ['cs.AI', 'cs.CL', 'cs.CV', 'cs.LG'].map((subject) => ({ subject, day: monday, state: 'pending' })),
    )
    await watchSources(tools, run)
    assert.deepEqual(await mails(), [], 'not late yet')
    now = hoursLater(4)
    await assert.rejects(watchSources(tools, run), /could not be mailed/)
    refuse = false
    await watchSources(tools, run)
    await watchSources(tools, run)
    assert.deepEqual(await mails(), ["Rooms: arXiv's list of 2 March 2026. Late: 0 of 4 categories have arrived."])
    await db
      .updateTable('gathered_day')
      .set({ state: 'complete', declared: 1, stored: 1, completed_at: now.toISOString() })
      .execute()
    now = hoursLater(5)
    await watchSources(tools, run)
    await watchSources(tools, run)
    assert.equal((await mails())[1], 'Rooms: all clear')
    assert.equal((await mails()).length, 2)
    const [, over] = await server.mailTo('ada@example.org')
    assert.match(String(over?.text), /This is over:\n- arXiv's list of 2 March 2026/)
    assert.match(String(over?.text), /https:\/\/rooms\.example\.org\/status/)
  })

  test('nobody works: the site itself mails it, once, with two sites looking; and once that somebody does again', async (t) => {
    const db = await open(t)
    if (!db) return
    const server = await startMailServer(t)
    let now = evening
    const tools = toolsWithMail(
      t,
      db,
      server,
      () => now,
      () => jobs,
    )
    await changeArxiv(db, { categories: [] }, by(now))
    await putOnSchedule(db, jobs, 'UTC', now)
    await beat(db, now)
    const sites = [1, 2].map(() => createWatchdog({ tools, instanceZone: 'UTC' }))
    const look = () => Promise.all(sites.map((site) => site.look()))
    assert.deepEqual(await look(), [true, true])
    assert.deepEqual(await server.mailTo('ada@example.org'), [])
    now = hoursLater(30)
    assert.deepEqual(await look(), [false, false])
    assert.deepEqual(await look(), [false, false])
    const mails = await server.mailTo('ada@example.org')
    assert.equal(mails.length, 1, 'one mail, and none for every job that is late because of it')
    assert.match(String(mails[0]?.text), /No program has done the background work since 2026-03-02 02:00 UTC/)
    await beat(db, now)
    await watchSources(
      { ...tools, alerts: { ...tools.alerts, jobs: () => [] } },
      { payload: {}, attempt: 1, signal: new AbortController().signal },
    )
    assert.equal((await server.mailTo('ada@example.org')).at(-1)?.subject, 'Rooms: all clear')
  })
})
