import assert from 'node:assert/strict'
import { test } from 'node:test'
import { onEveryDatabase } from '../../tests/databases.ts'
import { arxiv, fivePapers, record } from '../../tests/papers.ts'
import { openSearchForTest } from '../../tests/search.ts'
import type { Db } from '../db/index.ts'
import { type PaperId, type PaperRecord, upsertPapers } from '../papers/index.ts'
import type { PaperSearch } from './open-search.ts'
import { type SearchRequest, type Sorting, searchPapers, sortings } from './search-papers.ts'
import { similarPapers } from './similar-papers.ts'
import { suggest } from './suggest.ts'

const now = new Date('2026-01-02T12:00:00Z')
const today = '2026-01-02'

const about = (n: number, title: string, more: Partial<PaperRecord> = {}): PaperRecord =>
  record({
    title,
    identifiers: [arxiv(`2601.${20_000 + n}`)],
    authors: [{ name: 'Ada Byron' }],
    categories: ['cs.LG'],
    datedOn: `2025-0${(n % 9) + 1}-03`,
    ...more,
  })

/** Forty papers on rooms, some by Geoffrey Okri, some with code, one withdrawn, and a preprint with its venue copy. */
const rooms: PaperRecord[] = [
  ...Array.from({ length: 40 }, (_, n) =>
    about(n, `Rooms and windows, part ${n}: acoustics of number ${n}`, {
      abstract: `Walls are discussed first. The echo of room ${n} decays quickly. We thank the carpenter of the house.`,
      ...(n % 4 === 0 ? { authors: [{ name: 'Geoffrey Okri' }], categories: ['eess.AS', 'cs.SD'] } : {}),
      ...(n % 10 === 0 ? { links: [{ kind: 'code' as const, url: `https://github.com/example/room-${n}` }] } : {}),
    }),
  ),
  about(49, 'Schr\\"odinger rooms', { abstract: 'Waves.', authors: [{ name: 'Max Br\\"uckner' }] }),
  about(50, 'Echo cancellation in stairwells', {
    abstract: 'A stairwell is tall. Reverberation is removed by a filter.',
  }),
  record({
    title: 'Echo cancellation in tall stairwells',
    identifiers: [{ source: 'doi', id: '10.1000/stairs' }],
    authors: [{ name: 'A. Byron' }],
    abstract: 'A stairwell is tall. Reverberation is removed by a filter.',
    categories: [],
  }),
]

async function stored(db: Db): Promise<PaperId[]> {
  const outcomes = await upsertPapers(db, [...fivePapers, ...rooms], now)
  return outcomes.map(({ paperId }) => paperId)
}

const find = (db: Db, search: PaperSearch, q: string, more: Partial<SearchRequest> = {}) =>
  searchPapers(db, search, { q, limit: 20, ...more }, today)
const idsOf = ({ found }: Awaited<ReturnType<typeof find>>) =>
  found.flatMap(({ card, copies }) => [card.id, ...copies.map((copy) => copy.id)])

// One database and one index for all: every question leaves them as they were but for the last.
onEveryDatabase('finding papers', (open) => {
  test('what readers ask', async (t) => {
    const db = await open(t)
    if (!db) return
    const ids = await stored(db)
    await vote(db, [ids[10], ids[7], ids[30]] as PaperId[])
    await using search = await openSearchForTest(t, db)
    await t.test('pages of every order joined are the whole list, nothing twice', async () => {
      const whole = new Map<Sorting, PaperId[]>()
      for (const sort of sortings) {
        whole.set(sort, idsOf(await find(db, search, 'rooms windows', { sort, limit: 100 })))
        const joined: PaperId[] = []
        let after: string | undefined
        for (let pages = 0; pages < 20; pages++) {
          const page = await find(db, search, 'rooms windows', { sort, limit: 7, ...(after ? { after } : {}) })
          joined.push(...idsOf(page))
          after = page.next
          if (!after) break
        }
        assert.deepEqual(joined, whole.get(sort), sort)
        assert.equal(new Set(joined).size, joined.length, sort)
      }
      assert.deepEqual(whole.get('upvotes')?.slice(0, 3), [ids[30], ids[7], ids[10]])
      assert.equal(whole.get('newest')?.length, 40)
      await assert.rejects(find(db, search, 'rooms', { after: 'nonsense' }), { code: 'bad_cursor' })
    })

    await t.test('conditions and filters: author, category, date, code, minus, phrase, prefix, withdrawn', async () => {
      const total = async (q: string) => (await find(db, search, q)).total
      assert.equal(await total('author:okri'), 10)
      assert.equal(await total('author:"geoffrey okri" has:code'), 2)
      assert.equal(await total('rooms windows -author:okri'), 30)
      assert.equal(await total('cat:cs.SD'), 10)
      assert.equal(await total('rooms cat:cs.LG cat:eess.AS'), 0)
      assert.equal(await total('rooms windows -cat:cs.LG'), 10)
      assert.equal(await total('rooms date:2025-03'), 5)
      assert.equal(await total('"echo of room 7"'), 1)
      assert.equal(await total('stairw* -"tall stairwells"'), 1)
      assert.equal(await total('title:hold'), 0)
      assert.equal(await total('title:hold is:withdrawn'), 1)
      assert.equal(await total('hep-th/9901001 strings'), 1)
    })

    await t.test(
      'P33: names and titles with TeX accents are found as they are read, with accents or without',
      async () => {
        for (const q of [
          'schrodinger bruckner',
          'Schrödinger Brückner',
          'SCHR\u00d6DINGER',
          'author:bruckner',
          'schr*',
        ])
          assert.deepEqual(idsOf(await find(db, search, q)).slice(0, 1), [ids.at(-3)], q)
        assert.deepEqual((await suggest(db, search, 'schro', today))[0]?.text, 'Schrödinger rooms')
      },
    )

    await t.test('totals and facets are the same in every order', async () => {
      for (const q of [
        'rooms windows',
        'rooms windows has:code',
        'rooms -author:okri',
        'title:acoustics date:2025-03..2025-06',
      ]) {
        const countsOf = async (sort: Sorting) => {
          const { total, facets } = await find(db, search, q, { sort, limit: 3 })
          return { total, facets }
        }
        const counts = await countsOf('relevance')
        for (const sort of sortings) assert.deepEqual(await countsOf(sort), counts, `${q}, ${sort}`)
        assert.equal(counts.total, idsOf(await find(db, search, q, { sort: 'newest', limit: 100 })).length, q)
      }
    })

    await t.test('facets count what was found and their links narrow to that', async () => {
      const { facets } = await find(db, search, 'rooms windows')
      for (const [category, count] of facets?.categories ?? [])
        assert.equal((await find(db, search, `rooms windows cat:${category}`)).total, count, category)
      assert.deepEqual(facets?.years, [[2025, 40]])
    })

    await t.test('the sentence that answers best is shown, and why', async () => {
      const [first] = (await find(db, search, 'echo decay in room 7')).found
      assert.equal(first?.sentence, 'The echo of room 7 decays quickly.')
      assert.ok((first?.why?.lexical ?? 0) > 0)
      assert.ok(first?.why?.words.includes('echo'))
    })

    await t.test('preprint and venue copy take one place', async () => {
      const [first] = (await find(db, search, 'echo cancellation in stairwells')).found
      assert.deepEqual([first?.card.id, ...(first?.copies ?? []).map((copy) => copy.id)].sort(), ids.slice(-2).sort())
      const { copies, similar } = await similarPapers(db, search, ids.at(-2) as PaperId, 5, today)
      assert.deepEqual(
        copies.map((copy) => copy.id),
        [ids.at(-1)],
      )
      assert.ok(similar.every((card) => !ids.slice(-2).includes(card.id)))
    })

    await t.test('a word that nobody uses is put right; what nothing holds leads on', async () => {
      assert.equal((await find(db, search, 'canselation author:byron')).corrected, 'cancellation author:byron')
      const nothing = await find(db, search, 'rooms author:nobody')
      assert.equal(nothing.total, 0)
      assert.deepEqual(nothing.query.narrowings, [{ part: 'author:nobody', without: 'rooms' }])
    })

    await t.test(
      'suggestions: titles by their words, authors by any of their names, categories by id and name',
      async () => {
        const texts = async (typed: string) =>
          (await suggest(db, search, typed, today)).map(({ kind, text }) => `${kind}: ${text}`)
        assert.ok((await texts('echo canc')).includes('paper: Echo cancellation in stairwells'))
        assert.ok((await texts('okr')).includes('author: Geoffrey Okri'))
        assert.deepEqual(await texts('author:geof'), ['author: Geoffrey Okri'])
        assert.deepEqual(await texts('cat:cs.l'), [
          'category: cs.LG Machine Learning',
          'category: cs.LO Logic in Computer Science',
        ])
        assert.ok((await texts('García')).includes('author: José García'))
        for (const typed of [
          '',
          'a',
          '"echo',
          '-echo',
          'date:2025',
          '\ud800',
          '%_\\',
          `'; drop table paper`,
          'x'.repeat(10_000),
        ])
          assert.deepEqual(await texts(typed), [], typed.slice(0, 20))
      },
    )

    await t.test('whatever is typed is answered', async () => {
      for (const typed of [
        '',
        '   ',
        '"',
        '***',
        '- - -',
        '\u0000',
        'שלום עולם',
        '🧪',
        '%',
        `'; drop table paper; --`,
        '<b>x</b>',
        'rooms '.repeat(2_000),
        'a'.repeat(10_000),
        ':::',
        'cat:',
        'date:..',
      ])
        for (const sort of sortings) assert.ok(await find(db, search, typed, { sort }), typed.slice(0, 20))
    })
    await t.test('a whole title finds its paper first, and no page repeats or loses any', async () => {
      const title = 'Rooms and windows, part 7: acoustics of number 7'
      const whole = idsOf(await find(db, search, title, { limit: 100 }))
      assert.equal(whole[0], ids[5 + 7])
      for (const limit of [1, 2, 7]) {
        const joined: PaperId[] = []
        let after: string | undefined
        for (let pages = 0; pages < 60; pages++) {
          const page = await find(db, search, title, { limit, ...(after ? { after } : {}) })
          joined.push(...idsOf(page))
          after = page.next
          if (!after) break
        }
        assert.deepEqual(joined, whole, `limit ${limit}`)
      }
      assert.equal((await find(db, search, `${title} date:1990`)).total, 0)
    })

    await t.test('a paper that went meanwhile does not disturb', async () => {
      assert.ok(idsOf(await find(db, search, 'rooms', { limit: 100 })).includes(ids[7] as PaperId))
      await db
        .deleteFrom('paper')
        .where('id', '=', ids[7] as PaperId)
        .execute()
      assert.ok(!idsOf(await find(db, search, 'rooms', { limit: 100 })).includes(ids[7] as PaperId))
    })
  })
})

/** The last of them gets most. */
async function vote(db: Db, ids: PaperId[]): Promise<void> {
  await db
    .insertInto('standing')
    .values(ids.map((paper_id, n) => ({ paper_id, upvotes: n + 1, comments: 0, placement: 0 })))
    .execute()
}
