import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fc } from '../../../tests/property.ts'
import { SumKernel } from './sum-kernel.ts'

test('with SIMD and without it the same documents reach a floor, and just those; nothing remains', () => {
  const [fast, plain] = [new SumKernel(), new SumKernel(false)]
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 200 }),
      fc.integer({ min: 1, max: 10 }),
      fc.constantFrom(0, 16, 65_280),
      (values, floor, from) => {
        const to = Math.min(65_536, from + values.length)
        for (const { sums } of [fast, plain]) for (let n = from; n < to; n++) sums[n] = values[n - from]!
        const counts = [fast, plain].map((kernel) => kernel.take(from, to, floor))
        const wanted = values.slice(0, to - from).flatMap((value, n) => (value >= floor ? [[from + n, value]] : []))
        for (const [n, { candidates, found, sums }] of [fast, plain].entries()) {
          const taken = Array.from(candidates.subarray(0, counts[n]), (one, i) => [one, found[i]])
          assert.deepEqual(taken, wanted)
          assert.ok(sums.every((sum) => sum === 0))
        }
      },
    ),
  )
})
