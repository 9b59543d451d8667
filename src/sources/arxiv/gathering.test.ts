import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { onEveryDatabase, openSqliteForTest } from '../../../tests/databases.ts'
import { gateTo } from '../../../tests/fake-arxiv/fortnight.ts'
import { announcementsOf, makePlan, type Plan, plannedEditions } from '../../../tests/fake-arxiv/plan.ts'
import { type FakeOptions, startFakeArxiv } from '../../../tests/fake-arxiv/server.ts'
import { record } from '../../../tests/papers.ts'
import { ada, seedPeople } from '../../../tests/people.ts'
import { createTestClock } from '../../../tests/wire.ts'
import type { Db } from '../../db/index.ts'
import { castVote } from '../../discussion/index.ts'
import { closeEditions, hotness, listPapers } from '../../feed/index.ts'
import { createPoliteClient } from '../../lib/polite-http/index.ts'
import { findPaper, type PaperId, upsertPapers } from '../../papers/index.ts'
import { arxivEditionFilter, changeArxiv, followedCategories } from '../configure-sources.ts'
import { gatheringStatus } from '../gathering-status.ts'
import {
  compareFeeds,
  compareIdentifiers,
  fetchPaperById,
  fillWanted,
  gatherDay,
  gatherOldDay,
  gatherPastDay,
  harvestAll,
  harvestChanges,
  healDays,
  resolveStarter,
  setOf,
} from './index.ts'

// One week in August, so that nothing depends on holidays. Lists turn at 00:12 UTC.
const plan = makePlan({ first: '2026-08-10', last: '2026-08-14', perDay: 12, seed: 7 })
const followed = ['cs.AI', 'cs.LG']
const evening = '2026-08-12T00:30:00.000Z'
const today = '2026-08-12'

async function arxivAt(t: TestContext, db: Db, start: string, more: Partial<FakeOptions> & { plan?: Plan } = {}) {
  const time = createTestClock(start)
  const server = await startFakeArxiv(t, more.plan ?? plan, { clock: time.clock, ...more })
  const http = createPoliteClient({ db, userAgent: 'Paperround/test', ...time, random: () => 0.5 })
  return { gate: gateTo(db, http, time.clock, server.url), time, server }
}
const dayRow = (db: Db, subject: string, day: string) =>
  db.selectFrom('gathered_day').selectAll().where('subject', '=', subject).where('day', '=', day).executeTakeFirst()
const countOf = (subject: string, day: string) =>
  announcementsOf(plan, subject, day).filter(({ kind }) => kind === 'new' || kind === 'cross').length
const editionDays = async (db: Db) => {
  const rows = await db
    .selectFrom('edition_entry')
    .innerJoin('paper', 'paper.id', 'edition_entry.paper_id')
    .select(['base_id', 'day'])
    .execute()
  return new Map(rows.map((row) => [row.base_id, row.day]))
}

onEveryDatabase("arXiv's day", (open) => {
  test('P11: an instance that wants no cross-lists lists what is new only; both are stored, and both counts are shown', async (t) => {
    const db = await open(t)
    if (!db) return
    const { gate } = await arxivAt(t, db, evening)
    await changeArxiv(db, { categories: followed, crossLists: false }, { actorId: 'ada', at: gate.clock() })
    await gatherDay(gate, { followed, isWanted: await arxivEditionFilter(db) })
    const fresh = new Set(
      followed.flatMap((one) =>
        announcementsOf(plan, one, today).flatMap(({ kind, paper }) => (kind === 'new' ? [paper.id] : [])),
      ),
    )
    assert.deepEqual([...(await editionDays(db)).keys()].toSorted(), [...fresh].toSorted())
    const [day] = (await gatheringStatus(db, gate.clock())).days
    for (const { subject, stored, kinds } of day?.subjects ?? []) {
      const count = (kind: string) => announcementsOf(plan, subject, today).filter((one) => one.kind === kind).length
      assert.equal(stored, countOf(subject, today))
      assert.deepEqual(kinds, { new: count('new'), cross: count('cross') })
    }
    assert.ok(followed.some((one) => announcementsOf(plan, one, today).some(({ kind }) => kind === 'cross')))
  })

  test('P12: a day is complete when what is stored is what arXiv declares; looking again asks nothing', async (t) => {
    const db = await open(t)
    if (!db) return
    const { gate, server } = await arxivAt(t, db, evening)
    const report = await gatherDay(gate, { followed })
    assert.deepEqual(
      report.subjects.map(({ state }) => state),
      ['complete', 'complete'],
    )
    assert.equal(report.again, undefined)
    for (const subject of followed) {
      const row = await dayRow(db, subject, today)
      assert.deepEqual(
        [row?.state, row?.declared, row?.stored],
        ['complete', countOf(subject, today), countOf(subject, today)],
      )
    }
    const asked = server.requests.length
    assert.deepEqual((await gatherDay(gate, { followed })).subjects, [])
    assert.equal(server.requests.length, asked)
    // Of this day alone: what was cross-listed today may have been new days ago, but that was not gathered here.
    const ofToday = { ...plan, labels: plan.labels.filter(({ day }) => day === today) }
    assert.deepEqual([...(await editionDays(db))].sort(), [...plannedEditions(ofToday, followed)].sort())
  })

  test('P28: the nightly harvest brings versions, licences and the sixth version; it is safe to run again', async (t) => {
    const db = await open(t)
    if (!db) return
    const { gate, time } = await arxivAt(t, db, evening)
    await gatherDay(gate, { followed })
    time.set('2026-08-12T03:00:00.000Z')
    const report = await harvestChanges(gate, followed)
    assert.equal(report.state, 'done')
    const stubs = await db.selectFrom('paper').select('id').where('submitted_at', 'is', null).execute()
    assert.deepEqual(stubs, [])
    assert.deepEqual(await db.selectFrom('arxiv_wanted').selectAll().execute(), [])
    const revisions = () => db.selectFrom('paper').select(['id', 'revision']).orderBy('id').execute()
    const before = await revisions()
    await harvestChanges(gate, followed)
    assert.deepEqual(await revisions(), before)
  })
})

onEveryDatabase('holes', (open) => {
  test('P11 P12: what no list and no harvest showed is found by comparing identifiers, counted, and healed', async (t) => {
    const db = await open(t)
    if (!db) return
    const holed = makePlan({ first: '2026-08-10', last: '2026-08-14', perDay: 12, seed: 7, leftOut: '2026-08-13' })
    const { gate, time, server } = await arxivAt(t, db, evening, { plan: holed, oaiPageSize: 5 })
    assert.match((await compareIdentifiers(gate, followed)).problem ?? '', /nothing was harvested/)
    for (const at of ['2026-08-12T03:00:00.000Z', '2026-08-13T03:00:00.000Z', '2026-08-14T03:00:00.000Z']) {
      await gatherDay(gate, { followed })
      time.set(at)
      await harvestChanges(gate, followed)
    }
    const lost = holed.papers.find(({ isLeftOut }) => isLeftOut)!.id
    const stored = async () => (await db.selectFrom('paper').select('base_id').execute()).map((row) => row.base_id)
    assert.ok(!(await stored()).includes(lost))
    const report = await compareIdentifiers(gate, followed)
    assert.deepEqual(
      report.subjects.map(({ subject, missing }) => [subject, missing]),
      [
        ['cs.AI', 1],
        ['cs.LG', 0],
      ],
    )
    assert.ok(
      report.subjects.every(({ listed }) => listed > 5),
      'several pages',
    )
    const holes = async () => (await gatheringStatus(db, gate.clock())).holes
    assert.deepEqual([(await holes())?.found, (await holes())?.missing], [1, 1])
    await fillWanted(gate)
    assert.ok((await stored()).includes(lost))
    assert.deepEqual([(await holes())?.found, (await holes())?.missing], [1, 0])
    // The next week finds nothing, and never asks for days whose records are not out.
    assert.ok((await compareIdentifiers(gate, followed)).subjects.every(({ missing }) => missing === 0))
    for (const { path } of server.requests.filter((one) => one.path.includes('ListIdentifiers')))
      assert.doesNotMatch(path, /until=2026-08-14/)
  })
})

test('a category as a set of the OAI server', () => {
  const sets = ['cs.LG', 'hep-lat', 'physics.flu-dyn', 'astro-ph.GA', 'math.NA', 'cs', 'astro-ph', 'cmp-lg']
  assert.deepEqual(sets.map(setOf), [
    'cs:cs:LG',
    'physics:hep-lat',
    'physics:physics:flu-dyn',
    'physics:astro-ph:GA',
    'math:math:NA',
    'cs',
    'physics:astro-ph',
    undefined,
  ])
})

test('P4: until the expected list is out the day is pending, then stale, and never empty', async (t) => {
  const db = await openSqliteForTest(t)
  const late = makePlan({ first: '2026-08-10', last: '2026-08-14', perDay: 12, seed: 7, late: { [today]: 400 } })
  const { gate, time } = await arxivAt(t, db, evening, { plan: late })
  const first = await gatherDay(gate, { followed })
  const row = () => dayRow(db, 'cs.AI', today)
  assert.equal((await row())?.state, 'pending')
  assert.match((await row())!.message!, /still shows the list of an earlier day \(2026-08-11\)/)
  assert.equal(
    (await dayRow(db, 'cs.AI', '2026-08-11'))?.state,
    'complete',
    'the older list is stored as the day it states',
  )
  assert.ok(first.again && first.again > time.clock())
  time.set('2026-08-12T04:30:00.000Z')
  await gatherDay(gate, { followed })
  assert.equal((await row())?.state, 'stale')
  time.set('2026-08-12T07:30:00.000Z')
  await gatherDay(gate, { followed })
  assert.equal((await row())?.state, 'complete')
})

test('scirate #480: a list that was not whole yet is looked at once more, and its papers come', async (t) => {
  const db = await openSqliteForTest(t)
  const whole = makePlan({ first: '2026-08-10', last: '2026-08-14', perDay: 12, seed: 7 })
  const served = { ...whole, papers: [...whole.papers] }
  const last = served.papers.findLast(
    ({ categories, versions }) => categories[0] === 'cs.AI' && versions[0]!.announcedOn === today,
  )!
  served.papers.splice(served.papers.indexOf(last), 1)
  const { gate, time, server } = await arxivAt(t, db, evening, { plan: served })
  await gatherDay(gate, { followed: ['cs.AI'] })
  assert.equal((await editionDays(db)).has(last.id), false)
  served.papers.push(last)
  const asked = server.requests.length
  time.set('2026-08-12T02:00:00.000Z')
  await gatherDay(gate, { followed: ['cs.AI'] })
  assert.equal(server.requests.length, asked)
  for (const at of ['2026-08-12T04:00:00.000Z', '2026-08-12T08:00:00.000Z']) {
    time.set(at)
    await gatherDay(gate, { followed: ['cs.AI'] })
  }
  assert.equal(server.requests.length, asked + 1, 'once')
  assert.equal((await editionDays(db)).get(last.id), today)
})

test('before 20:10 nothing is asked; a list is asked for once in twenty minutes', async (t) => {
  const db = await openSqliteForTest(t)
  const late = makePlan({ first: '2026-08-10', last: '2026-08-14', perDay: 12, seed: 7, late: { [today]: 60 } })
  const { gate, time, server } = await arxivAt(t, db, '2026-08-11T12:00:00.000Z', { plan: late })
  await gatherDay(gate, { followed })
  server.requests.length = 0
  for (const at of ['00:01', '00:09', '00:10', '00:20', '00:29', '00:31'] as const) {
    time.set(`2026-08-12T${at}:00.000Z`)
    await gatherDay(gate, { followed })
  }
  const times = server.requests
    .filter(({ path }) => path.includes('cs.AI'))
    .map(({ at }) => at.toISOString().slice(11, 16))
  assert.deepEqual(times, ['00:10', '00:31'])
})

test('P12: broken pages are broken, said so, and healed by the next look', async (t) => {
  const db = await openSqliteForTest(t)
  const { gate, time } = await arxivAt(t, db, evening, {
    faults: ({ service, count }) => (service === 'listing' && count === 1 ? { kind: 'error-page' } : undefined),
  })
  await gatherDay(gate, { followed: ['cs.AI'] })
  const row = await dayRow(db, 'cs.AI', today)
  assert.equal(row?.state, 'broken')
  assert.match(row!.message!, /it is no listing: it begins with "Rate exceeded/)
  time.set('2026-08-12T01:00:00.000Z')
  await gatherDay(gate, { followed: ['cs.AI'] })
  assert.equal((await dayRow(db, 'cs.AI', today))?.state, 'complete')
})

test('a list of several pages is one list, whichever sections a page leaves out', async (t) => {
  for (const pageEntries of [1, 2, 3, 5, 8]) {
    const db = await openSqliteForTest(t)
    const { gate, server } = await arxivAt(t, db, evening)
    await gatherDay({ ...gate, arxiv: { ...gate.arxiv, pageEntries } }, { followed: ['cs.AI'] })
    const row = await dayRow(db, 'cs.AI', today)
    assert.deepEqual([row?.state, row?.declared], ['complete', countOf('cs.AI', today)], `${pageEntries} to a page`)
    assert.ok(server.requests.length >= countOf('cs.AI', today) / pageEntries)
  }
})

test('P6: days missed while the program did not run are healed, oldest first, each in its edition', async (t) => {
  const db = await openSqliteForTest(t)
  const { gate, time } = await arxivAt(t, db, '2026-08-10T00:30:00.000Z')
  await gatherDay(gate, { followed })
  time.set('2026-08-14T01:00:00.000Z')
  await gatherDay(gate, { followed })
  const healed = await healDays(gate, { followed })
  assert.deepEqual([...new Set(healed.subjects.map(({ day }) => day))], ['2026-08-11', '2026-08-12', '2026-08-13'])
  const planned = plannedEditions(plan, followed)
  assert.deepEqual([...(await editionDays(db))].sort(), [...planned].sort())
})

test('P26: a paper listed late comes back to its day; one that somebody submitted stays where it was put', async (t) => {
  const db = await openSqliteForTest(t)
  const { gate, time } = await arxivAt(t, db, evening)
  const [first, second] = followed.flatMap((one) =>
    announcementsOf(plan, one, '2026-08-11').filter(({ kind }) => kind === 'new'),
  )
  for (const [line, origin] of [
    [first, 'gathered'],
    [second, 'submitted'],
  ] as const) {
    const [outcome] = await upsertPapers(
      db,
      [record({ identifiers: [{ source: 'arxiv', id: line!.paper.id }], title: line!.paper.versions[0]!.title })],
      time.clock(),
    )
    await listPapers(db, [{ paperId: outcome!.paperId, day: today }], origin, time.clock())
  }
  await gatherPastDay(gate, '2026-08-11', { followed })
  const days = await editionDays(db)
  assert.equal(days.get(first!.paper.id), '2026-08-11')
  assert.equal(days.get(second!.paper.id), today)
})

test('P26: a paper that is healed into its day after another day gave it a badge keeps the badge and its votes', async (t) => {
  const db = await openSqliteForTest(t)
  const { gate, time } = await arxivAt(t, db, evening)
  await seedPeople(db)
  const lost = announcementsOf(plan, 'cs.AI', '2026-08-11').find(({ kind }) => kind === 'new')!.paper
  const stub = record({ identifiers: [{ source: 'arxiv', id: lost.id }], title: lost.versions[0]!.title })
  const paperId = (await upsertPapers(db, [stub], time.clock()))[0]?.paperId as PaperId
  await listPapers(db, [{ paperId, day: today }], 'gathered', time.clock())
  await castVote(db, { paperId, personId: ada, at: time.clock() }, 'up', hotness)
  time.set('2026-08-16T12:00:00.000Z')
  assert.ok((await closeEditions(db, time.clock())).includes(today))
  const badges = () =>
    db
      .selectFrom('edition_badge')
      .select(['kind', 'key', 'rank'])
      .where('paper_id', '=', paperId)
      .orderBy('kind')
      .orderBy('key')
      .execute()
  const before = await badges()
  assert.ok(before.some(({ kind, key, rank }) => kind === 'day' && key === today && rank === 1))
  await gatherPastDay(gate, '2026-08-11', { followed })
  assert.equal((await editionDays(db)).get(lost.id), '2026-08-11')
  assert.deepEqual(await badges(), before, 'a day that is closed is not judged again')
  await closeEditions(db, time.clock())
  const own = (await badges()).find(({ kind, key }) => kind === 'day' && key === '2026-08-11')
  assert.equal(own?.rank, 1, 'and its own day judges it when it closes')
  const votes = await db.selectFrom('standing').select('upvotes').where('paper_id', '=', paperId).executeTakeFirst()
  assert.equal(votes?.upvotes, 1)
})

test('P29: a record with status "deleted" is a tombstone: the paper stays as it is, and nobody asks for it again', async (t) => {
  const db = await openSqliteForTest(t)
  const dying = makePlan({ first: '2026-08-10', last: '2026-08-14', perDay: 12, seed: 7 })
  const paper = dying.papers.find(
    ({ versions, categories }) => versions[0]!.announcedOn === today && categories[0] === 'cs.AI',
  )!
  paper.deletedOn = '2026-08-13'
  const { gate, time } = await arxivAt(t, db, evening, { plan: dying })
  await gatherDay(gate, { followed })
  const stored = async () => (await findPaper(db, { source: 'arxiv', id: paper.id }, today))?.state
  const before = await stored()
  assert.ok(before)
  time.set('2026-08-13T03:00:00.000Z')
  const report = await harvestChanges(gate, followed)
  assert.deepEqual([report.state, report.bad], ['done', 0])
  assert.deepEqual(await stored(), before)
  assert.deepEqual(await db.selectFrom('arxiv_wanted').selectAll().where('base_id', '=', paper.id).execute(), [])
  time.set('2026-08-14T03:00:00.000Z')
  await harvestChanges(gate, followed)
  assert.ok((await compareIdentifiers(gate, followed)).subjects.every(({ missing }) => missing === 0))
})

test('a paper by id: found at once, known the second time, unknown, or queued when arXiv does not answer', async (t) => {
  const db = await openSqliteForTest(t)
  let isOut = false
  const { gate, server, time } = await arxivAt(t, db, '2026-08-14T16:00:00.000Z', {
    faults: ({ service }) =>
      isOut && service === 'api' ? { kind: 'status', status: 503, retryAfter: '600' } : undefined,
  })
  const [one, two] = plan.papers as [(typeof plan.papers)[0], (typeof plan.papers)[0]]
  const first = await fetchPaperById(gate, `https://www.alphaxiv.org/overview/${one.id}v1`)
  assert.ok(first.kind === 'found' && first.isNew)
  const asked = server.requests.length
  assert.deepEqual(await fetchPaperById(gate, `arXiv:${one.id}`), { ...first, isNew: false })
  assert.equal(server.requests.length, asked)
  assert.equal((await fetchPaperById(gate, '2608.49999')).kind, 'unknown')
  assert.equal((await fetchPaperById(gate, 'https://example.org/paper')).kind, 'unknown')
  assert.equal(server.requests.length, asked + 2, 'the API, then the record itself')
  isOut = true
  const queued = await fetchPaperById(gate, two.id, { withinMs: 5_000 })
  assert.equal(queued.kind, 'queued')
  time.set('2026-08-14T17:00:00.000Z')
  await fillWanted(gate)
  assert.equal((await findPaper(db, { source: 'arxiv', id: two.id }, today))?.state.row.submitter, two.submitter)
})

test('a slow arXiv does not hold anybody for longer than allowed, and its answer is stored when it comes', async (t) => {
  const db = await openSqliteForTest(t)
  const answers = Promise.withResolvers<void>()
  const faults = () => ({ kind: 'hold', until: answers.promise }) as const
  const { gate } = await arxivAt(t, db, '2026-08-14T16:00:00.000Z', { faults })
  const id = plan.papers[0]!.id
  // The answer is held back until nobody waits for it any more.
  assert.equal((await fetchPaperById(gate, id, { withinMs: 20 })).kind, 'queued')
  answers.resolve()
  const isStored = async () => (await findPaper(db, { source: 'arxiv', id }, today)) !== undefined
  for (let tries = 0; tries < 6_000 && !(await isStored()); tries++) await sleep(10)
  assert.ok(await isStored())
})

test('starter papers: by id and by exact title, once each; a title that is only alike is left alone', async (t) => {
  const db = await openSqliteForTest(t)
  const { gate, server, time } = await arxivAt(t, db, '2026-08-14T16:00:00.000Z')
  const [withId, byTitle] = plan.papers.filter(({ versions }) => versions.length === 1)
  const summary = 'In our words.'
  const starters = [
    record({ identifiers: [{ source: 'arxiv', id: withId!.id }], title: withId!.versions[0]!.title, summary }),
    record({
      title: byTitle!.versions[0]!.title.toUpperCase().replace('\\"U', 'Ü').replace('\\ELL', '\\ell'),
      summary,
    }),
    record({ title: 'Paper 1 of 2026', summary }),
  ]
  const outcomes = await upsertPapers(db, starters, time.clock())
  await listPapers(
    db,
    outcomes.map(({ paperId }) => ({ paperId, day: '2026-08-13' })),
    'starter',
    time.clock(),
  )
  const report = await resolveStarter(gate)
  assert.deepEqual([report.resolved, report.missing, report.left], [2, 1, 0])
  for (const paper of [withId!, byTitle!]) {
    const found = await findPaper(db, { source: 'arxiv', id: paper.id }, today)
    assert.match(found!.state.row.abstract!, /We study problem/)
    assert.equal(found!.state.row.summary, summary)
  }
  const asked = server.requests.length
  await resolveStarter(gate)
  assert.equal(server.requests.length, asked)
})

test('while arXiv announces, its API is left alone', async (t) => {
  const db = await openSqliteForTest(t)
  const { gate, server, time } = await arxivAt(t, db, '2026-08-14T00:20:00.000Z')
  const [outcome] = await upsertPapers(db, [record({ title: 'A starter paper about nothing' })], time.clock())
  await listPapers(db, [{ paperId: outcome!.paperId, day: '2026-08-13' }], 'starter', time.clock())
  const report = await resolveStarter(gate)
  assert.equal(report.again?.toISOString(), '2026-08-14T01:00:00.000Z')
  assert.equal(server.requests.length, 0)
})

test('P5: a feed that lacks papers of the list is stale; papers that only it knows are fetched all the same', async (t) => {
  const db = await openSqliteForTest(t)
  const { gate, time } = await arxivAt(t, db, evening, {
    faults: ({ service }) => (service === 'feed' ? { kind: 'stale' } : undefined),
  })
  await gatherDay(gate, { followed: ['cs.AI'] })
  time.set('2026-08-12T06:00:00.000Z')
  const { subjects } = await compareFeeds(gate, ['cs.AI'])
  assert.equal(subjects[0]!.state, 'stale')
  assert.match(subjects[0]!.message, /lacks \d+ of the \d+ papers/)
  time.set('2026-08-12T08:00:00.000Z')
  await fillWanted(gate)
  const ofYesterday = announcementsOf(plan, 'cs.AI', '2026-08-11').filter(({ kind }) => kind === 'new')
  const found = await findPaper(db, { source: 'arxiv', id: ofYesterday[0]!.paper.id }, today)
  assert.equal(found?.state.row.announced_on, null, 'a feed is never trusted for the date')
  assert.equal((await editionDays(db)).get(ofYesterday[0]!.paper.id), undefined)
})

test('a full harvest stopped in the middle goes on with its token; a refused token begins anew near by', async (t) => {
  const db = await openSqliteForTest(t)
  let calls = 0
  const stop = new AbortController()
  const { gate, server } = await arxivAt(t, db, '2026-08-20T12:00:00.000Z', {
    oaiPageSize: 7,
    faults: ({ service, count }) =>
      service === 'oai' && count === 6 ? { kind: 'oai-error', code: 'badResumptionToken' } : undefined,
  })
  const paused = await harvestAll(
    { ...gate, signal: stop.signal },
    {
      onPage: () => {
        calls += 1
        if (calls === 3) stop.abort()
      },
    },
  )
  assert.deepEqual([paused.state, paused.pages], ['paused', 3])
  const done = await harvestAll(gate)
  assert.equal(done.state, 'done')
  const queries = server.requests.map(({ path }) => new URL(path, 'http://x').searchParams)
  assert.equal(queries.filter((query) => query.has('metadataPrefix')).length, 2, 'the beginning, and after the refusal')
  const { count } = await db
    .selectFrom('paper')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  assert.equal(Number(count), plan.papers.length)
})

test('a day older than catch-up is filled by dates of submission, and says so', async (t) => {
  const db = await openSqliteForTest(t)
  const { gate } = await arxivAt(t, db, '2026-12-20T12:00:00.000Z')
  const report = await gatherOldDay(gate, '2026-08-12', { followed })
  assert.equal(report.state, 'complete')
  assert.ok(report.added > 0)
  const rows = await db
    .selectFrom('edition_entry')
    .innerJoin('paper', 'paper.id', 'edition_entry.paper_id')
    .select(['base_id', 'day', 'announced_on'])
    .execute()
  const planned = plannedEditions(plan, followed)
  for (const row of rows) {
    assert.equal(row.day, '2026-08-12')
    assert.equal(planned.get(row.base_id), '2026-08-12')
    assert.equal(row.announced_on, null)
  }
  assert.match((await dayRow(db, 'cs.AI', '2026-08-12'))!.message!, /whose submission suggests it/)
})

test('P15, P19: a refusal by arXiv is on the status page and alarms; the last success is that of its lists', async (t) => {
  const db = await openSqliteForTest(t)
  let isRefusing = false
  const { gate, time } = await arxivAt(t, db, '2026-08-11T00:30:00.000Z', {
    faults: () => (isRefusing ? { kind: 'status', status: 403 } : undefined),
  })
  await gatherDay(gate, { followed: await followedCategories(db) })
  const arxiv = async () => {
    const { sources, incidents } = await gatheringStatus(db, time.clock())
    return { ...sources.find(({ name }) => name === 'arxiv')!, incidents }
  }
  const fine = await arxiv()
  assert.equal(fine.condition, 'fine')
  assert.match(fine.lastSuccess!, /^2026-08-11T00:/)
  assert.deepEqual(fine.incidents, [])
  isRefusing = true
  time.set(evening)
  await gatherDay(gate, { followed: await followedCategories(db) })
  const refused = await arxiv()
  assert.equal(refused.condition, 'blocked')
  assert.match(JSON.stringify(refused.incidents), /arXiv \(listing\) refuses our requests: .*403/)
})
