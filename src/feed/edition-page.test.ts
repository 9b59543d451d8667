import assert from 'node:assert/strict'
import { test } from 'node:test'
import { onEveryDatabase } from '../../tests/databases.ts'
import { arxiv, record, withdrawn, zero } from '../../tests/papers.ts'
import { ada, ben, chen, seedPeople } from '../../tests/people.ts'
import { fc } from '../../tests/property.ts'
import { type Db, queryPlan, refreshStatistics } from '../db/index.ts'
import { castVote } from '../discussion/index.ts'
import { type PaperId, upsertPapers } from '../papers/index.ts'
import { editionPage, hotness, latestPeriod, listPapers, parsePeriod, trendingPage } from './index.ts'
import { dayQuery, trendingQuery } from './queries.ts'

const now = new Date('2026-03-04T15:00:00.000Z')

async function manyPapers(db: Db, count: number): Promise<PaperId[]> {
  const records = Array.from({ length: count }, (_, n) =>
    record({
      identifiers: [arxiv(`2603.${String(n + 1).padStart(5, '0')}`)],
      title: `Paper number ${n} of the long day`,
      authors: [{ name: 'Ada Byron' }],
    }),
  )
  return (await upsertPapers(db, records, now)).map((one) => one.paperId)
}

async function whole(
  page: (after?: string) => Promise<{ cards: { id: PaperId }[]; next?: string }>,
): Promise<PaperId[]> {
  const ids: PaperId[] = []
  let current = await page()
  for (;;) {
    ids.push(...current.cards.map((card) => card.id))
    if (!current.next) return ids
    current = await page(current.next)
  }
}

onEveryDatabase('editions', (open) => {
  test('a day is ordered by upvotes, then by placement; all its pages joined are the whole', async (t) => {
    const db = await open(t)
    if (!db) return
    await seedPeople(db)
    const ids = await manyPapers(db, 37)
    await listPapers(
      db,
      ids.map((paperId) => ({ paperId, day: '2026-03-03' })),
      'import',
      now,
    )
    const vote = (paperId: PaperId, personId: string) => castVote(db, { paperId, personId, at: now }, 'up', hotness)
    await vote(ids[20]!, ada)
    await vote(ids[20]!, ben)
    await vote(ids[5]!, chen)
    const day = parsePeriod('day', '2026-03-03')!
    const expected = [ids[20], ids[5], ...ids.filter((id) => id !== ids[20] && id !== ids[5])]
    for (const limit of [1, 7, 36, 37, 100])
      assert.deepEqual(await whole((after) => editionPage(db, day, { limit, after }, now)), expected, `limit ${limit}`)
    const week = parsePeriod('week', '2026-W10')!
    assert.deepEqual(await whole((after) => editionPage(db, week, { limit: 10, after }, now)), expected)
    assert.deepEqual(
      await whole((after) => trendingPage(db, { limit: 8, after }, now)).then((found) => found.slice(0, 2)),
      [ids[20], ids[5]],
    )
    assert.equal((await whole((after) => trendingPage(db, { limit: 8, after }, now))).length, 37)
  })

  test('pages joined equal the whole for any votes and any page size', async (t) => {
    const db = await open(t)
    if (!db) return
    const ids = await manyPapers(db, 25)
    await listPapers(
      db,
      ids.map((paperId, n) => ({ paperId, day: n % 3 ? '2026-03-03' : '2026-03-02' })),
      'import',
      now,
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 25, maxLength: 25 }),
        fc.integer({ min: 1, max: 26 }),
        async (votes, limit) => {
          for (const [n, paper_id] of ids.entries())
            await db.updateTable('standing').set({ upvotes: votes[n]! }).where('paper_id', '=', paper_id).execute()
          const rows = await db.selectFrom('standing').selectAll().execute()
          const slow = rows.sort(
            (a, b) =>
              b.upvotes - a.upvotes ||
              b.comments - a.comments ||
              (a.day! < b.day! ? 1 : a.day! > b.day! ? -1 : 0) ||
              a.placement - b.placement ||
              a.paper_id - b.paper_id,
          )
          const month = parsePeriod('month', '2026-03')!
          assert.deepEqual(
            await whole((after) => editionPage(db, month, { limit, after }, now)),
            slow.map((row) => row.paper_id),
          )
        },
      ),
      { numRuns: 15 },
    )
  })

  test('a paper is listed once: its first day stays', async (t) => {
    const db = await open(t)
    if (!db) return
    const [paperId] = await manyPapers(db, 1)
    assert.equal(
      await listPapers(
        db,
        [
          { paperId: paperId!, day: '2026-03-02' },
          { paperId: paperId!, day: '2026-03-03' },
        ],
        'import',
        now,
      ),
      1,
    )
    assert.equal(await listPapers(db, [{ paperId: paperId!, day: '2026-03-04' }], 'import', now), 0)
    assert.equal((await editionPage(db, parsePeriod('day', '2026-03-02')!, { limit: 10 }, now)).paperCount, 1)
  })

  test('an empty Saturday says why and leads to the Friday with papers; the future is not offered', async (t) => {
    const db = await open(t)
    if (!db) return
    const ids = await manyPapers(db, 2)
    await listPapers(
      db,
      [
        { paperId: ids[0]!, day: '2026-02-27' },
        { paperId: ids[1]!, day: '2026-12-31' },
      ],
      'import',
      now,
    )
    const saturday = await editionPage(db, parsePeriod('day', '2026-02-28')!, { limit: 10 }, now)
    assert.equal(saturday.empty?.reason, 'weekend')
    assert.equal(saturday.earlier?.key, '2026-02-27')
    assert.equal(saturday.later, undefined)
    assert.equal((await latestPeriod(db, 'day', now))?.key, '2026-02-27')
    assert.equal((await latestPeriod(db, 'week', now))?.key, '2026-W09')
  })

  test('withdrawn papers leave trending and stay, marked, in their day', async (t) => {
    const db = await open(t)
    if (!db) return
    const outcomes = await upsertPapers(db, [withdrawn, zero], now)
    await listPapers(
      db,
      outcomes.map(({ paperId }) => ({ paperId, day: '2026-03-03' })),
      'import',
      now,
    )
    assert.deepEqual(
      (await trendingPage(db, { limit: 10 }, now)).cards.map((card) => card.title),
      ['0'],
    )
    const day = await editionPage(db, parsePeriod('day', '2026-03-03')!, { limit: 10 }, now)
    assert.deepEqual(
      day.cards.map((card) => card.marks[0]?.kind),
      ['withdrawn', undefined],
    )
  })

  test('a past day imported today does not trend over papers of today', async (t) => {
    const db = await open(t)
    if (!db) return
    const ids = await manyPapers(db, 2)
    await listPapers(
      db,
      [
        { paperId: ids[0]!, day: '2025-03-03' },
        { paperId: ids[1]!, day: '2026-03-04' },
      ],
      'import',
      now,
    )
    const { cards, why } = await trendingPage(db, { limit: 10 }, now)
    assert.deepEqual(
      cards.map((card) => card.id),
      [ids[1], ids[0]],
    )
    assert.equal(why.get(cards[0]!.id)?.ageHours, 0)
  })

  test('a damaged cursor is told, not guessed', async (t) => {
    const db = await open(t)
    if (!db) return
    const day = parsePeriod('day', '2026-03-03')!
    for (const after of [
      'x',
      'W10',
      Buffer.from('[1,2]').toString('base64url'),
      Buffer.from('[1,{"a":1},3,4]').toString('base64url'),
    ]) {
      await assert.rejects(editionPage(db, day, { limit: 5, after }, now), { code: 'bad_cursor' })
    }
  })

  test('the hot lists are read in order from an index, never sorted', async (t) => {
    const db = await open(t)
    if (!db) return
    const ids = await manyPapers(db, 300)
    await listPapers(
      db,
      ids.map((paperId) => ({ paperId, day: '2026-03-03' })),
      'import',
      now,
    )
    await refreshStatistics(db)
    for (const query of [dayQuery(db, '2026-03-03', { limit: 30 }), trendingQuery(db, { limit: 30 })]) {
      const plan = await queryPlan(db, query)
      assert.match(plan, /standing_(edition|hotness)/, plan)
      assert.doesNotMatch(plan, /TEMP B-TREE|Sort/, plan)
    }
  })
})
