import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openSqliteForTest } from '../../tests/databases.ts'
import { arxiv, record } from '../../tests/papers.ts'
import { fc } from '../../tests/property.ts'
import { findPaper, type PaperRecord, upsertPapers } from './index.ts'

const now = new Date('2026-03-02T15:00:00.000Z')
const id = arxiv('2603.00001')
const doi = { source: 'doi', id: '10.1000/rooms' }
const title = 'Rooms that listen to their people'
const authors = [{ name: 'Ada Byron' }]
const versions = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    version: index + 1,
    submittedAt: `2026-0${index + 1}-02T10:00:00.000Z`,
  }))

/** One paper as seven sources tell it. */
const told: PaperRecord[] = [
  record({ title, authors, identifiers: [id], abstract: 'As the list shows it.', categories: ['cs.LG', 'cs.XX'] }),
  record({
    title: `${title}.`,
    authors: [{ name: 'A. Byron' }],
    identifiers: [id],
    abstract: 'As the Daily Papers have it.',
  }),
  record({ title, authors, identifiers: [id, doi], categories: ['cs.SD', 'cs.HC'] }),
  record({
    title: 'Rooms That Listen',
    authors: [{ name: 'Ada M. Byron' }, { name: 'Ben Okri' }],
    identifiers: [doi],
    abstract: 'As printed.',
  }),
  record({ title: `${title.toUpperCase()}`, authors, identifiers: [doi], categories: ['Acoustics'] }),
  record({
    title: 'Listening rooms',
    authors,
    identifiers: [id],
    abstract: 'Of version 1.',
    categories: ['cs.SD'],
    versions: versions(1),
    isTruth: true,
  }),
  record({
    title: 'Listening rooms, revised',
    authors: [{ name: 'Ada Byron' }, { name: 'Ben Okri' }],
    identifiers: [id],
    abstract: 'Of version 2.',
    categories: ['cs.SD', 'cs.LG'],
    versions: versions(2),
    isTruth: true,
  }),
]

async function textsAfter(t: Parameters<typeof openSqliteForTest>[0], orders: PaperRecord[][], size: number) {
  const db = await openSqliteForTest(t)
  const all = new Set<string>()
  for (const order of orders) {
    for (const table of ['paper', 'paper_author', 'paper_category', 'paper_change', 'merge_candidate'] as const)
      await db.deleteFrom(table).execute()
    for (let start = 0; start < order.length; start += size)
      await upsertPapers(db, order.slice(start, start + size), now)
    const paper = (await findPaper(db, id, '2026-03-02')) ?? (await findPaper(db, doi, '2026-03-02'))
    const row = paper?.state.row
    assert.ok(row)
    assert.equal((await db.selectFrom('paper').select('id').execute()).length, 1)
    all.add(JSON.stringify([row.title, row.abstract, row.authors, row.categories, row.text_trust, row.latest_version]))
  }
  return [...all]
}

const shuffled = (pool: PaperRecord[]) =>
  fc.sample(fc.shuffledSubarray(pool, { minLength: pool.length }), { numRuns: 60, seed: 7 })

test('the archive’s newest word is what a paper says, whatever came before or after it', async (t) => {
  // The record that knows both ids comes first, so that all are one paper at once; joining later is another test.
  const orders = shuffled(told.filter((one) => one !== told[2])).map((order) => [told[2] as PaperRecord, ...order])
  for (const size of [1, 3]) {
    const texts = await textsAfter(t, orders, size)
    assert.equal(texts.length, 1, texts.join('\n'))
    assert.match(texts[0] as string, /^\["Listening rooms, revised","Of version 2\."/)
  }
})

test('without the archive, the source that is trusted more; of two alike the longer text, whichever came first', async (t) => {
  const orders = shuffled(told.filter((one) => one !== told[2] && !one.isTruth)).map((order) => [
    told[2] as PaperRecord,
    ...order,
  ])
  const texts = await textsAfter(t, orders, 2)
  assert.equal(texts.length, 1, texts.join('\n'))
  assert.match(texts[0] as string, /"As the Daily Papers have it\."/)
})
