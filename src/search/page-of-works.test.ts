import assert from 'node:assert/strict'
import { test } from 'node:test'
import { onEveryDatabase } from '../../tests/databases.ts'
import { arxiv, record } from '../../tests/papers.ts'
import { type PaperId, type PaperRecord, upsertPapers } from '../papers/index.ts'
import { pageOfWorks, type WorkPage } from './page-of-works.ts'
import type { SearchHit, SearchPage } from './port.ts'

const paper = (n: number, title: string, author = `Ada Author${'abcdefghij'[n % 10]}`): PaperRecord =>
  record({ title, identifiers: [arxiv(`2601.${30_000 + n}`)], authors: [{ name: author }], datedOn: '2025-01-02' })
const words = ['Rooms', 'Windows', 'Doors', 'Stairs', 'Roofs', 'Walls', 'Floors', 'Cellars', 'Gates', 'Halls']
const title = (n: number) => `${words[n % 10]} ${words[Math.floor(n / 10)]} studied by method number ${n}`

/** Eighty papers; the second has a copy of nearly the same title thirty places on, the fourth one of the same seventy on. */
const papers: PaperRecord[] = Array.from({ length: 80 }, (_, n) => paper(n, title(n)))
papers[31] = paper(131, `${title(1)} revisited`, 'A. Authorb')
papers[73] = paper(173, title(3), 'A. Authord')

onEveryDatabase('pages of works', (open) => {
  test('a copy is named once, with the first paper of its work, on whatever page it would stand', async (t) => {
    const db = await open(t)
    if (!db) return
    const ids: PaperId[] = []
    for (const one of papers) ids.push((await upsertPapers(db, [one], new Date('2026-01-02T12:00:00Z')))[0]!.paperId)
    assert.equal(new Set(ids).size, 80, 'the copies are papers of their own')

    /** The list as an index answers it, with places. */
    const ask = async ({ after, limit }: { after?: string; limit: number }): Promise<SearchPage> => {
      const from = after === undefined ? 0 : Number(after)
      const hits = ids.slice(from, from + limit).map((id, n): SearchHit => ({ id, score: 1, place: `${from + n + 1}` }))
      return { hits, ...(from + limit < ids.length ? { next: `${from + limit}` } : {}) }
    }
    for (const limit of [1, 5, 20, 100]) {
      const pages: WorkPage[] = []
      let after: string | undefined
      do {
        const page: WorkPage = await pageOfWorks(db, ask, limit, after)
        pages.push(page)
        after = page.next
      } while (after !== undefined && pages.length < 100)
      const works = pages.flatMap((page) => page.works)
      assert.ok(
        pages.slice(0, -1).every((page) => page.works.length === limit),
        'pages are full',
      )
      const firsts = ids.filter((_, n) => n !== 31 && n !== 73)
      assert.deepEqual(
        works.map((work) => work.hit.id),
        firsts,
        `limit ${limit}`,
      )
      assert.deepEqual(works.find((work) => work.hit.id === ids[1])?.copies, [ids[31]], `limit ${limit}`)
      assert.deepEqual(works.find((work) => work.hit.id === ids[3])?.copies, [ids[73]], `limit ${limit}`)
    }
    for (const after of ['20~', '20~!', '20~a~b', '20~a..b'])
      await assert.rejects(pageOfWorks(db, ask, 5, after), { name: 'BadCursorError' }, after)
  })
})
