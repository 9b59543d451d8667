import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EngineDocument } from '../document.ts'
import { LiveIndex } from '../live-index.ts'
import { Searcher } from '../query/search-snapshot.ts'
import { bestOf, type Candidates, denseWeight, fuse, mixSecondLook, secondLookDepth } from './fuse.ts'

/** Ranks in each arm; below 0: not among its best. */
function candidates(lexical: number[], dense: number[], lexicalRanks: number[], denseRanks: number[]): Candidates {
  return {
    count: lexical.length,
    idOf: (n) => n + 1,
    segments: new Uint16Array(lexical.length),
    documents: new Uint16Array(lexical.length),
    lexical: Float64Array.from(lexical),
    dense: Float64Array.from(dense),
    isLexical: Uint8Array.from(lexicalRanks, (rank) => (rank < 0 ? 0 : 1)),
    isDense: Uint8Array.from(denseRanks, (rank) => (rank < 0 ? 0 : 1)),
  }
}

test('in each arm the best counts its whole weight, the last kept nothing, what lies below nothing', () => {
  const fused = fuse(candidates([10, 5, 2, 1], [0.9, 0.1, 0.5, -0.3], [0, 1, 2, -1], [0, -1, 1, -1]), 0.25)
  assert.deepEqual([...fused.lexical], [0.75, (0.75 * 3) / 8, 0, 0])
  assert.deepEqual([...fused.dense], [0.25, 0, 0, 0])
})

test('an empty arm, one hit, all scores equal, all zero: numbers, never NaN', () => {
  const one = fuse(candidates([0], [0], [0], [-1]), 0.3)
  assert.deepEqual([[...one.lexical], [...one.dense]], [[0.7], [0]])
  const equal = fuse(candidates([2, 2], [0, 0], [0, 1], [0, 1]), 0.5)
  assert.deepEqual(
    [[...equal.lexical], [...equal.dense]],
    [
      [0.5, 0.5],
      [0.5, 0.5],
    ],
  )
  const none = fuse(candidates([], [], [], []), 0.3)
  assert.equal(none.lexical.length, 0)
  mixSecondLook(none, new Uint32Array(), new Float64Array(), 0.3, 0.4)
  const same = fuse(candidates([3, 1], [0, 0], [0, 1], [-1, -1]), 0)
  mixSecondLook(same, Uint32Array.of(0, 1), Float64Array.of(0, 0), 0, 0.6)
  assert.ok([...same.lexical].every(Number.isFinite))
})

test('two hundred thousand candidates are no problem', () => {
  const count = 200_000
  const numbers = Array.from({ length: count }, (_, n) => count - n)
  const fused = fuse(candidates(numbers, numbers, numbers, numbers), 0.3)
  assert.equal(bestOf(candidates(numbers, numbers, numbers, numbers), fused).length, secondLookDepth)
})

test('meaning counts more in long queries and in the shortest, within bounds', () => {
  const weights = [4, 5, 10, 15, 40, 1000].map((words) => denseWeight(words, true))
  assert.deepEqual(
    weights,
    weights.toSorted((a, b) => a - b),
  )
  assert.ok(weights[0]! >= 0.2 && weights.at(-1)! <= 0.4)
  assert.ok(denseWeight(2, true) > denseWeight(4, true))
  assert.ok(denseWeight(9, false) < denseWeight(9, true), 'less when the embedding was not fitted to the collection')
})

test('of papers that hold the same words, the one with a relative of another word comes first', () => {
  const paper = (id: number, title: string): EngineDocument => ({
    ...{ id, title, abstract: 'A short text on cells.', authors: [], categories: [], identifiers: [] },
    ...{ day: 0, hasCode: false, isWithdrawn: false },
  })
  const index = new LiveIndex()
  index.put([
    paper(1, 'Patients and their therapy'),
    paper(2, 'Immunodeficiency: patients and therapy'),
    paper(3, 'Weather and its therapy'),
  ])
  const { hits } = new Searcher().search(index.snapshot, { text: 'immunodeficient patients', limit: 3 })
  assert.equal(hits[0]?.id, 2)
})

test('a word that shares less than most of its letters is no relative, and numbers have none', () => {
  const index = new LiveIndex()
  const paper = (id: number, title: string): EngineDocument => ({
    ...{ id, title, abstract: '', authors: [], categories: [], identifiers: [] },
    ...{ day: 0, hasCode: false, isWithdrawn: false },
  })
  index.put([paper(1, 'Transport of patients'), paper(2, 'Transfer of patients'), paper(3, 'covid20 in patients')])
  for (const text of ['transformers patients', 'covid19 patients']) {
    const { hits } = new Searcher().search(index.snapshot, { text, limit: 3 })
    assert.equal(hits[0]!.score, hits[1]!.score, text)
  }
})
