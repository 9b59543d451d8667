import { segmentCapacity } from '../segments/capacity.ts'
import {
  assemble,
  type Code,
  countTrailingZeros,
  get,
  i32,
  i32Add,
  i32And,
  i32Load,
  i32ShiftLeft,
  i32ShiftRight,
  i32Store,
  i32Sub,
  i32x4AtLeast,
  i32x4Bitmask,
  i32x4Splat,
  load,
  or,
  repeat,
  set,
  store,
  vectorIsAny,
  when,
  whileNotZero,
} from '../wasm/assemble.ts'
import { compileOnce } from '../wasm/compile-once.ts'

/** Sums looked at in one step; a length of them is a multiple of this. */
const step = 16
const sumsLength = segmentCapacity + step
const candidatesAt = sumsLength * 4
const candidatesBytes = segmentCapacity * 4

/**
 * The sums of the documents of a segment, and the search for those that reach a floor: with SIMD where there is any, else in
 * JavaScript, with the same result.
 */
export class SumKernel {
  /** One for each document; zeros between queries. */
  readonly sums: Int32Array
  /** Documents found by `take`, and the sum of each. */
  readonly candidates: Uint32Array
  readonly found: Int32Array
  private readonly find: Find | undefined

  /** `useSimd` false: plain JavaScript, to compare with. */
  constructor(useSimd = true) {
    const memory = new WebAssembly.Memory({ initial: Math.ceil((candidatesAt + 2 * candidatesBytes) / 65_536) })
    this.sums = new Int32Array(memory.buffer, 0, sumsLength)
    this.candidates = new Uint32Array(memory.buffer, candidatesAt, segmentCapacity)
    this.found = new Int32Array(memory.buffer, candidatesAt + candidatesBytes, segmentCapacity)
    const module = useSimd ? compiledFinder() : undefined
    if (module) this.find = new WebAssembly.Instance(module, { host: { memory } }).exports.find as Find
  }

  /**
   * Lists the documents from `from` to before `to` whose sum is at least `floor`, which is above 0, and answers how many. All sums
   * there are zeros then.
   */
  take(from: number, to: number, floor: number): number {
    if (to <= from) return 0
    const { sums, candidates, found, find } = this
    // Sums past `to` are zeros, hence below any floor.
    if (find && from % step === 0)
      return (find(from * 4, Math.ceil(to / step) * step * 4, floor, candidatesAt) >>> 2) >>> 0
    let count = 0
    for (let document = from; document < to; document++) {
      if (sums[document]! < floor) continue
      found[count] = sums[document]!
      candidates[count++] = document
    }
    sums.fill(0, from, to)
    return count
  }
}

type Find = (from: number, to: number, floor: number, out: number) => number

const compiledFinder = compileOnce(() => assemble([findFunction()]))

/**
 * `find(from, to, floor, out) -> bytes`: the numbers (u32) of the i32 sums in a stretch of memory that reach the floor, and as far
 * behind them as there may be candidates, the sums. Leaves zeros in the stretch.
 */
function findFunction() {
  const [from, to, floor, out] = [0, 1, 2, 3] as const
  const [start, some, mask, least, zero] = [4, 5, 6, 7, 8] as const
  const reaches = (n: number): Code => [...get(from), ...load(16 * n), ...get(least), ...i32x4AtLeast]
  const list = (n: number): Code => [
    ...[...reaches(n), ...i32x4Bitmask, ...set(mask)],
    ...whileNotZero(mask, [
      ...get(out),
      ...[...get(from), ...i32(2), ...i32ShiftRight, ...i32(4 * n), ...i32Add],
      ...[...get(mask), ...countTrailingZeros, ...i32Add, ...i32Store()],
      ...get(out),
      ...[...get(from), ...get(mask), ...countTrailingZeros, ...i32(2), ...i32ShiftLeft, ...i32Add],
      ...[...i32Load(16 * n), ...i32Store(candidatesBytes)],
      ...[...get(out), ...i32(4), ...i32Add, ...set(out)],
      ...[...get(mask), ...get(mask), ...i32(1), ...i32Sub, ...i32And, ...set(mask)],
    ]),
  ]
  return {
    name: 'find',
    parameters: Array<'i32'>(4).fill('i32'),
    result: 'i32' as const,
    locals: ['i32', 'i32', 'i32', 'v128', 'v128'] as const,
    body: [
      ...[...get(out), ...set(start)],
      ...[...get(floor), ...i32x4Splat, ...set(least)],
      ...repeat(from, 4 * step, get(to), [
        ...[
          ...reaches(0),
          ...reaches(1),
          ...or,
          ...reaches(2),
          ...reaches(3),
          ...or,
          ...or,
          ...vectorIsAny,
          ...set(some),
        ],
        ...when(some, [0, 1, 2, 3].flatMap(list)),
        ...[0, 1, 2, 3].flatMap((n) => [...get(from), ...get(zero), ...store(16 * n)]),
      ]),
      ...[...get(out), ...get(start), ...i32Sub],
    ],
  }
}
