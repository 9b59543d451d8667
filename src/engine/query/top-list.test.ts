import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { fc } from '../../../tests/property.ts'
import { TopList } from './top-list.ts'

describe('the list of the best', () => {
  test('keeps what sorting everything puts first, ties by id, whatever the order of the offers', () => {
    // Few scores, so that many are equal; more offers than a list takes in before it chooses.
    const offers = fc.uniqueArray(
      fc.record({ id: fc.integer({ min: 1, max: 10_000 }), score: fc.integer({ min: -2, max: 6 }) }),
      { selector: ({ id }) => id, maxLength: 300 },
    )
    fc.assert(
      fc.property(offers, fc.integer({ min: 0, max: 40 }), (all, size) => {
        const list = new TopList(size)
        for (const { id, score } of all) list.offer(score / 3, id, id % 7, id % 11)
        const expected = all.toSorted((a, b) => b.score - a.score || a.id - b.id).slice(0, size)
        const order = list.sorted()
        assert.equal(list.length, expected.length)
        assert.deepEqual(
          order.map((at) => [list.scores[at], list.ids[at], list.segments[at], list.documents[at]]),
          expected.map(({ id, score }) => [score / 3, id, id % 7, id % 11]),
        )
        const isFull = size > 0 && all.length >= size
        assert.equal(list.threshold, isFull ? expected.at(-1)!.score / 3 : Number.NEGATIVE_INFINITY)
      }),
    )
  })
})
