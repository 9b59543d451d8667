import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fc } from '../../../tests/property.ts'
import { WantedTerms } from './wanted-terms.ts'

test('wanted terms count for their terms of the query, all others for nothing, one query after the other', () => {
  const wanted = new WantedTerms()
  // Terms that fall on the same slots, and more of them than the table begins with.
  const term = fc.oneof(
    fc.integer({ min: 0, max: 40 }),
    fc.integer({ min: 0, max: 40 }).map((n) => n * 4_096),
  )
  const entry = fc.record({ term, query: fc.integer({ min: 0, max: 3 }), share: fc.integer({ min: 1, max: 9 }) })
  const entries = fc.uniqueArray(entry, { selector: ({ term: one, query }) => `${one} ${query}`, maxLength: 150 })
  fc.assert(
    fc.property(entries, fc.array(term, { maxLength: 30 }), (all, met) => {
      wanted.begin(all.length)
      for (const one of all) wanted.add(one.term, one.query, one.share)
      const counts = new Float64Array(6)
      for (const one of met) if (wanted.slots[one & wanted.mask] !== 0) wanted.addTo(counts, 2, one, 2)
      const expected = [0, 1, 2, 3].map((query) =>
        met
          .flatMap((one) => all.filter((each) => each.term === one && each.query === query))
          .reduce((sum, { share }) => sum + 2 * share, 0),
      )
      assert.deepEqual([...counts], [0, 0, ...expected])
    }),
  )
})
