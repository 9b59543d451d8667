import {
  add,
  assemble,
  type Code,
  convert,
  extendHigh,
  extendLow,
  get,
  i32,
  i32Add,
  i32LoadOther,
  i32Mul,
  load8x8,
  load32SplatOther,
  loadOther,
  multiply,
  repeat,
  set,
  storeOther,
} from '../wasm/assemble.ts'
import { compileOnce } from '../wasm/compile-once.ts'

/**
 * out[k] += sum over i of weights[i] * rows[indices[i]][k], for the first `count` indices. All float32 and in this order,
 * so that both ways below give the same bits.
 */
export type AddRows = {
  rows: Int8Array
  indices: Uint32Array
  weights: Float32Array
  out: Float32Array
  run(count: number): void
}

/** Items handed over at once; longer texts take several turns. */
export const MAX_ITEMS = 4096
const PAGE = 65_536
/** As large as WebAssembly memory can be, so that a memory of any size fits. */
const MOST_PAGES = 65_536
const COLUMNS = 32

/**
 * With SIMD. `memory`: the shared memory that the rows lie in, where they stay; without it they are copied into one.
 * `dims` is a multiple of 32. A machine without SIMD or without memories to share gets `createPlainAddRows`.
 */
export function createAddRows(rows: Int8Array, dims: number, memory?: WebAssembly.Memory): AddRows {
  const module = compiled()
  const place = memory ? { rows, memory } : inMemory(rows)
  if (!module || !place.memory) return createPlainAddRows(rows, dims)
  const [indicesAt, weightsAt, outAt] = [0, MAX_ITEMS * 4, MAX_ITEMS * 8]
  const own = new WebAssembly.Memory({ initial: Math.ceil((outAt + dims * 4) / PAGE) })
  const { addRows } = new WebAssembly.Instance(module, { host: { memory: place.memory, other: own } }).exports as {
    addRows(indices: number, weights: number, count: number, rows: number, dims: number, out: number): void
  }
  const rowsAt = place.rows.byteOffset
  return {
    rows: place.rows,
    indices: new Uint32Array(own.buffer, indicesAt, MAX_ITEMS),
    weights: new Float32Array(own.buffer, weightsAt, MAX_ITEMS),
    out: new Float32Array(own.buffer, outAt, dims),
    run: (count) => {
      if (count > 0) addRows(indicesAt, weightsAt, count, rowsAt, dims, outAt)
    },
  }
}

/** The rows in memory that threads can share; `memory` is undefined where there is none. */
export function inMemory(rows: Int8Array): { rows: Int8Array; memory?: WebAssembly.Memory | undefined } {
  const { bytes, memory } = shareable(rows.length)
  const inside = new Int8Array(bytes.buffer, 0, rows.length)
  inside.set(rows)
  return { rows: inside, memory }
}

/** Memory for bytes that threads can share and rows be added up in; `memory` is undefined where there is none. */
export function shareable(length: number): { bytes: Uint8Array; memory?: WebAssembly.Memory | undefined } {
  const pages = Math.max(1, Math.ceil(length / PAGE))
  try {
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true })
    return { bytes: new Uint8Array(memory.buffer, 0, length), memory }
  } catch {
    return { bytes: new Uint8Array(new SharedArrayBuffer(length)) } // no address space: the plain loops do
  }
}

const compiled = compileOnce(() => assemble([addRowsFunction()], MOST_PAGES, true))

/** The same in plain JavaScript, for machines without SIMD and for comparison. */
export function createPlainAddRows(rows: Int8Array, dims: number): AddRows {
  const indices = new Uint32Array(MAX_ITEMS)
  const weights = new Float32Array(MAX_ITEMS)
  const out = new Float32Array(dims)
  return {
    rows,
    indices,
    weights,
    out,
    run(count) {
      for (let i = 0; i < count; i++) {
        const [at, weight] = [indices[i]! * dims, weights[i]!]
        for (let k = 0; k < dims; k++) out[k]! += Math.fround(weight * rows[at + k]!)
      }
    },
  }
}

/** The first memory holds the rows, the second, of this thread, all else. */
function addRowsFunction() {
  const [indices, weights, count, rows, dims, out, column, cursor, weightAt, row, end] = [
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
  ] as const
  const sums = [11, 12, 13, 14, 15, 16, 17, 18]
  const [weight, bytes] = [19, 20]
  // out has four bytes where a row has one.
  const outColumn: Code = [...get(out), ...get(column), ...i32(4), ...i32Mul, ...i32Add]
  const eight = (part: number): Code => [
    ...[...get(row), ...load8x8(8 * part), ...set(bytes)],
    ...[extendLow, extendHigh].flatMap((extend, half) => {
      const sum = sums[2 * part + half]!
      return [
        ...[...get(bytes), ...extend, ...convert, ...get(weight), ...multiply],
        ...[...get(sum), ...add, ...set(sum)],
      ]
    }),
  ]
  return {
    name: 'addRows',
    parameters: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'] as const,
    locals: [...Array<'i32'>(5).fill('i32'), ...Array<'v128'>(10).fill('v128')],
    body: [
      ...[...get(indices), ...get(count), ...i32(4), ...i32Mul, ...i32Add, ...set(end)],
      ...repeat(column, COLUMNS, get(dims), [
        ...sums.flatMap((sum, part) => [...outColumn, ...loadOther(16 * part), ...set(sum)]),
        ...[...get(indices), ...set(cursor), ...get(weights), ...set(weightAt)],
        ...repeat(cursor, 4, get(end), [
          ...[...get(cursor), ...i32LoadOther(), ...get(dims), ...i32Mul, ...get(rows), ...i32Add],
          ...[...get(column), ...i32Add, ...set(row)],
          ...[...get(weightAt), ...load32SplatOther(), ...set(weight)],
          ...[0, 1, 2, 3].flatMap(eight),
          ...[...get(weightAt), ...i32(4), ...i32Add, ...set(weightAt)],
        ]),
        ...sums.flatMap((sum, part) => [...outColumn, ...get(sum), ...storeOther(16 * part)]),
      ]),
    ],
  }
}
