import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { clusterRows } from './cluster-rows.ts'
import { documentLevels, normalize, quantize, queryLevels } from './int8.ts'
import { Kernel } from './kernel.ts'
import { orderAlike } from './order-alike.ts'
import { putInOrder } from './put-in-order.ts'
import { groupSize, lookupTables, signCodes } from './sign-codes.ts'
import { allocateVectors } from './vector-memory.ts'
import { VectorBuilder, VectorPart } from './vector-part.ts'

const dims = 64
let state = 3
const random = () => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
  return state / 2 ** 31 - 1
}
const direction = () => Float32Array.from({ length: dims }, random)
const subjects = Array.from({ length: 60 }, direction)
/** A vector near one of some subjects; now and then there is none. */
const vector = (n: number) => (n % 97 === 5 ? undefined : subjects[n % 60]!.map((one) => one + random()))

function rowsOf(count: number) {
  const { bytes, memory } = allocateVectors(count * dims)
  const rows = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length)
  const scales = new Float32Array(count)
  for (let n = 0; n < count; n++) {
    const one = vector(n)
    if (one) scales[n] = quantize(normalize(one), documentLevels, rows, n * dims)
  }
  return { rows, scales, dims, memory }
}

describe('rows in an order of their own', () => {
  const all = rowsOf(3_001)

  test('with SIMD and without it, clusters and order are the same', () => {
    assert.ok(all.memory, 'this machine has SIMD, and the rows lie in memory for it')
    assert.deepEqual(clusterRows(all, 12), clusterRows(all, 12, false))
    assert.deepEqual(orderAlike(all), orderAlike(all, false))
  })

  test('every row is in it once, and those of a group are more alike than those of the order before', () => {
    const order = orderAlike(all)
    assert.deepEqual(
      [...order].sort((a, b) => a - b),
      [...all.scales.keys()],
    )
    const likeness = (at: (place: number) => number) => {
      let sum = 0
      for (let place = 0; place + 1 < all.scales.length; place++)
        if ((place + 1) % groupSize !== 0)
          for (let i = 0; i < dims; i++)
            sum +=
              all.rows[at(place) * dims + i]! *
              all.scales[at(place)]! *
              all.rows[at(place + 1) * dims + i]! *
              all.scales[at(place + 1)]!
      return sum / all.scales.length
    }
    const [before, after] = [likeness((place) => place), likeness((place) => order[place]!)]
    assert.ok(after > 0.3 + before, `${before} before, ${after} after`)
  })

  test('moving them keeps every row with its scale, and the codes of the middle of a group are those of its mean', () => {
    const moved = { ...all, rows: all.rows.slice(), scales: all.scales.slice(), memory: undefined }
    const { order, places, middles } = putInOrder(moved)
    const sums = new Float64Array(Math.ceil(all.scales.length / groupSize) * dims)
    for (const [place, row] of order.entries()) {
      assert.equal(places[row], place)
      assert.equal(moved.scales[place], all.scales[row])
      const [to, from] = [place * dims, row * dims]
      assert.deepEqual(moved.rows.subarray(to, to + dims), all.rows.subarray(from, from + dims))
      for (let i = 0; i < dims; i++) sums[(place >> 4) * dims + i]! += all.rows[from + i]! * all.scales[row]!
    }
    const groups = Math.ceil(all.scales.length / groupSize)
    const fine = new Int8Array(groups * 2 * dims)
    for (const [n, sum] of sums.entries()) {
      const first = n - (n % dims)
      const size = Math.sqrt(sums.subarray(first, first + dims).reduce((squares, one) => squares + one * one, 0) / dims)
      const sign = sum < 0 ? -1 : 1
      fine[first + n] = sign
      fine[first + n + dims] = Math.abs(sum) > 0.98 * size ? sign : -sign
    }
    const expected = signCodes(fine, groups, 2 * dims)
    let different = 0
    for (const [n, code] of expected.entries()) if (code !== middles[n]) different++
    // Sums of 32 bits and of 64 may lie on either side of a bound.
    assert.ok(different <= 6, `${different} of ${expected.length} differ`)
  })
})

test('a large part answers by document as a small one does, and so does one that is copied from it', () => {
  const count = 20_000
  const model = { id: 'test', dims }
  const vectors = Array.from({ length: count }, (_, n) => vector(n))
  const build = (some: readonly (Float32Array | undefined)[]) => {
    const builder = new VectorBuilder(model, some.length)
    for (const one of some) builder.add(one?.slice())
    return new VectorPart(builder.finish(), true)
  }
  const large = build(vectors)
  const small = build(vectors.slice(0, 1_000))
  const copier = new VectorBuilder(model, 20_000)
  for (let n = 0; n < count; n++) copier.copy(large, n)
  const copy = new VectorPart(copier.finish())
  assert.ok(large.order && copy.order && !small.order)
  const sumOf = (part: VectorPart, document: number) => {
    const sum = new Float32Array(dims)
    part.addTo(sum, document, 2)
    return sum
  }
  for (let n = 0; n < 1_000; n++) {
    assert.equal(large.documentAt(large.placeOf(n)), n)
    assert.deepEqual(sumOf(large, n), sumOf(small, n))
    assert.deepEqual(sumOf(copy, n), sumOf(small, n))
  }
})

test('sums of middles are the same with SIMD and without it, and count the second half of the components half', () => {
  const count = 5_000
  const groups = Math.ceil(count / groupSize)
  const builder = new VectorBuilder({ id: 'test', dims }, count)
  for (let n = 0; n < count; n++) builder.add(vector(n))
  const part = new VectorPart(builder.finish())
  const { middles } = part
  assert.ok(part.memory && middles)
  const query = new Int16Array(dims)
  quantize(vector(7)!, queryLevels, query)
  const tables = lookupTables(query)
  const sums = Array.from({ length: groups }, (_, group) => {
    let sum = 0
    for (let byte = 0; byte < dims / 4; byte++) {
      const code = middles[((group >> 4) * (dims / 4) + byte) * groupSize + (group & 15)]!
      const at = (byte % (dims / 8)) * 32
      const [low, high] = [tables[at + (code & 15)]!, tables[at + 16 + (code >> 4)]!]
      sum += byte < dims / 8 ? low + high : (low >> 1) + (high >> 1)
    }
    return sum
  })
  const threshold = sums.toSorted((a, b) => a - b)[groups >> 1]!
  for (const kernel of [new Kernel(), new Kernel(false)]) {
    kernel.begin({ codes: query, tables })
    for (const from of [0, 160, 304]) {
      const found = kernel.scanMiddles(part, middles, from, 160, threshold)
      const expected = sums.flatMap((sum, group) =>
        sum >= threshold && group >= from && group < from + 160 ? [sum * 65_536 + group] : [],
      )
      assert.deepEqual([...kernel.scanned.subarray(0, found)], expected)
    }
  }
})
