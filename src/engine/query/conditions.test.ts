import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { fc } from '../../../tests/property.ts'
import type { EngineDocument } from '../document.ts'
import { buildSegment, openSegment } from '../segments/build-segment.ts'
import { Snapshot } from '../segments/snapshot.ts'
import { stem } from '../text/stem.ts'
import { words } from '../text/tokenize.ts'
import { correctSpelling } from './correct-spelling.ts'
import type { EngineCondition } from './engine-query.ts'
import { queryWords } from './query-words.ts'
import { Searcher } from './search-snapshot.ts'

const vocabulary = ['net', 'network', 'graph', 'grape', 'deep', 'deeper', 'learn', 'proof', 'naïve']
const text = (most: number) =>
  fc.array(fc.constantFrom(...vocabulary), { maxLength: most }).map((list) => list.join(' '))
const row = fc.record({
  title: text(4),
  abstract: text(10),
  authors: fc.array(text(2), { maxLength: 3 }),
  categories: fc.subarray(['cs.LG', 'cs.CV', 'math.AP']),
  day: fc.integer({ min: -400, max: 20_000 }),
})
const condition = fc.record({
  kind: fc.constantFrom('word' as const, 'phrase' as const, 'prefix' as const),
  text: fc.oneof(fc.constantFrom(...vocabulary, 'ne', 'gra', 'zzz'), text(2)).filter((one) => one !== ''),
  field: fc.constantFrom('title' as const, 'authors' as const, 'abstract' as const, undefined),
  negated: fc.boolean(),
})

type Row = { title: string; abstract: string; authors: string[]; categories: string[]; day: number }

const documentsOf = (rows: readonly Row[]): EngineDocument[] =>
  rows.map((one, n) => ({ ...one, id: n + 1, identifiers: [], hasCode: false, isWithdrawn: false }))

/** The documents in segments of a few each. */
function snapshotOf(rows: readonly Row[], size = 7): Snapshot {
  const documents = documentsOf(rows)
  const parts = Array.from({ length: Math.ceil(rows.length / size) }, (_, n) =>
    documents.slice(n * size, (n + 1) * size),
  )
  return new Snapshot(parts.map((part) => openSegment(buildSegment(part, {}))))
}

/** What a condition means, read off the words of each field. */
function meets(one: Row, { kind, text: asked, field, negated }: EngineCondition): boolean {
  const stretches = (name: string) =>
    name === 'title' ? [one.title] : name === 'authors' ? one.authors : [one.abstract]
  const lists = (field ? [field] : ['title', 'authors', 'abstract']).map((name) =>
    stretches(name).map((part) => words(part)),
  )
  const stems = words(asked).map(stem)
  const holds = () => {
    if (kind === 'word') {
      const scopes = field ? lists : [lists.flat()]
      return scopes.some((scope) => stems.every((want) => scope.flat().some((word) => stem(word) === want)))
    }
    return lists.flat().some((list) =>
      list.some((_, at) =>
        kind === 'phrase'
          ? stems.every((want, n) => list[at + n] !== undefined && stem(list[at + n]!) === want)
          : // A beginning stands for all forms of the words that begin so.
            words(asked).every((want, n) =>
              n < stems.length - 1
                ? list[at + n] !== undefined && stem(list[at + n]!) === stem(want)
                : list[at + n] !== undefined && isBegunBy(list[at + n]!, want),
            ),
      ),
    )
  }
  return holds() !== negated
}

const isBegunBy = (word: string, beginning: string) =>
  vocabulary.flatMap((one) => words(one)).some((one) => one.startsWith(beginning) && stem(one) === stem(word))

describe('conditions and counts', () => {
  test('conditions, totals, facets and the order by day are what the slow way finds', () => {
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 1, maxLength: 30 }),
        fc.array(condition, { maxLength: 2 }),
        (rows, conditions) => {
          // A beginning counts the words that the segment knows: give it all of them.
          const known = [...rows, ...fillers]
          const snapshot = snapshotOf(known, known.length)
          const found = known
            .map((one, n) => ({ ...one, id: n + 1 }))
            .filter((one) => conditions.every((c) => meets(one, c)))
          const page = new Searcher().search(snapshot, {
            text: '',
            limit: 5,
            order: 'newest',
            conditions,
            facets: true,
          })
          const byDay = found.sort((a, b) => b.day - a.day || b.id - a.id)
          assert.deepEqual(
            page.hits.map(({ id }) => id),
            byDay.slice(0, 5).map(({ id }) => id),
          )
          assert.equal(page.total, found.length)
          const counts = new Map<string, number>()
          for (const name of found.flatMap((one) => one.categories)) counts.set(name, (counts.get(name) ?? 0) + 1)
          assert.deepEqual(new Map(page.facets!.categories), counts)
          const years = new Map<number, number>()
          for (const { day } of found) {
            const year = new Date(day * 86_400_000).getUTCFullYear()
            years.set(year, (years.get(year) ?? 0) + 1)
          }
          assert.deepEqual(new Map(page.facets!.years), years)
        },
      ),
      { numRuns: 150 },
    )
  })

  test('pages by day joined are the whole, over several segments', () => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 9 }), (rows, limit) => {
        const searcher = new Searcher()
        const snapshot = snapshotOf(rows)
        const joined: number[] = []
        for (let after: string | undefined, pages = 0; pages < 50; pages++) {
          const page = searcher.search(snapshot, { text: '', limit, order: 'newest', ...(after ? { after } : {}) })
          joined.push(...page.hits.map(({ id }) => id))
          after = page.next
          if (!after) break
        }
        const whole = rows.map(({ day }, n) => ({ day, id: n + 1 })).sort((a, b) => b.day - a.day || b.id - a.id)
        assert.deepEqual(
          joined,
          whole.map(({ id }) => id),
        )
      }),
      { numRuns: 50 },
    )
  })
})

/** Documents that bring every word of the vocabulary into a segment. */
const fillers: Row[] = vocabulary.map((word) => ({ title: word, abstract: '', authors: [], categories: [], day: 0 }))

describe('while somebody types', () => {
  const paper = (title: string, authors: string[] = []): Row => ({
    title,
    abstract: 'about attention and graphs',
    authors,
    categories: [],
    day: 1,
  })
  const rows = [
    paper('Attention Is All You Need', ['Ashish Vaswani', 'Noam Shazeer']),
    paper('On Paying Attention to Graphs', ['Geoffrey Hinton']),
    paper('Graph Attention Networks', ['Petar Veličković', 'Hinton Smith']),
    paper('GPT-4V in the Wild', ['Smith Jones', 'Ada Hinton']),
    paper('Graph Neural Networks: A Review'),
    paper('Networks for Graphs'),
  ]
  const snapshot = snapshotOf(rows, 2)
  const typed = (text: string, typing: 'title' | 'authors') =>
    new Searcher().search(snapshot, { text, typing, limit: 10 }).hits.map(({ id }) => id)

  test('titles that begin so come first, then those with the words in a row, then the others; the newest first', () => {
    assert.deepEqual(typed('atten', 'title'), [1, 3, 2])
    assert.deepEqual(typed('graph', 'title'), [5, 3, 6, 2])
    assert.deepEqual(typed('graph net', 'title'), [6, 5, 3])
    assert.deepEqual(typed('graph n', 'title'), [5, 3, 6, 2], 'one letter says no more than the words before')
    assert.deepEqual(typed('gpt-4', 'title'), [4])
    assert.deepEqual(typed('pos', 'title'), [])
  })

  test('an author is one name: words are not taken from two', () => {
    assert.deepEqual(typed('hint', 'authors'), [4, 3, 2])
    assert.deepEqual(typed('geoffrey hi', 'authors'), [2])
    assert.deepEqual(typed('hinton geof', 'authors'), [2])
    assert.deepEqual(typed('smith hin', 'authors'), [3])
    assert.deepEqual(typed('velickov', 'authors'), [3])
    assert.deepEqual(typed('attention', 'authors'), [])
  })

  test('anything may be typed', () => {
    for (const text of [
      '',
      ' ',
      'a',
      '1$d$',
      '$',
      '\\',
      '%',
      '"',
      '\u0000',
      '李',
      'x'.repeat(5_000),
      'q '.repeat(3_000),
      '\ud800',
    ])
      for (const field of ['title', 'authors'] as const) assert.deepEqual(typed(text, field), [], text.slice(0, 20))
  })
})

describe('spelling', () => {
  /** So many documents hold the text. */
  const some = (count: number, title: string): Row[] =>
    Array.from({ length: count }, () => ({ title, abstract: '', authors: [], categories: [], day: 0 }))
  const snapshot = snapshotOf(
    [
      ...some(2_100, 'deep learning'),
      ...some(60, 'language models'),
      ...some(2, 'deap dataset of emotions'),
      ...some(1, 'lerning by doing'),
      ...some(3, 'moco contrast'),
      ...some(40, 'mono sounds'),
      ...some(2, 'Geoffrey Hinton'),
    ],
    1_000,
  )
  const corrected = (query: string) => correctSpelling(queryWords(query), snapshot)

  test('words that nobody uses: the nearest that somebody does', () => {
    assert.deepEqual(corrected('langauge modles'), [
      ['langauge', 'language'],
      ['modles', 'models'],
    ])
    assert.deepEqual(corrected('hintn'), [['hintn', 'hinton']])
    assert.deepEqual(corrected('zzzzzz'), [])
  })

  test('two misspelt words that some paper has are put right together', () => {
    assert.deepEqual(corrected('deap lerning'), [
      ['deap', 'deep'],
      ['lerning', 'learning'],
    ])
    assert.deepEqual(corrected('lerning'), [['lerning', 'learning']])
  })

  test('what is rare is not wrong: names, words found together, what has capitals or digits', () => {
    assert.deepEqual(corrected('deap emotions'), [], 'papers hold both')
    assert.deepEqual(corrected('DEAP lerning'), [])
    assert.deepEqual(corrected('moco'), [])
    assert.deepEqual(corrected('hinton'), [])
    for (const name of ['GPT-4V', 'gpt4v', 'l_2', 'C++', '2401.00001', 'hep-th/9901001', 'cs.LG', 'deap4'])
      assert.deepEqual(corrected(name), [], name)
  })

  test('a word that lacks its space', () => {
    assert.deepEqual(corrected('deeplearning'), [['deeplearning', 'deep learning']])
  })
})
