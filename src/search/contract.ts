import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { PaperId } from '../papers/index.ts'
import { BadCursorError, type SearchDocument, type SearchIndex, type SearchQuery } from './port.ts'

/** Cases that an implementation may decline, by name, each with its reason. */
export type DeclinedCases = Partial<Record<string, string>>

const id = (n: number) => n as PaperId
const day = (text: string) => Date.parse(text) / 86_400_000

const papers: SearchDocument[] = [
  paper(
    1,
    'Attention Is All You Need',
    'The dominant sequence transduction models are based on recurrent networks. We propose the Transformer, based solely on attention.',
    {
      authors: ['Ashish Vaswani', 'Noam Shazeer'],
      categories: ['cs.CL', 'cs.LG'],
      identifiers: ['1706.03762'],
      day: day('2017-06-12'),
      hasCode: true,
    },
  ),
  paper(
    2,
    'Deep Residual Learning for Image Recognition',
    'Deeper neural networks are more difficult to train. We present a residual learning framework.',
    {
      authors: ['Kaiming He', 'Xiangyu Zhang'],
      categories: ['cs.CV'],
      identifiers: ['1512.03385', '10.1109/CVPR.2016.90'],
      day: day('2015-12-10'),
    },
  ),
  paper(
    3,
    'GPT-4V in the Wild: 3D Scenes and Non-IID Data',
    'We study GPT-4V on COVID-19 scans, in C++, with $l_2$ losses.',
    {
      authors: ['Zoë Müller', 'José García'],
      categories: ['cs.CV', 'cs.LG'],
      identifiers: ['2401.00001'],
      day: day('2024-01-02'),
    },
  ),
  paper(
    4,
    'Graph Neural Networks: A Review',
    'Networks on graphs: methods and applications of neural message passing.',
    {
      authors: ['Jie Zhou'],
      categories: ['cs.LG', 'stat.ML'],
      identifiers: ['1812.08434'],
      day: day('2018-12-20'),
      hasCode: true,
    },
  ),
  paper(5, 'A Retracted Study of Attention', 'This paper on attention has been withdrawn.', {
    authors: ['Nobody Anywhere'],
    categories: ['cs.CL'],
    identifiers: ['hep-th/9901001'],
    day: day('2020-05-05'),
    isWithdrawn: true,
  }),
  paper(6, 'Learning Rates', '', { authors: ['Kaiming He'], categories: ['stat.ML'], day: day('2024-01-02') }),
]

function paper(n: number, title: string, abstract: string, more: Partial<SearchDocument>): SearchDocument {
  return {
    id: id(n),
    title,
    abstract,
    authors: [],
    categories: [],
    identifiers: [],
    day: 0,
    hasCode: false,
    isWithdrawn: false,
    ...more,
  }
}

/**
 * What every implementation of `SearchIndex` must do. `open` makes an empty one. Orders are compared where words leave no
 * doubt, else sets.
 */
export function describeSearchIndex(
  name: string,
  open: () => Promise<SearchIndex>,
  declined: DeclinedCases = {},
): void {
  describe(`SearchIndex of ${name}`, () => {
    let index: SearchIndex
    before(async () => {
      index = await open()
      await index.put(papers, 6)
    })
    after(() => index.close())

    const ids = async (query: Partial<SearchQuery>, from = index) =>
      (await from.search({ text: '', limit: 10, ...query })).hits.map((hit) => Number(hit.id))
    const sorted = async (query: Partial<SearchQuery>) => (await ids(query)).sort((a, b) => a - b)
    const meets = (text: string, kind: 'word' | 'phrase' | 'prefix' = 'word', more = {}) =>
      sorted({ conditions: [{ kind, text, ...more }] })
    const check = (title: string, body: () => Promise<void>) => test(title, { skip: declined[title] ?? false }, body)

    check('a paper is first for its own title', async () => {
      for (const one of papers.filter(({ isWithdrawn }) => !isWithdrawn))
        assert.equal((await ids({ text: one.title, arms: 'lexical' }))[0], one.id, one.title)
    })

    check('forms of a word find each other, accents and case do not matter', async () => {
      assert.equal((await ids({ text: 'transformers', arms: 'lexical' }))[0], 1)
      assert.deepEqual(await ids({ text: 'zoe MULLER', arms: 'lexical' }), [3])
      assert.deepEqual(await ids({ text: 'García', arms: 'lexical' }), [3])
    })

    check('words with hyphens, digits and signs are found as typed and in their variants', async () => {
      for (const text of [
        'GPT-4V',
        'gpt4v',
        'GPT 4V',
        '3D',
        '3-D',
        'non-IID',
        'noniid',
        'COVID-19',
        'covid19',
        'C++',
        'l_2',
        '$l_{2}$',
      ])
        assert.deepEqual(await meets(text), [3], text)
    })

    check('identifiers are words', async () => {
      assert.deepEqual(await ids({ text: '2401.00001', arms: 'lexical' }), [3])
      assert.deepEqual(await ids({ text: '2401.00001v3', arms: 'lexical' }), [3])
      assert.deepEqual(await ids({ text: '10.1109/cvpr.2016.90', arms: 'lexical', limit: 1 }), [2])
      assert.deepEqual(await ids({ text: 'hep-th/9901001', arms: 'lexical', filter: { withdrawn: 'shown' } }), [5])
    })

    check('conditions: word, phrase, prefix, fields, negation', async () => {
      assert.deepEqual(await meets('networks'), [1, 2, 4])
      assert.deepEqual(await meets('networks', 'word', { field: 'title' }), [4])
      assert.deepEqual(await meets('neural networks', 'phrase'), [2, 4])
      assert.deepEqual(await meets('networks neural', 'phrase'), [])
      assert.deepEqual(await meets('Kaiming He', 'phrase', { field: 'authors' }), [2, 6])
      assert.deepEqual(await meets('He Xiangyu', 'phrase', { field: 'authors' }), [], 'no phrase runs over two authors')
      assert.deepEqual(await meets('resid', 'prefix'), [2])
      assert.deepEqual(await meets('kai', 'prefix', { field: 'authors' }), [2, 6])
      assert.deepEqual(await meets('networks', 'word', { negated: true }), [3, 6])
      assert.deepEqual(await meets('cs.LG', 'word', { field: 'categories' }), [1, 3, 4])
      assert.deepEqual(
        await sorted({
          conditions: [
            { kind: 'word', text: 'learning' },
            { kind: 'word', text: 'he', field: 'authors' },
          ],
        }),
        [2, 6],
      )
    })

    check('while somebody types: titles or names with all the words, the last of which may go on', async () => {
      assert.deepEqual(await ids({ text: 'att', typing: 'title' }), [1])
      assert.deepEqual(await ids({ text: 'learning ra', typing: 'title' }), [6])
      assert.deepEqual(await ids({ text: 'learn', typing: 'title' }), [6, 2], 'what begins so comes first')
      assert.deepEqual(await ids({ text: 'kaim', typing: 'authors' }), [6, 2])
      assert.deepEqual(await ids({ text: 'muller', typing: 'authors' }), [3])
      assert.deepEqual(await ids({ text: 'kaiming zhang', typing: 'authors' }), [], 'two people are no name')
      assert.deepEqual(await ids({ text: 'retracted', typing: 'title' }), [], 'what was withdrawn is not suggested')
      assert.deepEqual(await ids({ text: 'learn', typing: 'title', limit: 1 }), [6])
    })

    check('filters: categories, days, code, withdrawn, ids', async () => {
      assert.deepEqual(await sorted({}), [1, 2, 3, 4, 6])
      assert.deepEqual(await sorted({ filter: { categories: [['cs.CV', 'stat.ML']] } }), [2, 3, 4, 6])
      assert.deepEqual(await sorted({ filter: { categories: [['cs.LG'], ['stat.ML']] } }), [4])
      assert.deepEqual(await sorted({ filter: { withoutCategories: ['cs.LG'] } }), [2, 6])
      assert.deepEqual(await sorted({ filter: { fromDay: day('2017-06-12'), toDay: day('2018-12-20') } }), [1, 4])
      assert.deepEqual(await sorted({ filter: { hasCode: true } }), [1, 4])
      assert.deepEqual(await sorted({ filter: { hasCode: false } }), [2, 3, 6])
      assert.deepEqual(await sorted({ filter: { withdrawn: 'only' } }), [5])
      assert.deepEqual(await sorted({ filter: { withdrawn: 'shown' } }), [1, 2, 3, 4, 5, 6])
      assert.deepEqual(await sorted({ filter: { ids: [id(1), id(5), id(99)] } }), [1])
      assert.deepEqual(await sorted({ filter: { withoutIds: [id(1)] } }), [2, 3, 4, 6])
      assert.deepEqual(await ids({ text: 'attention', arms: 'lexical', filter: { categories: [['cs.CV']] } }), [])
    })

    check('orders: newest by day, then the higher id; a list as given', async () => {
      assert.deepEqual(await ids({ order: 'newest' }), [6, 3, 4, 1, 2])
      assert.deepEqual(await ids({ text: 'networks', order: 'newest' }), [4, 1, 2])
      assert.deepEqual(await ids({ text: 'networks', order: [id(2), id(5), id(4), id(77), id(3)] }), [2, 4])
    })

    check('total and facets count what holds every word, whatever the page', async () => {
      for (const limit of [0, 1, 10]) {
        const page = await index.search({ text: 'neural networks', limit, facets: true })
        assert.equal(page.total, 2)
        assert.deepEqual(page.facets?.years, [
          [2018, 1],
          [2015, 1],
        ])
        assert.deepEqual(page.facets?.categories, [
          ['cs.CV', 1],
          ['cs.LG', 1],
          ['stat.ML', 1],
        ])
      }
      assert.equal((await index.search({ text: '', limit: 0, facets: true })).total, 5)
      assert.equal(
        (await index.search({ text: 'transformer residual', limit: 0, facets: true })).total,
        2,
        'none has both',
      )
    })

    check('all pages joined equal the whole, in every order', async () => {
      for (const order of ['relevance', 'newest', [id(3), id(1), id(4)]] as const) {
        for (const text of ['', 'learning networks attention']) {
          const whole = await ids({ text, order, limit: 100 })
          const joined: number[] = []
          let after: string | undefined
          do {
            const page = await index.search({ text, order, limit: 1, ...(after ? { after } : {}) })
            joined.push(...page.hits.map((hit) => Number(hit.id)))
            after = page.next
          } while (after)
          assert.deepEqual(joined, whole)
        }
      }
    })

    check('a page may begin behind any hit', async () => {
      for (const order of ['relevance', 'newest', [id(4), id(2), id(1)]] as const) {
        const query = { text: 'networks', order }
        const { hits } = await index.search({ ...query, limit: 10, places: true })
        for (const [n, { place }] of hits.entries()) {
          const rest = await index.search({ ...query, limit: 10, after: place as string })
          assert.deepEqual(
            rest.hits.map((hit) => hit.id),
            hits.slice(n + 1).map((hit) => hit.id),
          )
        }
      }
    })

    check('a cursor that is none of this order is refused', async () => {
      const { next } = await index.search({ text: '', order: 'newest', limit: 1 })
      for (const after of ['nonsense', '', '[]', next as string])
        await assert.rejects(index.search({ text: 'networks', limit: 1, after }), BadCursorError)
    })

    check('scores lie between 0 and 1 and fall; explained, they are the sum of their parts', async () => {
      const { hits } = await index.search({ text: 'attention networks', limit: 10, explain: true })
      for (const [n, { score, why }] of hits.entries()) {
        assert.ok(score >= 0 && score <= 1 && score <= (hits[n - 1]?.score ?? 1), String(score))
        assert.ok(why && Math.abs(why.lexical + why.dense - score) < 1e-9)
      }
      assert.deepEqual(hits.find((hit) => hit.id === 1)?.why?.words, ['attention', 'networks'])
    })

    check('a misspelt word is corrected', async () => {
      const page = await index.search({ text: 'residaul attention', limit: 10 })
      assert.deepEqual(page.corrections, [['residaul', 'residual']])
      assert.equal((await index.search({ text: 'attention', limit: 10 })).corrections, undefined)
    })

    check('papers like others leave these out', async () => {
      const found = await ids({ like: [id(4)] })
      assert.ok(found.length > 0 && !found.includes(4))
      assert.deepEqual(await ids({ like: [id(99)] }), [])
    })

    check('any text is answered', async () => {
      const odd = [
        '',
        ' ',
        '"',
        '"""',
        '-',
        '*',
        'a*',
        '()',
        "'; DROP TABLE paper; --",
        '<script>',
        '\u0000\u0007',
        '\ud800',
        '🙂🙂',
        'שלום עולם',
        '深度学习',
        'the of and',
        'x'.repeat(10_000),
        'word '.repeat(2_000),
        '\\frac{',
        '$',
        'NaN',
        '%',
        '\u202e',
      ]
      for (const text of odd) {
        const { hits } = await index.search({ text, limit: 5, facets: true, explain: true })
        assert.ok(
          hits.every((hit) => Number.isFinite(hit.score)),
          text.slice(0, 20),
        )
        for (const kind of ['word', 'phrase', 'prefix'] as const)
          await index.search({ text: '', conditions: [{ kind, text }], limit: 5 })
      }
    })

    check('closeness is from -1 to 1 and 0 for what holds no word', async () => {
      const near = await index.closeness('graph networks', ['networks on graphs', '', '?!'])
      assert.equal(near.length, 3)
      assert.ok(near.every((one) => one >= -1.001 && one <= 1.001))
      assert.deepEqual(near.slice(1), [0, 0])
    })

    check('put, replaced, removed: seen by the next search', async () => {
      await using own = disposable(await open())
      assert.deepEqual(await ids({ text: 'anything' }, own), [])
      await own.put([papers[0] as SearchDocument], 1)
      assert.deepEqual(await ids({ text: 'attention' }, own), [1])
      await own.put([{ ...(papers[0] as SearchDocument), title: 'Renamed', abstract: 'Entirely other words.' }], 2)
      assert.deepEqual(await ids({ text: 'attention', arms: 'lexical' }, own), [])
      assert.deepEqual(await ids({ text: 'renamed' }, own), [1])
      assert.equal((await own.status()).documents, 1)
      await own.remove([id(1), id(5)], 3)
      assert.deepEqual(await ids({ text: 'renamed' }, own), [])
      assert.equal((await own.status()).documents, 0)
      await own.put([papers[0] as SearchDocument], 4)
      assert.deepEqual(await ids({ text: 'attention' }, own), [1])
      assert.equal((await own.status()).state, 'ready')
    })

    check('removed words no longer count for how rare a word is', async () => {
      await using one = disposable(await open())
      await using other = disposable(await open())
      const documents = papers.slice(0, 4)
      await one.put(documents)
      for (const document of [...papers, ...documents.map((d) => ({ ...d, title: 'networks networks' })), ...documents])
        await other.put([document])
      await other.remove([id(5), id(6)])
      for (const text of ['neural networks attention learning', 'data scans', 'review'])
        assert.deepEqual(
          await one.search({ text, limit: 10, explain: true }),
          await other.search({ text, limit: 10, explain: true }),
        )
    })
  })
}

function disposable(index: SearchIndex): SearchIndex & AsyncDisposable {
  return Object.assign(index, { [Symbol.asyncDispose]: () => index.close() })
}
