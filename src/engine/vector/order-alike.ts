import { type AddRows, createAddRows, createPlainAddRows } from '../embed/add-rows.ts'
import { clusterRows, type ScaledRows } from './cluster-rows.ts'
import { quantize, queryLevels } from './int8.ts'
import { Kernel } from './kernel.ts'
import { groupSize } from './sign-codes.ts'

/** Rows with the memory they lie in, where there is one. */
export type RowsInMemory = ScaledRows & { readonly memory?: WebAssembly.Memory | undefined }

/** Rows of a cluster, before it is halved and halved again. Larger ones: rows of a group are less alike. */
const clusterSize = 512
/** How often the middles of two halves are moved and the rows shared out anew. More changes nothing. */
const moves = 1
/** Rows of each half that its middle is found by. */
const mostForMiddle = 32

/**
 * The order of rows in which any 16 from a multiple of 16 on are alike: clusters one after the other, each halved at a multiple
 * of 16 until halves are that small. The same rows always give the same order, with SIMD (`useSimd`) and without it.
 */
export function orderAlike(all: RowsInMemory, useSimd = true): Uint16Array {
  const { scales } = all
  const clusters = Math.max(4, Math.round(scales.length / clusterSize / 4) * 4)
  const clusterOf = clusterRows(all, clusters, useSimd)
  const starts = new Uint32Array(clusters + 1)
  for (const cluster of clusterOf) starts[cluster + 1]!++
  for (let n = 0; n < clusters; n++) starts[n + 1]! += starts[n]!
  const order = new Uint16Array(scales.length)
  const next = starts.slice()
  for (let n = 0; n < scales.length; n++) order[next[clusterOf[n]!]!++] = n
  const halving = new Halving(all, order, useSimd)
  for (let n = 0; n < clusters; n++) halving.divide(starts[n]!, starts[n + 1]!)
  return order
}

class Halving {
  private readonly all: RowsInMemory
  private readonly order: Uint16Array
  private readonly kernel: Kernel
  private readonly sum: AddRows
  private readonly direction: Int16Array
  private readonly keys: Float64Array
  private readonly before: Uint16Array

  constructor(all: RowsInMemory, order: Uint16Array, useSimd: boolean) {
    this.all = all
    this.order = order
    this.kernel = new Kernel(useSimd)
    this.sum = addRowsOf(all, useSimd)
    this.direction = new Int16Array(all.dims)
    this.keys = new Float64Array(order.length)
    this.before = new Uint16Array(order.length)
  }

  /** Puts the rows at places `from` to before `to` in order. */
  divide(from: number, to: number): void {
    if (Math.floor(from / groupSize) >= Math.floor((to - 1) / groupSize)) return
    const half = middleOf(from, to)
    // The two rows at the ends of a long line: the farthest from any row, and the farthest from that.
    const one = this.farthest(from, to, this.order[from]!)
    const other = this.farthest(from, to, one)
    this.begin()
    this.count = 0
    this.add(other, 1)
    this.add(one, -1)
    this.share(from, to)
    for (let move = 0; move < moves; move++) {
      this.begin()
      this.addMiddle(from, half, -1)
      this.addMiddle(half, to, 1)
      this.share(from, to)
    }
    this.divide(from, half)
    this.divide(half, to)
  }

  private count = 0

  private begin(): void {
    this.count = 0
    this.sum.out.fill(0)
  }

  private add(row: number, weight: number): void {
    this.sum.indices[this.count] = row
    this.sum.weights[this.count++] = this.all.scales[row]! * weight
  }

  private addMiddle(from: number, to: number, sign: number): void {
    const step = Math.max(1, Math.floor((to - from) / mostForMiddle))
    const rows = Math.ceil((to - from) / step)
    for (let place = from; place < to; place += step) this.add(this.order[place]!, sign / rows)
  }

  /** Orders the rows of some places by their product with the sum. */
  private share(from: number, to: number): void {
    const { order, keys, before, kernel } = this
    this.sum.run(this.count)
    this.measure(from, to)
    for (let n = 0; n < to - from; n++) {
      before[n] = order[from + n]!
      const value = kernel.products[n]! * this.all.scales[before[n]!]!
      // Products are below 2^19 in size: in one number with the place, sorted as numbers are.
      keys[n] = (Math.round(value * 2 ** 12) + 2 ** 36) * 65_536 + n
    }
    keys.subarray(0, to - from).sort()
    for (let n = 0; n < to - from; n++) order[from + n] = before[keys[n]! % 65_536]!
  }

  /** Of the rows of some places the one with the lowest product with another row. */
  private farthest(from: number, to: number, row: number): number {
    const { kernel, order, all } = this
    this.begin()
    this.add(row, 1)
    this.sum.run(this.count)
    this.measure(from, to)
    let lowest = Number.POSITIVE_INFINITY
    let farthest = row
    for (let n = 0; n < to - from; n++) {
      const value = kernel.products[n]! * all.scales[order[from + n]!]!
      if (value < lowest) {
        lowest = value
        farthest = order[from + n]!
      }
    }
    return farthest
  }

  /** The products of the rows of some places with the sum, in `kernel.products`. */
  private measure(from: number, to: number): void {
    const { kernel, all } = this
    quantize(this.sum.out, queryLevels, this.direction)
    kernel.begin({ codes: this.direction, tables: noTables })
    for (let n = 0; n < to - from; n++) kernel.list[n] = this.order[from + n]!
    kernel.dots(all, to - from)
  }
}

const noTables = new Uint8Array(0)

/** Where some places are halved: the multiple of 16 nearest to the middle that lies between them. */
function middleOf(from: number, to: number): number {
  const middle = Math.round((from + to) / 2 / groupSize) * groupSize
  if (middle <= from) return (Math.floor(from / groupSize) + 1) * groupSize
  return middle >= to ? Math.floor((to - 1) / groupSize) * groupSize : middle
}

/** Sums of rows; the loop with SIMD takes 32 numbers at a time. */
export function addRowsOf({ rows, dims, memory }: RowsInMemory, useSimd = true): AddRows {
  return useSimd && memory && dims % 32 === 0 ? createAddRows(rows, dims, memory) : createPlainAddRows(rows, dims)
}
