import assert from 'node:assert/strict'
import { test } from 'node:test'
import { onEveryDatabase } from '../../tests/databases.ts'
import { arxiv, record } from '../../tests/papers.ts'
import { ada, ben, chen, seedPeople } from '../../tests/people.ts'
import { fc } from '../../tests/property.ts'
import { type Db, findJob } from '../db/index.ts'
import { castVote } from '../discussion/index.ts'
import { cardsOf, findPaper, type PaperRecord, paperPath, relatedCards, upsertPapers } from '../papers/index.ts'
import { hotness, joinPapers, listPapers } from './index.ts'

const monday = new Date('2026-03-02T17:00:00.000Z')
const tuesday = new Date('2026-03-03T17:00:00.000Z')
const today = '2026-03-03'

const store = async (db: Db, one: PaperRecord, now = monday) => (await upsertPapers(db, [one], now))[0]!.paperId
const vote = (db: Db, paperId: Awaited<ReturnType<typeof store>>, personId: string) =>
  castVote(db, { paperId, personId, at: monday }, 'up', hotness)
const count = async (db: Db) => (await db.selectFrom('paper').select('id').execute()).length

const titleOnly = record({ title: 'Rooms that listen to people' })
const preprint = record({
  title: 'Rooms That Listen to People',
  identifiers: [arxiv('2603.00001')],
  authors: [{ name: 'Ada Byron' }, { name: 'Ben Okri' }],
  abstract: 'They listen.',
  categories: ['cs.SD'],
})
const renamed = record({
  ...preprint,
  title: 'Listening rooms, revisited',
  isTruth: true,
  versions: [{ version: 1 }, { version: 2 }],
})
const venueCopy = record({
  title: 'Listening Rooms, Revisited',
  identifiers: [
    { source: 'acl', id: '2026.rooms-long.1' },
    { source: 'doi', id: '10.18653/v1/2026.rooms-long.1' },
  ],
  authors: [{ name: 'A. Byron' }],
  journalRef: 'Proceedings of Rooms',
})

onEveryDatabase('two stored papers that turn out to be one', (open) => {
  test('P26 votes, submissions and addresses of both survive; the earlier day stays; the old addresses lead on', async (t) => {
    const db = await open(t)
    if (!db) return
    await seedPeople(db)
    const first = await store(db, preprint)
    const second = await store(db, venueCopy)
    assert.notEqual(first, second)
    await listPapers(db, [{ paperId: second, day: '2026-03-02' }], 'gathered', monday)
    await listPapers(db, [{ paperId: first, day: '2026-03-03' }], 'gathered', tuesday)
    for (const [paper, person] of [
      [first, ada],
      [first, ben],
      [second, ben],
      [second, chen],
    ] as const)
      await vote(db, paper, person)
    await db
      .insertInto('submission')
      .values([{ paper_id: second, person_id: chen, comment: 'good', submitted_at: monday.toISOString() }])
      .execute()

    await store(db, renamed, tuesday)
    assert.equal((await findJob(db, 'merge-papers'))?.state, 'waiting', 'a job was asked for in the same transaction')
    assert.deepEqual(await joinPapers(db, tuesday), { joined: 1, hasMore: false })
    assert.deepEqual(await joinPapers(db, tuesday), { joined: 0, hasMore: false })

    assert.equal(await count(db), 1)
    const [card] = await cardsOf(db, [first], today)
    assert.equal(card?.upvotes, 3, 'Ada, Ben and Chen, Ben once')
    assert.equal(card?.listing?.day, '2026-03-02')
    assert.equal(card?.path, '/papers/2603.00001')
    const submissions = await db.selectFrom('submission').select(['paper_id', 'person_id']).execute()
    assert.deepEqual(
      submissions.map((row) => ({ ...row })),
      [{ paper_id: first, person_id: chen }],
    )
    for (const identifier of venueCopy.identifiers) {
      const found = await findPaper(db, identifier, today)
      assert.equal(
        found && paperPath({ source: found.state.row.source, id: found.state.row.base_id }),
        '/papers/2603.00001',
      )
      assert.equal(found?.state.row.journal_ref, 'Proceedings of Rooms', 'the venue copy is linked, not lost')
    }
    const changes = await db.selectFrom('paper_change').select('paper_id').execute()
    assert.ok(
      changes.some(({ paper_id }) => paper_id === second),
      'what is gone leaves the search index',
    )
  })

  test('P28 a replaced title is followed, and records that know the old one still find the paper', async (t) => {
    const db = await open(t)
    if (!db) return
    const paper = await store(db, preprint)
    await store(db, renamed, tuesday)
    const [card] = await cardsOf(db, [paper], today)
    assert.equal(card?.title, 'Listening rooms, revisited')
    assert.equal(await store(db, titleOnly, tuesday), paper)
    assert.equal(
      await store(db, record({ title: 'Rooms that listen to people', authors: [{ name: 'Ada Byron' }] }), tuesday),
      paper,
    )
    assert.equal(await count(db), 1)
  })

  test('one record that names two stored papers joins them, when title or first author agree', async (t) => {
    const db = await open(t)
    if (!db) return
    const first = await store(db, preprint)
    await store(db, venueCopy)
    await store(
      db,
      record({
        title: 'Rooms',
        identifiers: [arxiv('2603.00001'), ...venueCopy.identifiers],
        authors: [{ name: 'Ada Byron' }],
      }),
    )
    await joinPapers(db, monday)
    assert.equal(await count(db), 1)
    assert.equal((await findPaper(db, venueCopy.identifiers[0]!, today))?.state.id, first)
  })

  test('papers of other people that a record names together stay two, linked to each other', async (t) => {
    const db = await open(t)
    if (!db) return
    const first = await store(db, preprint)
    const other = await store(
      db,
      record({
        title: 'An erratum by somebody else',
        identifiers: [{ source: 'doi', id: '10.5555/e.1' }],
        authors: [{ name: 'Zoe Null' }],
      }),
    )
    await store(db, record({ ...preprint, identifiers: [arxiv('2603.00001'), { source: 'doi', id: '10.5555/e.1' }] }))
    await joinPapers(db, monday)
    assert.equal(await count(db), 2)
    assert.deepEqual(
      (await relatedCards(db, first, today)).map(({ id }) => id),
      [other],
    )
    assert.deepEqual(
      (await relatedCards(db, other, today)).map(({ id }) => id),
      [first],
    )
  })

  test('two arXiv papers are two, whatever a record says and however equal their titles are', async (t) => {
    const db = await open(t)
    if (!db) return
    await store(db, preprint)
    await store(db, record({ ...preprint, identifiers: [arxiv('2603.00009')] }))
    await store(db, record({ ...preprint, identifiers: [arxiv('2603.00001'), arxiv('2603.00009')] }))
    await joinPapers(db, monday)
    assert.equal(await count(db), 2)
  })

  test('a preprint of bioRxiv and its journal copy have two DOIs and are one work', async (t) => {
    const db = await open(t)
    if (!db) return
    const copy = (id: string) =>
      record({
        title: 'Rooms in which mice listen',
        identifiers: [{ source: 'doi', id }],
        authors: [{ name: 'José García' }],
      })
    const first = await store(db, copy('10.1101/2026.02.27.123456'))
    assert.equal(await store(db, copy('10.5555/journal.rooms.7')), first)
    assert.notEqual(await store(db, copy('10.5555/another.rooms.8')), first, 'two journal papers')
  })

  test('three that are one, found in pairs, become one', async (t) => {
    const db = await open(t)
    if (!db) return
    const copy = (source: string, id: string, title: string) =>
      record({ title, identifiers: [{ source, id }], authors: [{ name: 'Ada Byron' }] })
    const all = [
      copy('arxiv', '2603.00021', 'First title of rooms'),
      copy('acl', '2026.x-y.1', 'Second title of rooms'),
      copy('openreview', 'abcd1234', 'Third title of rooms'),
    ]
    for (const one of all) await store(db, one)
    await store(db, record({ ...all[0]!, identifiers: [...all[0]!.identifiers, ...all[1]!.identifiers] }))
    await store(db, record({ ...all[1]!, identifiers: [...all[1]!.identifiers, ...all[2]!.identifiers] }))
    await joinPapers(db, monday)
    assert.equal(await count(db), 1)
  })
})

// Works that differ in title and first author, each known to several sources by a part of what there is to know.
const people = [ada, ben, chen]
const authorsOf = ['Ada Byron', 'Ben Okri', 'Chen Wei', 'Zoe Null']
function recordsOf(work: number): PaperRecord[] {
  const author = authorsOf[work]!
  const title = `Work number ${work} on rooms and walls`
  const laterTitle = `Revisiting walls, part ${work}`
  const id = arxiv(`2603.1000${work}`)
  const acl = { source: 'acl', id: `2026.rooms-long.${work}` }
  const doi = { source: 'doi', id: `10.18653/v1/2026.rooms-long.${work}` }
  return [
    record({ title }),
    record({ title: title.toUpperCase(), authors: [{ name: author }], summary: 'Short.' }),
    record({ title, identifiers: [id], authors: [{ name: author }], categories: ['cs.SD'] }),
    record({
      title: laterTitle,
      identifiers: [id],
      authors: [{ name: author }],
      isTruth: true,
      versions: [{ version: 2 }],
    }),
    record({ title: laterTitle, identifiers: [acl, doi], authors: [{ name: author }] }),
    record({ title: `${laterTitle}: a study`, identifiers: [doi, id], authors: [{ name: author }] }),
  ]
}

onEveryDatabase('P26 the order in which records arrive', (open) => {
  test('makes no difference: the same papers, ids, votes and days', async (t) => {
    const db = await open(t)
    if (!db) return
    await seedPeople(db)
    const works = [0, 1, 2]
    const arrivals = works.flatMap((work) => recordsOf(work).map((one, index) => ({ work, index, one })))
    const runs = Number(process.env.PAPERROUND_TEST_MERGE_RUNS ?? 12)
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(arrivals, { minLength: arrivals.length, maxLength: arrivals.length }),
        fc.infiniteStream(
          fc.record({ voter: fc.constantFrom(...people), joins: fc.boolean(), batch: fc.integer({ min: 1, max: 5 }) }),
        ),
        async (order, choices) => {
          await db.deleteFrom('merge_candidate').execute()
          await db.deleteFrom('paper_author').execute()
          await db.deleteFrom('paper_category').execute()
          await db.deleteFrom('paper').execute()
          const voters = new Map(works.map((work) => [work, new Set<string>()]))
          const firstDay = new Map<number, string>()
          for (let at = 0; at < order.length; ) {
            const { voter, joins, batch } = choices.next().value
            const some = order.slice(at, at + batch)
            at += batch
            const stored = await upsertPapers(
              db,
              some.map(({ one }) => one),
              monday,
            )
            for (const [index, { work }] of some.entries()) {
              const paperId = stored[index]!.paperId
              const day = `2026-03-${String(2 + (at % 20)).padStart(2, '0')}`
              await listPapers(db, [{ paperId, day }], 'gathered', monday)
              await vote(db, paperId, voter)
              voters.get(work)?.add(voter)
              if (!firstDay.has(work) || day < firstDay.get(work)!) firstDay.set(work, day)
            }
            if (joins) await joinPapers(db, monday)
          }
          await joinPapers(db, monday)
          assert.equal(await count(db), works.length)
          for (const work of works) {
            const found = await findPaper(db, arxiv(`2603.1000${work}`), today)
            const named = found?.state.identifiers
              .filter(({ source }) => source !== 'title')
              .map(({ source }) => source)
            assert.deepEqual(named?.toSorted(), ['acl', 'arxiv', 'doi'])
            assert.equal(found?.state.row.title, `Revisiting walls, part ${work}`)
            const rows = await db
              .selectFrom('vote')
              .select('person_id')
              .where('paper_id', '=', found!.state.id!)
              .execute()
            assert.deepEqual(new Set(rows.map(({ person_id }) => person_id)), voters.get(work))
            assert.equal(found?.card.upvotes, voters.get(work)?.size)
            assert.ok(found?.card.listing && found.card.listing.day >= firstDay.get(work)!)
          }
        },
      ),
      { numRuns: runs },
    )
  })
})
