import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fc } from '../../../tests/property.ts'
import { WantedTerms } from './wanted-terms.ts'

test('wanted terms count for their terms of the query, all others for nothing, one query after the other', () => {
  const wanted = new WantedTerms()
  // Terms that fall on the same slots, begin with the same bytes, or are the end of another; and more of them than the table
  // begins with.
  const term = fc.oneof(
    fc.integer({ min: 0, max: 40 }),
    fc.integer({ min: 0, max: 40 }).map((n) => n * 4_096),
    fc.integer({ min: 0, max: 40 }).map((n) => 126 + n * 128),
    fc.integer({ min: 0, max: 0x7fffff }),
  )
  const entry = fc.record({ term, query: fc.integer({ min: 0, max: 3 }), share: fc.integer({ min: 1, max: 9 }) })
  const entries = fc.uniqueArray(entry, { selector: ({ term: one, query }) => `${one} ${query}`, maxLength: 150 })
  fc.assert(
    fc.property(entries, fc.array(term, { maxLength: 30 }), fc.array(term, { maxLength: 3 }), (all, met, after) => {
      wanted.begin(all.length)
      for (const one of all) wanted.add(one.term, one.query, one.share)
      const bytes = Uint8Array.from([255, ...[...met, ...after].flatMap((one) => bytesOf(one + 1)), 0])
      const counts = new Float64Array(6)
      assert.equal(
        wanted.countIn(bytes, 1, met.length, 2, counts, 2),
        1 + met.flatMap((one) => bytesOf(one + 1)).length,
      )
      const expected = [0, 1, 2, 3].map((query) =>
        met
          .flatMap((one) => all.filter((each) => each.term === one && each.query === query))
          .reduce((sum, { share }) => sum + 2 * share, 0),
      )
      assert.deepEqual([...counts], [0, 0, ...expected])
    }),
  )
})

const bytesOf = (number: number): number[] =>
  number < 128 ? [number] : [(number & 127) | 128, ...bytesOf(number >>> 7)]
