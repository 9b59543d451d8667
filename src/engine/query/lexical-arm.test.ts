import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { fc } from '../../../tests/property.ts'
import type { EngineDocument } from '../document.ts'
import { fieldRanking, fieldWeight, impactOf, termWeight } from '../ranking/bm25f.ts'
import { buildSegment, mergeSegments, openSegment } from '../segments/build-segment.ts'
import { markGone, type Segment, Snapshot, withGone } from '../segments/snapshot.ts'
import { stem } from '../text/stem.ts'
import { words } from '../text/tokenize.ts'
import { filterMask } from './filter-mask.ts'
import { LexicalArm } from './lexical-arm.ts'
import { queryWords } from './query-words.ts'
import { rankedTerms } from './ranked-terms.ts'
import { SumKernel } from './sum-kernel.ts'
import { TopList } from './top-list.ts'

// Few words, so that documents share them and scores tie; one of them in nearly all documents, some in one.
const vocabulary = [
  'net',
  'graph',
  'deep',
  'learn',
  'proof',
  'quark',
  'gpt-4v',
  'model',
  'zeta',
  'c++',
  'naïve',
  'rare1',
  'rare2',
]
const word = fc.oneof(
  { weight: 3, arbitrary: fc.constant('net') },
  { weight: 5, arbitrary: fc.constantFrom(...vocabulary) },
)
const text = (most: number) => fc.array(word, { maxLength: most }).map((list) => list.join(' '))
const document = fc.record({ title: text(4), abstract: text(12), author: text(2) })
const corpus = fc.array(document, { minLength: 1, maxLength: 60 })
const query = fc
  .array(fc.constantFrom(...vocabulary, 'unknown'), { minLength: 1, maxLength: 6 })
  .map((list) => list.join(' '))

const toDocuments = (rows: { title: string; abstract: string; author: string }[]): EngineDocument[] =>
  rows.map(({ title, abstract, author }, n) => ({
    id: n + 1,
    title,
    abstract,
    authors: [author],
    categories: [],
    identifiers: [],
    day: n,
    hasCode: false,
    isWithdrawn: false,
  }))

/** The formula of `bm25f.ts` for every document, adding up everything. */
function slowRanking(documents: readonly EngineDocument[], typed: string, size: number): [id: number, score: number][] {
  const parts = ({ title, abstract, authors }: EngineDocument) =>
    (
      [
        ['title', title],
        ['abstract', abstract],
        ['authors', authors.join(' ; ')],
      ] as const
    ).map(([field, content]) => {
      const all = words(content)
      // A closed spelling counts as a word but not for the length.
      const length = all.length - (content.match(/gpt-4v/g)?.length ?? 0)
      return { field, terms: all.map(stem), length }
    })
  const read = documents.map((one) => ({ id: one.id, parts: parts(one) }))
  const asked = new Map<string, number>()
  for (const { alternatives } of queryWords(typed))
    for (const one of new Set(alternatives.flat())) asked.set(one, (asked.get(one) ?? 0) + 1)
  const scores = read.map(({ id }): [number, number] => [id, 0])
  for (const [term, times] of asked) {
    const holders = read.filter((one) => one.parts.some((part) => part.terms.includes(term))).length
    if (holders === 0) continue
    for (const [n, { parts: fields }] of read.entries()) {
      let weight = 0
      for (const { field, terms, length } of fields) {
        const frequency = terms.filter((one) => one === term).length
        if (frequency > 0) weight += fieldWeight(fieldRanking[field], frequency, length)
      }
      if (weight > 0) scores[n]![1] += Math.min(4, times) * termWeight(documents.length, holders) * impactOf(weight)
    }
  }
  return scores
    .filter(([, score]) => score > 0)
    .sort((a, b) => b[1] - a[1] || a[0] - b[0])
    .slice(0, size)
}

function fastRanking(snapshot: Snapshot, typed: string, size: number, arm = new LexicalArm()): [number, number][] {
  const top = new TopList(size, (segment, number) => snapshot.segments[segment]!.text.ids[number]!)
  const terms = rankedTerms(queryWords(typed), snapshot)
  for (const [n, segment] of snapshot.segments.entries()) {
    arm.score(n, segment, terms, filterMask(segment, {}), top)
    top.settle() // a threshold for the next
  }
  return top.sorted().map((at) => [top.ids[at]!, top.scores[at]!])
}

/** Looks terms up wherever it may, which pays in large collections only. */
const eager = new LexicalArm(new SumKernel(), { cost: 0, leastLeft: 1 })

const segmentOf = (documents: readonly EngineDocument[]): Segment => openSegment(buildSegment(documents, {}), undefined)

function cut<T>(list: readonly T[], pieces: number): T[][] {
  const size = Math.ceil(list.length / pieces)
  return Array.from({ length: pieces }, (_, n) => list.slice(n * size, (n + 1) * size)).filter(
    (some) => some.length > 0,
  )
}

describe('the lexical arm', () => {
  test('pruned is exhaustive: the same documents, scores and order as the plain formula, ties included', () => {
    fc.assert(
      fc.property(
        corpus,
        query,
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 10 }),
        (rows, typed, size, pieces) => {
          const documents = toDocuments(rows)
          const snapshot = new Snapshot(cut(documents, pieces).map(segmentOf))
          const expected = slowRanking(documents, typed, size)
          assert.deepEqual(fastRanking(snapshot, typed, size), expected)
          assert.deepEqual(fastRanking(snapshot, typed, size, eager), expected)
        },
      ),
      { numRuns: 300 },
    )
  })

  test('one segment, ten, ten merged, and a collection with replaced and removed documents rank alike', () => {
    fc.assert(
      fc.property(corpus, corpus, query, (rows, others, typed) => {
        const documents = toDocuments(rows)
        const whole = fastRanking(new Snapshot([segmentOf(documents)]), typed, 20)
        // Interleaved ids, so that merging is no mere appending.
        const dealt = Array.from({ length: 10 }, (_, n) => documents.filter(({ id }) => id % 10 === n)).filter(
          (some) => some.length > 0,
        )
        const segments = dealt.map(segmentOf)
        assert.deepEqual(fastRanking(new Snapshot(segments), typed, 20), whole)
        const merged = mergeSegments(segments, {})
        assert.deepEqual(fastRanking(new Snapshot([openSegment(merged!, undefined)]), typed, 20), whole)
        // The same ids with other texts first, and more that are removed again.
        const before = toDocuments([...others, ...rows, ...others])
        const old = segmentOf(before)
        const worn = withGone(
          old,
          markGone(
            old,
            before.map(({ id }) => id),
          )!,
        )
        const mixed = new Snapshot([worn, ...segments])
        assert.equal(mixed.live, documents.length)
        assert.deepEqual(fastRanking(mixed, typed, 20), whole)
        const cleaned = mergeSegments(mixed.segments, {})
        assert.deepEqual(fastRanking(new Snapshot([openSegment(cleaned!, undefined)]), typed, 20), whole)
      }),
      { numRuns: 60 },
    )
  })

  test('200,000 equal scores: the first ids, and nothing breaks', () => {
    const documents = toDocuments(Array.from({ length: 65_536 }, () => ({ title: 'net', abstract: '', author: '' })))
    const shifted = (by: number) => segmentOf(documents.map((one) => ({ ...one, id: one.id + by })))
    const snapshot = new Snapshot([shifted(131_072), shifted(0), shifted(65_536), shifted(196_608)])
    const found = fastRanking(snapshot, 'net', 200)
    assert.deepEqual(
      found.map(([id]) => id),
      Array.from({ length: 200 }, (_, n) => n + 1),
    )
    assert.equal(new Set(found.map(([, score]) => score)).size, 1)
  })
})
