import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fc } from '../../../tests/property.ts'
import { SumKernel } from './sum-kernel.ts'

test('with SIMD and without it the same documents reach a floor, and just those', () => {
  const [fast, plain] = [new SumKernel(), new SumKernel(false)]
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 200 }),
      fc.integer({ min: 1, max: 10 }),
      fc.constantFrom(0, 16, 65_280),
      (values, floor, from) => {
        const to = Math.min(65_536, from + values.length)
        for (const { sums } of [fast, plain]) for (let n = from; n < to; n++) sums[n] = values[n - from]!
        const counts = [fast, plain].map((kernel) => kernel.collect(from, to, floor))
        const wanted = values.slice(0, to - from).flatMap((value, n) => (value >= floor ? [from + n] : []))
        for (const [n, { candidates }] of [fast, plain].entries())
          assert.deepEqual([...candidates.subarray(0, counts[n])], wanted)
        for (const { sums } of [fast, plain]) sums.fill(0)
      },
    ),
  )
})
