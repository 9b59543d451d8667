import assert from 'node:assert/strict'
import { test } from 'node:test'
import { onEveryDatabase } from '../../tests/databases.ts'
import { arxiv, attention, fivePapers, record, unknownAuthors, withdrawn, zero } from '../../tests/papers.ts'
import { fc } from '../../tests/property.ts'
import type { Db } from '../db/index.ts'
import { authorIds, cardsOf, categoryIds, findPaper, type PaperRecord, parsePublicId, upsertPapers } from './index.ts'

const now = new Date('2026-03-02T15:00:00.000Z')
const today = '2026-03-02'
const find = (db: Db, id: string) => findPaper(db, parsePublicId(id)!.identifier, today)
const countPaperRows = async (db: Db) => (await db.selectFrom('paper').select('id').execute()).length

onEveryDatabase('storing papers', (open) => {
  test('a paper comes back as it was told, raw text beside the display form', async (t) => {
    const db = await open(t)
    if (!db) return
    await upsertPapers(db, fivePapers, now)
    const paper = await find(db, '2601.00001')
    assert.equal(paper?.card.title, 'Attention in small rooms: a naïve view of $\\ell_2$ norms')
    assert.equal(paper?.state.row.title_raw, attention.title)
    assert.equal(paper?.state.row.abstract, 'We look at rooms. They are small, and $x < y$ holds in all of them.')
    assert.deepEqual(
      paper?.state.authors.map((author) => [author.name, author.raw]),
      [
        ['José García', "Jos\\'e Garc\\'ia"],
        ['Ada Byron', undefined],
      ],
    )
    assert.deepEqual(paper?.card.categories, ['cs.LG', 'stat.TH'])
    assert.equal(paper?.card.links[0]?.stars, 12)
    assert.equal(paper?.state.row.primary_category, 'cs.LG')
    assert.deepEqual(paper?.card.dated, { day: '2026-01-01', meaning: 'submitted' })
  })

  test('reading the same records again changes nothing at all', async (t) => {
    const db = await open(t)
    if (!db) return
    const first = await upsertPapers(db, fivePapers, now)
    assert.deepEqual(
      first.map((one) => one.outcome),
      fivePapers.map(() => 'added'),
    )
    const before = await everything(db)
    const again = await upsertPapers(db, [...fivePapers].reverse(), new Date('2026-04-01T00:00:00.000Z'))
    assert.deepEqual(
      again.map((one) => one.outcome),
      fivePapers.map(() => 'unchanged'),
    )
    assert.deepEqual(await everything(db), before)
  })

  test('a title that is literally "0" is a title', async (t) => {
    const db = await open(t)
    if (!db) return
    await upsertPapers(db, [zero], now)
    assert.equal((await find(db, '2104.12255'))?.card.title, '0')
  })

  test('the same paper twice in one batch is one paper with the knowledge of both', async (t) => {
    const db = await open(t)
    if (!db) return
    const half = record({
      identifiers: [arxiv('2601.00009')],
      title: 'Halves of one whole',
      authors: [{ name: 'A. One' }],
    })
    const other = { ...half, abstract: 'The second half knows the abstract.', categories: ['cs.AI'] }
    const outcomes = await upsertPapers(db, [half, other], now)
    assert.equal(outcomes[0]?.paperId, outcomes[1]?.paperId)
    const paper = await find(db, '2601.00009')
    assert.equal(paper?.state.row.abstract, 'The second half knows the abstract.')
    assert.deepEqual(paper?.card.categories, ['cs.AI'])
  })

  test('a paper known by title only takes the arXiv id when it comes, and its old address keeps working', async (t) => {
    const db = await open(t)
    if (!db) return
    const [first] = await upsertPapers(db, [unknownAuthors], now)
    const oldPath = (await cardsOf(db, [first!.paperId], today))[0]!.publicId
    assert.match(oldPath, /^title\/growing-tomatoes/)
    const real = record({
      identifiers: [arxiv('2602.00042')],
      title: 'Growing Tomatoes with Gradient Descent -- in Public Gardens.',
      authors: [{ name: 'Tom Ato' }],
      abstract: 'The real abstract.',
    })
    const [second] = await upsertPapers(db, [real], now)
    assert.deepEqual(second, { paperId: first?.paperId, outcome: 'updated' })
    const paper = await find(db, oldPath)
    assert.equal(paper?.card.publicId, '2602.00042')
    assert.equal(paper?.state.row.abstract, 'The real abstract.')
    assert.equal(paper?.state.row.summary, unknownAuthors.summary)
    assert.equal(await countPaperRows(db), 1)
  })

  test('equal titles are different papers when ids of one source or first authors differ', async (t) => {
    const db = await open(t)
    if (!db) return
    const title = 'A title that two groups found at the same time'
    const papers = [
      record({ identifiers: [arxiv('2601.00010')], title, authors: [{ name: 'Ada Byron' }] }),
      record({ identifiers: [arxiv('2601.00011')], title, authors: [{ name: 'Ada Byron' }] }),
      record({ title, authors: [{ name: 'Ben Okri' }] }),
    ]
    await upsertPapers(db, papers, now)
    assert.equal(await countPaperRows(db), 3)
  })

  test('preprint and venue copy are one paper: initials and full first names agree', async (t) => {
    const db = await open(t)
    if (!db) return
    const title = 'Learning to wait in longer queues than before'
    await upsertPapers(
      db,
      [record({ identifiers: [arxiv('2601.00012')], title, authors: [{ name: 'Ada M. Byron' }] })],
      now,
    )
    await upsertPapers(
      db,
      [
        record({
          identifiers: [{ source: 'doi', id: '10.1000/queue' }],
          title: title.toUpperCase(),
          authors: [{ name: 'A. Byron' }],
          doi: '10.1000/queue',
        }),
      ],
      now,
    )
    assert.equal(await countPaperRows(db), 1)
    assert.equal((await find(db, 'doi/10.1000/QUEUE'))?.card.publicId, '2601.00012')
  })

  test('a record that says its identifier, a link and a version twice is stored once', async (t) => {
    const db = await open(t)
    if (!db) return
    const [id, link, version] = [
      arxiv('2601.00013'),
      { kind: 'code' as const, url: 'https://github.com/a/b' },
      { version: 1 },
    ]
    const twice = record({
      title: 'Said twice',
      identifiers: [id, id],
      links: [link, link],
      versions: [version, version],
    })
    const [outcome] = await upsertPapers(db, [twice], now)
    assert.equal(outcome?.outcome, 'added')
    assert.equal((await find(db, '2601.00013'))?.card.links.length, 1)
  })

  test('two short equal titles without authors stay apart from one with authors', async (t) => {
    const db = await open(t)
    if (!db) return
    await upsertPapers(
      db,
      [record({ title: 'Introduction' }), record({ title: 'Introduction', authors: [{ name: 'Ada Byron' }] })],
      now,
    )
    assert.equal(await countPaperRows(db), 2)
  })

  test('a withdrawn version is marked, and versions compare as numbers', async (t) => {
    const db = await open(t)
    if (!db) return
    await upsertPapers(
      db,
      [withdrawn, record({ ...zero, versions: [{ version: 10 }, { version: 9, withdrawn: true }] })],
      now,
    )
    assert.deepEqual((await find(db, '2601.00002'))?.card.marks, [{ kind: 'withdrawn', version: 2 }])
    assert.equal((await find(db, '2104.12255'))?.state.row.latest_version, 10)
    assert.deepEqual((await find(db, '2104.12255'))?.card.marks, [])
  })

  test('upvotes elsewhere follow the later observation', async (t) => {
    const db = await open(t)
    if (!db) return
    const seen = (upvotes: number, observedAt: string) => ({
      ...zero,
      elsewhere: { site: 'huggingface', upvotes, observedAt },
    })
    await upsertPapers(db, [seen(5, '2026-01-02T00:00:00.000Z')], now)
    await upsertPapers(db, [seen(9, '2026-01-03T00:00:00.000Z')], now)
    await upsertPapers(db, [seen(7, '2026-01-01T00:00:00.000Z')], now)
    assert.deepEqual((await find(db, '2104.12255'))?.card.elsewhere, [{ site: 'huggingface', upvotes: 9 }])
  })

  test('two sources that count differently, one without a date, do not overwrite each other for ever', async (t) => {
    const db = await open(t)
    if (!db) return
    const dated = { ...zero, elsewhere: { site: 'huggingface', upvotes: 5, observedAt: '2026-01-02T00:00:00.000Z' } }
    const undated = { ...zero, elsewhere: { site: 'huggingface', upvotes: 90 } }
    for (const one of [dated, undated]) await upsertPapers(db, [one], now)
    for (const one of [dated, undated, dated])
      assert.equal((await upsertPapers(db, [one], now))[0]?.outcome, 'unchanged')
    assert.deepEqual((await find(db, '2104.12255'))?.card.elsewhere, [{ site: 'huggingface', upvotes: 5 }])
  })

  test('a card changes with its paper and its votes, and is the same object while nothing does', async (t) => {
    const db = await open(t)
    if (!db) return
    const [outcome] = await upsertPapers(db, [zero], now)
    const card = async () => (await cardsOf(db, [outcome!.paperId], today))[0]
    const first = await card()
    assert.equal(await card(), first)
    await upsertPapers(db, [{ ...zero, links: [{ kind: 'code', url: 'https://github.com/example/zero' }] }], now)
    assert.equal((await card())?.links.length, 1)
  })

  test('category and author pages joined are the whole list, newest first, aliases together', async (t) => {
    const db = await open(t)
    if (!db) return
    const papers = Array.from({ length: 23 }, (_, n) =>
      record({
        identifiers: [arxiv(`2601.${String(n + 100).padStart(5, '0')}`)],
        title: `Paper number ${n} of a long list of papers`,
        authors: [{ name: 'Ada Byron' }],
        categories: [n % 2 ? 'stat.TH' : 'math.ST'],
        datedOn: `2026-01-${String((n % 7) + 1).padStart(2, '0')}`,
      }),
    )
    await upsertPapers(db, papers, now)
    for (const list of [
      (after?: string) => categoryIds(db, 'math.ST', { limit: 5, after }),
      (after?: string) => authorIds(db, 'ada-byron', { limit: 5, after }),
    ]) {
      const ids: number[] = []
      let page = await list()
      for (; page.next; page = await list(page.next)) ids.push(...page.ids)
      ids.push(...page.ids)
      assert.equal(new Set(ids).size, 23)
      assert.equal(ids.length, 23)
      const days: string[] = (await cardsOf(db, ids as never, today)).map((card) => card.dated!.day)
      assert.deepEqual(days, [...days].sort().reverse())
    }
  })

  test('whatever order and grouping the same records come in, the papers are the same', async (t) => {
    const db = await open(t)
    if (!db) return
    const pool: PaperRecord[] = [0, 1, 2, 3].flatMap((n) => {
      const title = `Generated paper number ${n} with a telling title`
      const authors = [{ name: `Author ${'ABCD'[n]}` }]
      return [
        record({ identifiers: [arxiv(`2601.0020${n}`)], title, authors }),
        record({ identifiers: [{ source: 'doi', id: `10.1000/${n}` }], title, authors }),
        record({ title, authors }),
      ]
    })
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(pool, { minLength: pool.length }),
        fc.integer({ min: 1, max: 12 }),
        async (order, size) => {
          for (const table of ['paper', 'paper_author', 'paper_category'] as const) await db.deleteFrom(table).execute()
          for (let start = 0; start < order.length; start += size)
            await upsertPapers(db, order.slice(start, start + size), now)
          assert.equal(await countPaperRows(db), 4)
          for (const n of [0, 1, 2, 3])
            assert.equal((await find(db, `doi/10.1000/${n}`))?.card.publicId, `2601.0020${n}`)
        },
      ),
      { numRuns: 25 },
    )
  })
})

async function everything(db: Db): Promise<unknown> {
  const tables = [
    'paper',
    'paper_identifier',
    'paper_author',
    'paper_category',
    'paper_version',
    'paper_link',
    'paper_elsewhere',
  ] as const
  const rows = await Promise.all(tables.map((table) => db.selectFrom(table).selectAll().execute()))
  return rows.map((ofTable) => ofTable.map((row) => JSON.stringify(row)).sort())
}
