import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { quantize, queryLevels } from './int8.ts'
import { Kernel } from './kernel.ts'
import { groupSize, lookupTables } from './sign-codes.ts'
import { VectorBuilder, VectorPart } from './vector-part.ts'

/** Numbers from -1 to 1 that are the same in every run. */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 31 - 1
  }
}

function part(count: number, dims: number, seed: number): VectorPart {
  const next = numbers(seed)
  const builder = new VectorBuilder({ id: 'test', dims }, count)
  for (let n = 0; n < count; n++) builder.add(n % 7 === 3 ? undefined : Float32Array.from({ length: dims }, next))
  return new VectorPart(builder.finish(), true)
}

function query(dims: number, seed: number) {
  const vector = Float32Array.from({ length: dims }, numbers(seed))
  const codes = new Int16Array(dims)
  quantize(vector, queryLevels, codes)
  return { codes, tables: lookupTables(codes) }
}

describe('the inner loops over vectors', () => {
  for (const [count, dims] of [
    [1_000, 64],
    [257, 256],
    [100, 1_024],
  ] as const) {
    test(`with SIMD and without it they give the same numbers: ${count} vectors of ${dims}`, () => {
      const vectors = part(count, dims, dims)
      assert.ok(vectors.memory, 'this machine has SIMD, and the vectors lie in memory for it')
      const [fast, plain] = [new Kernel(), new Kernel(false)]
      const groups = Math.ceil(count / groupSize)
      for (let seed = 1; seed < 5; seed++) {
        for (const kernel of [fast, plain]) kernel.begin(query(dims, seed))
        for (const threshold of [0, dims * 7, dims * 8]) {
          const found = fast.scan(vectors, 1, groups - 1, threshold)
          assert.equal(plain.scan(vectors, 1, groups - 1, threshold), found)
          assert.deepEqual(fast.scanned.subarray(0, found), plain.scanned.subarray(0, found))
          if (threshold === 0) assert.equal(found, (groups - 1) * groupSize)
          const list = [groups - 1, 2, 0].map((group) => (0xffff << 16) | group)
          const some = [fast, plain].map((kernel) => {
            kernel.list.set(list)
            return [...kernel.scanned.subarray(0, kernel.scanList(vectors, list.length, threshold))]
          })
          assert.deepEqual(some[0], some[1])
          const each = list.flatMap((entry) => [
            ...plain.scanned.subarray(0, plain.scan(vectors, entry & 0xffff, 1, threshold)),
          ])
          assert.deepEqual(some[1], each)
          for (const kernel of [fast, plain]) {
            kernel.list.set(list.map((entry) => (entry & 0xffff) | (0x8101 << 16)))
            const count = kernel.scanList(vectors, list.length, threshold)
            const lanes = each.filter((entry) => [0, 8, 15].includes(entry % groupSize))
            assert.deepEqual([...kernel.scanned.subarray(0, count)], lanes)
          }
        }
        for (const kernel of [fast, plain]) {
          for (let n = 0; n < count; n++) kernel.list[n] = count - 1 - n
          kernel.dots(vectors, count)
        }
        assert.deepEqual(fast.products.subarray(0, count), plain.products.subarray(0, count))
      }
    })
  }

  test('sums do not overflow at the largest number of dimensions and the largest values', () => {
    const dims = 4_096
    const builder = new VectorBuilder({ id: 'test', dims }, 2)
    builder.add(new Float32Array(dims).fill(1))
    builder.add(new Float32Array(dims).fill(-1))
    const vectors = new VectorPart(builder.finish())
    const codes = new Int16Array(dims).fill(queryLevels)
    for (const kernel of [new Kernel(), new Kernel(false)]) {
      kernel.begin({ codes, tables: lookupTables(codes) })
      kernel.list.set([0, 1])
      kernel.dots(vectors, 2)
      assert.deepEqual([...kernel.products.subarray(0, 2)], [127 * queryLevels * dims, -127 * queryLevels * dims])
      assert.equal(kernel.scan(vectors, 0, 1, 1), 1)
      assert.equal(kernel.scanned[0]! >>> 16, (dims / 4) * 63)
    }
  })
})
