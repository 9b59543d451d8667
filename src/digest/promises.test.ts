import assert from 'node:assert/strict'
import { test } from 'node:test'
import { onEveryDatabase } from '../../tests/databases.ts'
import { clockAt, deliveryStates, digestTools, fillEdition, subscribed } from '../../tests/digests.ts'
import { type MailServer, startMailServer } from '../../tests/mail-server.ts'
import { arxiv, record } from '../../tests/papers.ts'
import { ada, ben, seedPeople } from '../../tests/people.ts'
import { openSearchForTest } from '../../tests/search.ts'
import { castVote } from '../discussion/index.ts'
import { hotness, joinPapers, listPapers, pickPaper, placePaper } from '../feed/index.ts'
import { type PaperId, upsertPapers } from '../papers/index.ts'
import { digestStatus, runDigests, type SubscriptionSettings, searchFinder, takeReturn } from './index.ts'

const worker = 'test'
const eve = new Date('2026-03-01T12:00:00Z')
const at = (instant: string) => new Date(instant)

/** The papers of all mails to an address, by their addresses, a list for each mail. */
async function papersOf(server: MailServer, email: string): Promise<string[][]> {
  const mails = await server.mailTo(email)
  return mails.map(({ text = '' }) =>
    [...text.matchAll(/papers\.example\.org\/papers\/(\d+\.\d+)$/gm)].map(([, id]) => id as string),
  )
}

onEveryDatabase('what a digest promises', (open) => {
  test('P41: a mail that cannot be sent for twelve hours is given up, and its papers come with the next one, once', async (t) => {
    const db = await open(t)
    if (!db) return
    const server = await startMailServer(t)
    const broken = await startMailServer(t, { connect: () => 'drop' })
    await fillEdition(db, '2026-03-02', 2)
    await fillEdition(db, '2026-03-03', 2)
    await fillEdition(db, '2026-03-04', 1)
    await subscribed(db, 'ada@example.org', {}, eve)
    await subscribed(db, 'ben@example.org', { want: { kind: 'categories', categories: ['cs.CL', 'cs.LG'] } }, eve)
    const clock = clockAt('2026-03-02T07:00:00Z')
    const down = digestTools(t, db, broken, clock)
    const up = { ...down, mailer: digestTools(t, db, server, clock).mailer }
    for (const hour of ['07:00', '12:00', '18:59', '19:01']) {
      clock.now = at(`2026-03-02T${hour}:00Z`)
      await runDigests(down, { worker })
    }
    assert.match((await deliveryStates(db)).join('\n'), /ada@.* 2026-03-02: skipped \(too late: .*\)\nben@.*too late/)
    clock.now = at('2026-03-03T07:00:00Z')
    await runDigests(up, { worker })
    clock.now = at('2026-03-04T07:00:00Z')
    await runDigests(up, { worker })
    const both = ['2603.02000', '2603.02001', '2603.03000', '2603.03001']
    for (const email of ['ada@example.org', 'ben@example.org']) {
      const [first = [], second = []] = await papersOf(server, email)
      assert.deepEqual([first.toSorted(), second], [both, ['2603.04000']], email)
    }
    assert.equal((await server.mailTo('ada@example.org'))[0]?.subject, 'Daily papers, 2–3 March: 4 papers')
  })

  test('a day that is not complete at its deadline goes out with a notice, and the rest comes with the next mail', async (t) => {
    const db = await open(t)
    if (!db) return
    const server = await startMailServer(t)
    await fillEdition(db, '2026-03-02', 2)
    await subscribed(db, 'ada@example.org', {}, eve)
    const clock = clockAt('2026-03-02T07:00:00Z')
    const isDayComplete = async (day: string) => day !== '2026-03-02' || clock.now > at('2026-03-02T12:00:00Z')
    const tools = digestTools(t, db, server, clock, { isDayComplete })
    for (const time of ['07:00', '09:59']) {
      clock.now = at(`2026-03-02T${time}:00Z`)
      await runDigests(tools, { worker })
    }
    assert.equal(server.delivered.length, 0, 'it waits')
    clock.now = at('2026-03-02T10:00:00Z')
    await runDigests(tools, { worker })
    const [mail] = await server.mailTo('ada@example.org')
    assert.match((mail?.text ?? '').replaceAll('\n', ' '), /The list of .* had not arrived completely/)
    assert.match(String(mail?.html), /had not arrived completely/)
    await fillEdition(db, '2026-03-02', 3, at('2026-03-02T11:00:00Z'))
    await fillEdition(db, '2026-03-03', 1)
    clock.now = at('2026-03-03T07:00:00Z')
    await runDigests(tools, { worker })
    const [first, second] = await papersOf(server, 'ada@example.org')
    assert.deepEqual(first, ['2603.02000', '2603.02001'])
    assert.deepEqual(second?.toSorted(), ['2603.02002', '2603.03000'])
    assert.doesNotMatch((await server.mailTo('ada@example.org'))[1]?.text ?? '', /had not arrived/)
  })

  test('P6: a paper of a past day that is found after its mail comes with the next one', async (t) => {
    const db = await open(t)
    if (!db) return
    const server = await startMailServer(t)
    await fillEdition(db, '2026-03-02', 2)
    await subscribed(db, 'ada@example.org', { hour: 14 }, eve)
    const clock = clockAt('2026-03-02T14:00:00Z')
    const tools = digestTools(t, db, server, clock)
    await runDigests(tools, { worker })
    await fillEdition(db, '2026-03-02', 3, at('2026-03-03T04:00:00Z'))
    await fillEdition(db, '2026-03-03', 1)
    clock.now = at('2026-03-03T14:00:00Z')
    await runDigests(tools, { worker })
    const [first, second] = await papersOf(server, 'ada@example.org')
    assert.deepEqual(first, ['2603.02000', '2603.02001'])
    assert.deepEqual(second?.toSorted(), ['2603.02002', '2603.03000'])
  })

  test('a mail that cannot be made fails its issue before anybody gets it; what it had comes when it can be made', async (t) => {
    const db = await open(t)
    if (!db) return
    const server = await startMailServer(t)
    await fillEdition(db, '2026-03-02', 2)
    await fillEdition(db, '2026-03-03', 1)
    const cl = { kind: 'categories' as const, categories: ['cs.CL'] }
    for (const name of ['ada', 'ben']) await subscribed(db, `${name}@example.org`, {}, eve)
    await subscribed(db, 'chen@example.org', { want: cl }, eve)
    const clock = clockAt('2026-03-02T07:00:00Z')
    const tools = digestTools(t, db, server, clock)
    // Templates cannot write a link for such an address.
    await runDigests({ ...tools, site: { ...tools.site, baseUrl: 'papers without a scheme' } }, { worker })
    assert.equal(server.delivered.length, 0)
    assert.deepEqual(
      await deliveryStates(db),
      ['ada', 'ben', 'chen'].map((name) => `${name}@example.org 2026-03-02: skipped (the issue could not be made)`),
    )
    const status = await digestStatus(db, clock.now)
    assert.equal(status.isWell, false)
    assert.match(status.lines.join('\n'), /edition 2026-03-02: .*FAILED: .*Invalid URL/)
    clock.now = at('2026-03-03T07:00:00Z')
    await runDigests(tools, { worker })
    assert.deepEqual((await papersOf(server, 'ben@example.org'))[0]?.toSorted(), [
      '2603.02000',
      '2603.02001',
      '2603.03000',
    ])
    assert.deepEqual((await papersOf(server, 'chen@example.org'))[0]?.toSorted(), ['2603.02000', '2603.03000'])
  })

  test('suppressed, paused, deleted between plan and claim: nothing goes out, and a row says why while there is one', async (t) => {
    const db = await open(t)
    if (!db) return
    const [broken, server] = [await startMailServer(t, { connect: () => 'drop' }), await startMailServer(t)]
    await fillEdition(db, '2026-03-02', 2)
    const names = ['ada', 'ben', 'chen', 'dora']
    for (const name of names) await subscribed(db, `${name}@example.org`, {}, eve)
    const clock = clockAt('2026-03-02T07:00:00Z')
    await runDigests(digestTools(t, db, broken, clock), { worker })
    assert.equal((await deliveryStates(db)).filter((line) => line.endsWith(': planned')).length, 4)
    await takeReturn(db, { kind: 'complaint', address: 'ada@example.org', evidence: 'spam' }, clock.now)
    const ofBen = db.selectFrom('subscriber').select('id').where('email', '=', 'ben@example.org')
    await db.updateTable('subscription').set({ state: 'paused' }).where('subscriber_id', 'in', ofBen).execute()
    await db.deleteFrom('subscriber').where('email', '=', 'chen@example.org').execute()
    clock.now = at('2026-03-02T08:00:00Z')
    await runDigests(digestTools(t, db, server, clock), { worker })
    assert.deepEqual(
      server.delivered.map(({ to }) => to),
      ['dora@example.org'],
    )
    assert.deepEqual(await deliveryStates(db), [
      'ada@example.org 2026-03-02: skipped (suppressed: complaint)',
      'ben@example.org 2026-03-02: skipped (paused)',
      'dora@example.org 2026-03-02: sent',
    ])
  })

  test('P6 a paper comes once ever: joined with another, moved to another day, listed after its day’s mail', async (t) => {
    const db = await open(t)
    if (!db) return
    await seedPeople(db)
    const server = await startMailServer(t)
    const [, moved] = await fillEdition(db, '2026-03-02', 3)
    await subscribed(db, 'ada@example.org', {}, eve)
    await subscribed(db, 'short@example.org', { length: 1 }, eve)
    await subscribed(db, 'cats@example.org', { want: { kind: 'categories', categories: ['cs.CL', 'cs.SD'] } }, eve)
    const clock = clockAt('2026-03-02T07:00:00Z')
    const tools = digestTools(t, db, server, clock)
    await runDigests(tools, { worker })

    // The same paper arrives from elsewhere, and turns out to be the first one.
    const [copy] = await upsertPapers(
      db,
      [
        record({
          title: 'Paper 1, as published',
          identifiers: [{ source: 'doi', id: '10.1000/one' }],
          authors: [{ name: 'Ada Byron' }],
          categories: ['cs.SD'],
          announcedOn: '2026-03-03',
        }),
      ],
      at('2026-03-03T02:00:00Z'),
    )
    const copyId = copy!.paperId
    await listPapers(db, [{ paperId: copyId, day: '2026-03-03' }], 'import', at('2026-03-03T02:00:00Z'))
    const sunday = record({ title: 'A paper of Sunday', identifiers: [arxiv('2603.01000')], categories: ['cs.CV'] })
    const [{ paperId: late } = {}] = await upsertPapers(db, [sunday], at('2026-03-02T15:00:00Z'))
    await listPapers(db, [{ paperId: late!, day: '2026-03-02' }], 'submitted', at('2026-03-02T15:00:00Z'))
    const first = (
      await db
        .selectFrom('paper_identifier')
        .select('paper_id')
        .where('id', '=', '2603.02000')
        .executeTakeFirstOrThrow()
    ).paper_id as PaperId
    await db
      .insertInto('merge_candidate')
      .values({
        one_id: Math.min(first, copyId),
        other_id: Math.max(first, copyId),
        reason: 'title',
        found_at: clock.now.toISOString(),
      } as never)
      .execute()
    assert.equal((await joinPapers(db, at('2026-03-03T03:00:00Z'))).joined, 1)
    const change = { actorId: ada, at: at('2026-03-03T04:00:00Z') }
    await placePaper(db, moved!, '2026-03-03', change)
    await fillEdition(db, '2026-03-03', 2)

    clock.now = at('2026-03-03T07:00:00Z')
    await runDigests(tools, { worker })
    const lists = await papersOf(server, 'ada@example.org')
    assert.deepEqual(lists[0]?.toSorted(), ['2603.02000', '2603.02001', '2603.02002'])
    assert.deepEqual(lists[1]?.toSorted(), ['2603.01000', '2603.03000', '2603.03001'])
    assert.match((await server.mailTo('ada@example.org'))[1]?.text ?? '', /Joined the edition of Monday, 2 March/)
    const cats = (await papersOf(server, 'cats@example.org')).flat()
    assert.equal(new Set(cats).size, cats.length, cats.join())
    const short = await papersOf(server, 'short@example.org')
    assert.deepEqual(short, [['2603.02000'], ['2603.02001']], 'who was not shown it then gets it where it was moved to')
  })

  test('each kind of subscription brings what it promises, best first and each paper once', async (t) => {
    const db = await open(t)
    if (!db) return
    await seedPeople(db)
    const server = await startMailServer(t)
    const monday = await fillEdition(db, '2026-03-02', 6)
    await db
      .insertInto('submission')
      .values({ paper_id: monday[5]!, person_id: ben, submitted_at: '2026-03-02T05:00:00.000Z' } as never)
      .execute()
    const vote = (paperId: PaperId) =>
      castVote(db, { paperId, personId: ben, at: at('2026-03-02T05:00:00Z') }, 'up', hotness)
    await vote(monday[3]!)
    await pickPaper(db, monday[1]!, 'picked', { actorId: ada, at: at('2026-03-02T05:00:00Z') })
    await using search = await openSearchForTest(t, db)
    const finder = searchFinder(async (work) => work(await search.index()))
    const wants: Record<string, Partial<SubscriptionSettings>> = {
      top: { want: { kind: 'edition' }, length: 2 },
      trending: { want: { kind: 'trending' }, length: 3 },
      categories: { want: { kind: 'categories', categories: ['cs.LG'] } },
      authors: { want: { kind: 'authors', authors: ['Author 3'] } },
      search: { want: { kind: 'search', query: 'author:"Author 5"' } },
      similar: { want: { kind: 'similar', papers: ['2603.02000'] }, length: 3 },
      editors: { want: { kind: 'picks', who: 'editors' } },
      person: { want: { kind: 'picks', who: ben, name: 'Ben Okri' } },
    }
    for (const [name, settings] of Object.entries(wants)) await subscribed(db, `${name}@example.org`, settings, eve)
    const clock = clockAt('2026-03-02T07:00:00Z')
    const tools = digestTools(t, db, server, clock, { finder })
    await runDigests(tools, { worker })
    const got = Object.fromEntries(
      await Promise.all(Object.keys(wants).map(async (name) => [name, await papersOf(server, `${name}@example.org`)])),
    )
    const { similar, trending, ...exact } = got
    assert.deepEqual(exact, {
      top: [['2603.02003', '2603.02000']],
      categories: [['2603.02003', '2603.02001', '2603.02005']],
      authors: [['2603.02002']],
      search: [['2603.02004']],
      editors: [['2603.02001']],
      person: [['2603.02005']],
    })
    assert.deepEqual([trending[0].length, trending[0][0]], [3, '2603.02003'])
    assert.ok(similar[0].length === 3 && !similar[0].includes('2603.02000'), 'like it, not itself')
    const subjects = await Promise.all(
      ['top', 'categories', 'authors', 'editors'].map(
        async (name) => (await server.mailTo(`${name}@example.org`))[0]?.subject,
      ),
    )
    assert.deepEqual(subjects, [
      'Daily papers, Mon 2 March: 2 papers',
      'New in cs.LG, Mon 2 March: 3 papers',
      'New by Author 3, Mon 2 March: 1 paper',
      'Picks of the editors, Mon 2 March: 1 paper',
    ])

    assert.match((await server.mailTo('person@example.org'))[0]?.subject ?? '', /Ben Okri, Mon 2 March: 1 paper$/)

    // Picked in the afternoon, after the day's mail: tomorrow's brings it, and nothing twice.
    await pickPaper(db, monday[4]!, 'picked', { actorId: ada, at: at('2026-03-02T15:00:00Z') })
    await fillEdition(db, '2026-03-03', 2)
    await search.caughtUp()
    clock.now = at('2026-03-03T07:00:00Z')
    await runDigests(tools, { worker })
    assert.deepEqual(await papersOf(server, 'editors@example.org'), [['2603.02001'], ['2603.02004']])
    for (const name of Object.keys(wants)) {
      const all = (await papersOf(server, `${name}@example.org`)).flat()
      assert.equal(new Set(all).size, all.length, `${name}: ${all}`)
    }
    assert.deepEqual(
      (await deliveryStates(db)).filter((line) => line.includes('person@')),
      [
        'person@example.org 2026-03-02: sent',
        'person@example.org 2026-03-03: skipped (no papers: nothing new for this subscription)',
      ],
    )
  })
})
