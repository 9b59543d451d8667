import {
  assemble,
  type Code,
  get,
  i16x8Splat,
  i32,
  i32Above,
  i32Add,
  i32Mul,
  i32Store,
  i32x4Lane,
  load,
  relaxedDotAdd,
  repeat,
  select,
  set,
  type WasmFunction,
} from '../wasm/assemble.ts'
import { compileOnce } from '../wasm/compile-once.ts'

/** Levels of a centroid's components on either side of 0: shifted by one more they are 0 to 127, as the instruction wants. */
export const centroidLevels = 63
const shift = centroidLevels + 1
/** Centroids whose products with a row are summed at once. */
const atOnce = 4
/** Rows copied into the loop's memory at a time. */
const rowsAtOnce = 1_024

/** Finds the centroid with the largest inner product for rows of whole numbers. */
export class NearestCentroids {
  private readonly dims: number
  private readonly count: number
  /** For every 16 components, those of four centroids side by side, shifted above 0. */
  private readonly packed: Uint8Array
  private readonly memory: WebAssembly.Memory | undefined
  private readonly loop: Loop | undefined

  /** `centroids`: `count` times `dims` numbers of -63 to 63; both are multiples of 4 and 16. `useSimd` false: to compare with. */
  constructor(dims: number, count: number, useSimd = true) {
    this.dims = dims
    this.count = count
    const size = dims * (count + rowsAtOnce) + 4 * rowsAtOnce
    const module = useSimd ? compiled() : undefined
    if (module) {
      this.memory = new WebAssembly.Memory({ initial: Math.ceil(size / 65_536) })
      const host = { memory: this.memory }
      this.loop = (new WebAssembly.Instance(module, { host }).exports as { nearest: Loop }).nearest
    }
    this.packed = this.memory ? new Uint8Array(this.memory.buffer, 0, dims * count) : new Uint8Array(dims * count)
  }

  setCentroid(n: number, components: ArrayLike<number>): void {
    const start = Math.floor(n / atOnce) * atOnce * this.dims + (n % atOnce) * 16
    for (let i = 0; i < this.dims; i++)
      this.packed[start + Math.floor(i / 16) * 16 * atOnce + (i % 16)] = components[i]! + shift
  }

  /** For each of `count` rows the number of its centroid: of equal ones the first. */
  find(rows: Int8Array, count: number, out: Uint16Array): void {
    const { dims, memory, loop } = this
    if (!memory || !loop) {
      for (let n = 0; n < count; n++) out[n] = this.plainNearest(rows, n * dims)
      return
    }
    const rowsAt = dims * this.count
    const outAt = rowsAt + dims * rowsAtOnce
    const own = new Int8Array(memory.buffer, rowsAt, dims * rowsAtOnce)
    const found = new Int32Array(memory.buffer, outAt, rowsAtOnce)
    for (let from = 0; from < count; from += rowsAtOnce) {
      const some = Math.min(rowsAtOnce, count - from)
      own.set(rows.subarray(from * dims, (from + some) * dims))
      loop(rowsAt, dims, some, 0, rowsAt, outAt)
      for (let n = 0; n < some; n++) out[from + n] = found[n]!
    }
  }

  private plainNearest(rows: Int8Array, start: number): number {
    const { dims, count, packed } = this
    let best = Number.NEGATIVE_INFINITY
    let nearest = 0
    for (let n = 0; n < count; n++) {
      const first = Math.floor(n / atOnce) * atOnce * dims + (n % atOnce) * 16
      let sum = 0
      for (let i = 0; i < dims; i++)
        sum += rows[start + i]! * packed[first + Math.floor(i / 16) * 16 * atOnce + (i % 16)]!
      if (sum > best) {
        best = sum
        nearest = n
      }
    }
    return nearest
  }
}

type Loop = (rows: number, dims: number, count: number, centroids: number, centroidsEnd: number, out: number) => void

const compiled = compileOnce(() => assemble([nearestFunction()]))

/**
 * `nearest(rows, dims, count, centroids, centroidsEnd, out)`. That every product is too large by 64 times the row's sum changes
 * nothing about which is the largest.
 */
function nearestFunction(): WasmFunction {
  const [row, dims, count, centroids, centroidsEnd, out] = [0, 1, 2, 3, 4, 5] as const
  const [outEnd, centroid, number, at, rowEnd, best, nearest, sum, isBetter] = [6, 7, 8, 9, 10, 11, 12, 13, 14] as const
  const bytes = 15
  const sums = [16, 17, 18, 19] as const
  const better = (n: number): Code => [
    ...[0, 1, 2, 3].flatMap((lane) => [...get(sums[n]!), ...i32x4Lane(lane), ...(lane > 0 ? i32Add : [])]),
    ...[...set(sum), ...get(sum), ...get(best), ...i32Above, ...set(isBetter)],
    ...[...get(sum), ...get(best), ...get(isBetter), ...select, ...set(best)],
    ...[...get(number), ...i32(n), ...i32Add, ...get(nearest), ...get(isBetter), ...select, ...set(nearest)],
  ]
  return {
    name: 'nearest',
    parameters: Array<'i32'>(6).fill('i32'),
    locals: [...Array<'i32'>(9).fill('i32'), ...Array<'v128'>(5).fill('v128')],
    body: [
      ...[...get(out), ...get(count), ...i32(4), ...i32Mul, ...i32Add, ...set(outEnd)],
      ...repeat(out, 4, get(outEnd), [
        ...[...get(row), ...get(dims), ...i32Add, ...set(rowEnd)],
        ...[...i32(-0x80000000), ...set(best), ...i32(0), ...set(nearest), ...i32(0), ...set(number)],
        ...[...get(centroids), ...set(centroid)],
        ...repeat(centroid, 0, get(centroidsEnd), [
          ...sums.flatMap((one) => [...i32(0), ...i16x8Splat, ...set(one)]),
          ...[...get(row), ...set(at)],
          ...repeat(at, 16, get(rowEnd), [
            ...[...get(at), ...load(), ...set(bytes)],
            ...sums.flatMap((one, n) => [
              ...[...get(bytes), ...get(centroid), ...load(16 * n), ...get(one), ...relaxedDotAdd, ...set(one)],
            ]),
            ...[...get(centroid), ...i32(16 * atOnce), ...i32Add, ...set(centroid)],
          ]),
          ...[0, 1, 2, 3].flatMap(better),
          ...[...get(number), ...i32(atOnce), ...i32Add, ...set(number)],
        ]),
        ...[...get(out), ...get(nearest), ...i32Store()],
        ...[...get(rowEnd), ...set(row)],
      ]),
    ],
  }
}
