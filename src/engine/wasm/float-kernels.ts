import {
  add,
  assemble,
  type Code,
  f32,
  f32Add,
  f32Mul,
  get,
  i32,
  i32Add,
  i32Load,
  i32Mul,
  i32x4Add,
  i32x4Shift,
  i32x4Splat,
  lane,
  load,
  load32Splat,
  maximum,
  minimum,
  multiply,
  nearest,
  repeat,
  set,
  splat,
  store,
  subtract,
  truncate,
  type WasmFunction,
  when,
} from './assemble.ts'

// Inner loops on float32 for training and fitting, over one memory that threads may share. Addresses and strides are in
// bytes. All sums run in a fixed order, so that the result does not depend on how many threads share the work.

export type Kernels = {
  /**
   * C[m x 8] (+)= A[m x k] . B[k x 8]; m a multiple of 4. A's element (i, j) lies at a + i*aRow + j*aColumn; B is packed,
   * eight floats a row; C's rows are cRow apart. `accumulate` 0 overwrites.
   */
  product(
    a: number,
    aRow: number,
    aColumn: number,
    b: number,
    c: number,
    cRow: number,
    m: number,
    k: number,
    accumulate: number,
  ): void
  /** x = exp(scale * x) in place for `count` (multiple of 4) floats; returns their sum. |scale * x| must stay below 80. */
  exponentials(x: number, count: number, scale: number): number
  /** sums[j] += x[j], `count` a multiple of 4. */
  addTo(sums: number, x: number, count: number): void
  /** x[j] = x[j] * (a + b[j]), `count` a multiple of 4. */
  weigh(x: number, count: number, a: number, b: number): void
  /** out = sum of the rows whose numbers stand at `indices` (uint32), `count` of them; rows are `bytes` long, a multiple of 64. */
  sumRows(indices: number, count: number, rows: number, bytes: number, out: number): void
  /** As `sumRows`, each row times its weight (float32) at `weights`. */
  sumWeightedRows(indices: number, weights: number, count: number, rows: number, bytes: number, out: number): void
  /** Sum of squares of `count` floats (a multiple of 4). */
  squares(x: number, count: number): number
  /** momentum = decay * momentum + gradient; row -= rate * momentum. `count` a multiple of 4. */
  step(row: number, momentum: number, gradient: number, count: number, decay: number, rate: number): void
  /** x = factor * x, `count` a multiple of 4. */
  scale(x: number, count: number, factor: number): void
}

const bytesOf = (count: Code) => [...count, ...i32(4), ...i32Mul]
const horizontalSum = (local: number): number[] => [
  ...[...get(local), ...lane(0), ...get(local), ...lane(1), ...f32Add],
  ...[...get(local), ...lane(2), ...get(local), ...lane(3), ...f32Add, ...f32Add],
]

function product(): WasmFunction {
  const [a, aRow, aColumn, b, c, cRow, m, k, accumulate] = [0, 1, 2, 3, 4, 5, 6, 7, 8]
  const [i, j, a0, bAt, end] = [9, 10, 11, 12, 13]
  const sums = [14, 15, 16, 17, 18, 19, 20, 21]
  const [left, right, value] = [22, 23, 24]
  const rows = [0, 1, 2, 3]
  const aAddress = (row: number): Code =>
    row === 0 ? get(a0) : [...get(a0), ...get(aRow), ...i32(row), ...i32Mul, ...i32Add]
  // Addresses of the four rows of A, advanced together.
  const pointers = [25, 26, 27, 28]
  const inner: Code = [
    ...[...get(bAt), ...load(0), ...set(left), ...get(bAt), ...load(16), ...set(right)],
    ...rows.flatMap((row) => [
      ...[...get(pointers[row]!), ...load32Splat(), ...set(value)],
      ...[...get(value), ...get(left), ...multiply, ...get(sums[2 * row]!), ...add, ...set(sums[2 * row]!)],
      ...[...get(value), ...get(right), ...multiply, ...get(sums[2 * row + 1]!), ...add, ...set(sums[2 * row + 1]!)],
      ...[...get(pointers[row]!), ...get(aColumn), ...i32Add, ...set(pointers[row]!)],
    ]),
    ...[...get(bAt), ...i32(32), ...i32Add, ...set(bAt)],
  ]
  const zero = [...f32(0), ...splat]
  const cRowStep = [...get(c), ...get(cRow), ...i32Add, ...set(c)]
  const fromC: Code = [
    ...[...get(c), ...set(end)],
    ...rows.flatMap((row) => [
      ...[...get(end), ...load(0), ...set(sums[2 * row]!), ...get(end), ...load(16), ...set(sums[2 * row + 1]!)],
      ...[...get(end), ...get(cRow), ...i32Add, ...set(end)],
    ]),
  ]
  const body: Code = [
    ...[...get(a), ...set(a0), ...i32(0), ...set(i)],
    ...repeat(i, 4, get(m), [
      ...rows.flatMap((row) => [...aAddress(row), ...set(pointers[row]!)]),
      ...when(
        accumulate,
        fromC,
        sums.flatMap((sum) => [...zero, ...set(sum)]),
      ),
      ...[...get(b), ...set(bAt), ...i32(0), ...set(j)],
      ...repeat(j, 1, get(k), inner),
      ...rows.flatMap((row) => [
        ...[...get(c), ...get(sums[2 * row]!), ...store(0), ...get(c), ...get(sums[2 * row + 1]!), ...store(16)],
        ...cRowStep,
      ]),
      ...[...get(a0), ...get(aRow), ...i32(4), ...i32Mul, ...i32Add, ...set(a0)],
    ]),
  ]
  return {
    name: 'product',
    parameters: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'],
    locals: [
      ...Array<'i32'>(5).fill('i32'),
      ...Array<'v128'>(8).fill('v128'),
      ...Array<'v128'>(3).fill('v128'),
      ...Array<'i32'>(4).fill('i32'),
    ],
    body,
  }
}

/** exp(x) = 2^n * 2^f with n = round(x / ln 2), |f| <= 1/2; 2^f by its series to the fifth power (error below 3e-7). */
function exponentials(): WasmFunction {
  const [x, count, scale, at, power, whole, sum, end] = [0, 1, 2, 3, 4, 5, 6, 7]
  const coefficients = [1, Math.LN2, 0.24022651, 0.05550411, 0.00961813, 0.00133336]
  const [highest, ...lower] = coefficients.toReversed()
  const horner: Code = [
    ...[...f32(highest!), ...splat],
    ...lower.flatMap((coefficient) => [...get(power!), ...multiply, ...f32(coefficient), ...splat, ...add]),
  ]
  return {
    name: 'exponentials',
    parameters: ['i32', 'i32', 'f32'],
    result: 'f32',
    locals: ['i32', 'v128', 'v128', 'v128', 'i32'],
    body: [
      ...[...get(x!), ...set(at!), ...get(x!), ...bytesOf(get(count!)), ...i32Add, ...set(end!)],
      ...repeat(at!, 16, get(end!), [
        ...[...get(at!), ...load(), ...get(scale!), ...f32(Math.LOG2E), ...f32Mul, ...splat, ...multiply],
        ...[...f32(120), ...splat, ...minimum, ...f32(-120), ...splat, ...maximum, ...set(power!)],
        ...[...get(power!), ...nearest, ...set(whole!), ...get(power!), ...get(whole!), ...subtract, ...set(power!)],
        ...get(at!),
        ...horner,
        // 2^n: n + 127 in the exponent bits.
        ...[...get(whole!), ...truncate, ...i32(127), ...i32x4Splat, ...i32x4Add, ...i32(23), ...i32x4Shift],
        ...[...multiply, ...set(power!), ...get(power!), ...store()],
        ...[...get(sum!), ...get(power!), ...add, ...set(sum!)],
      ]),
      ...horizontalSum(sum!),
    ],
  }
}

function elementwise(
  name: string,
  parameters: WasmFunction['parameters'],
  count: number,
  cursors: readonly number[],
  body: Code,
  last: Code = [],
  result?: 'f32',
): WasmFunction {
  // Locals after the parameters: v128 scratch, then the end of the first cursor.
  const end = parameters.length + 1
  const others = cursors.slice(1).flatMap((cursor) => [...get(cursor), ...i32(16), ...i32Add, ...set(cursor)])
  return {
    name,
    parameters,
    ...(result ? { result } : {}),
    locals: ['v128', 'i32'],
    body: [
      ...[...get(cursors[0]!), ...bytesOf(get(count)), ...i32Add, ...set(end)],
      ...repeat(cursors[0]!, 16, get(end), [...body, ...others]),
      ...last,
    ],
  }
}

/** With weights or without: 64 bytes of every row, then the next 64, so that the sums stay in registers. */
function sumRows(isWeighted: boolean): WasmFunction {
  const [indices, weights] = [0, 1]
  const [count, rows, bytes, out] = isWeighted ? [2, 3, 4, 5] : [1, 2, 3, 4]
  const [column, cursor, row, end, weightAt] = [1, 2, 3, 4, 5].map((n) => n + out!) as [number, ...number[]]
  const sums = [6, 7, 8, 9].map((n) => n + out!)
  const weight = out! + 10
  const term = (part: number): Code => [
    ...[...get(row!), ...load(16 * part)],
    ...(isWeighted ? [...get(weight), ...multiply] : []),
  ]
  return {
    name: isWeighted ? 'sumWeightedRows' : 'sumRows',
    parameters: Array<'i32'>(out! + 1).fill('i32'),
    locals: [...Array<'i32'>(5).fill('i32'), ...Array<'v128'>(5).fill('v128')],
    body: [
      ...[...get(indices), ...bytesOf(get(count!)), ...i32Add, ...set(end!)],
      ...repeat(column, 64, get(bytes!), [
        ...sums.flatMap((sum) => [...f32(0), ...splat, ...set(sum)]),
        ...[...get(indices), ...set(cursor!)],
        ...(isWeighted ? [...get(weights), ...set(weightAt!)] : []),
        ...repeat(cursor!, 4, get(end!), [
          ...[...get(cursor!), ...i32Load(), ...get(bytes!), ...i32Mul, ...get(rows!), ...i32Add],
          ...[...get(column), ...i32Add, ...set(row!)],
          ...(isWeighted ? [...get(weightAt!), ...load32Splat(), ...set(weight)] : []),
          ...sums.flatMap((sum, part) => [...term(part), ...get(sum), ...add, ...set(sum)]),
          ...(isWeighted ? [...get(weightAt!), ...i32(4), ...i32Add, ...set(weightAt!)] : []),
        ]),
        ...sums.flatMap((sum, part) => [
          ...[...get(out!), ...get(column), ...i32Add, ...get(sum), ...store(16 * part)],
        ]),
      ]),
    ],
  }
}

const functions: WasmFunction[] = [
  product(),
  exponentials(),
  elementwise(
    'addTo',
    ['i32', 'i32', 'i32'],
    2,
    [0, 1],
    [...[...get(0), ...get(0), ...load(), ...get(1), ...load(), ...add, ...store()]],
  ),
  elementwise(
    'weigh',
    ['i32', 'i32', 'f32', 'i32'],
    1,
    [0, 3],
    [...[...get(0), ...get(0), ...load(), ...get(2), ...splat, ...get(3), ...load(), ...add, ...multiply, ...store()]],
  ),
  sumRows(false),
  sumRows(true),
  elementwise(
    'squares',
    ['i32', 'i32'],
    1,
    [0],
    [...get(0), ...load(), ...get(0), ...load(), ...multiply, ...get(2), ...add, ...set(2)],
    horizontalSum(2),
    'f32',
  ),
  elementwise(
    'step',
    ['i32', 'i32', 'i32', 'i32', 'f32', 'f32'],
    3,
    [0, 1, 2],
    [
      ...[...get(1), ...load(), ...get(4), ...splat, ...multiply, ...get(2), ...load(), ...add, ...set(6)],
      ...[...get(1), ...get(6), ...store()],
      ...[...get(0), ...get(0), ...load(), ...get(6), ...get(5), ...splat, ...multiply, ...subtract, ...store()],
    ],
  ),
  elementwise(
    'scale',
    ['i32', 'i32', 'f32'],
    1,
    [0],
    [...[...get(0), ...get(0), ...load(), ...get(2), ...splat, ...multiply, ...store()]],
  ),
]

/** Compiles the kernels over a memory. `sharedPages`: for a shared memory, the maximum it was made with. */
export function createKernels(memory: WebAssembly.Memory, sharedPages?: number): Kernels {
  const module = new WebAssembly.Module(assemble(functions, sharedPages))
  return new WebAssembly.Instance(module, { host: { memory } }).exports as unknown as Kernels
}
