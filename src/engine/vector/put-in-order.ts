import { addRowsOf, orderAlike, type RowsInMemory } from './order-alike.ts'
import { groupSize, signCodes } from './sign-codes.ts'

/** A component of a middle is large above so many times the root of their mean square: half as many large as small ones. */
const largeFrom = 0.98

/**
 * Moves rows and scales where they lie, so that those of a group are alike. Answers which row came to each place, the place of
 * each row, and the codes of the mean of each group: see `VectorPart`.
 */
export function putInOrder(all: RowsInMemory): { order: Uint16Array; places: Uint16Array; middles: Uint8Array } {
  const order = orderAlike(all)
  const places = new Uint16Array(order.length)
  for (let place = 0; place < order.length; place++) places[order[place]!] = place
  move(all, order)
  return { order, places, middles: middlesOf(all) }
}

/** Brings row `order[n]` to place n, for all of them, with memory for one row. */
function move({ rows, scales, dims }: RowsInMemory, order: Uint16Array): void {
  const isMoved = new Uint8Array(order.length)
  const row = new Int8Array(dims)
  for (let start = 0; start < order.length; start++) {
    if (isMoved[start]) continue
    row.set(rows.subarray(start * dims, (start + 1) * dims))
    const scale = scales[start]!
    let place = start
    for (let from = order[place]!; from !== start; from = order[place]!) {
      rows.copyWithin(place * dims, from * dims, (from + 1) * dims)
      scales[place] = scales[from]!
      isMoved[place] = 1
      place = from
    }
    rows.set(row, place * dims)
    scales[place] = scale
    isMoved[place] = 1
  }
}

function middlesOf(all: RowsInMemory): Uint8Array {
  const { scales, dims } = all
  const sum = addRowsOf(all)
  const groups = Math.ceil(scales.length / groupSize)
  /** Of each group the signs, then what is positive and large or negative and small. */
  const signs = new Int8Array(groups * 2 * dims)
  for (let group = 0; group < groups; group++) {
    const from = group * groupSize
    const count = Math.min(groupSize, scales.length - from)
    for (let n = 0; n < count; n++) {
      sum.indices[n] = from + n
      sum.weights[n] = scales[from + n]!
    }
    sum.out.fill(0)
    sum.run(count)
    let squares = 0
    for (let i = 0; i < dims; i++) squares += sum.out[i]! ** 2
    const large = largeFrom * Math.sqrt(squares / dims)
    for (let i = 0, at = group * 2 * dims; i < dims; i++, at++) {
      const sign = sum.out[i]! < 0 ? -1 : 1
      signs[at] = sign
      signs[at + dims] = Math.abs(sum.out[i]!) > large ? sign : -sign
    }
  }
  return signCodes(signs, groups, 2 * dims)
}
