import {
  and,
  assemble,
  type Code,
  countTrailingZeros,
  dotPairs,
  get,
  i8x16Add,
  i8x16Splat,
  i16x8Add,
  i16x8AtLeastUnsigned,
  i16x8Bitmask,
  i16x8ExtendHigh,
  i16x8ExtendHighUnsigned,
  i16x8ExtendLow,
  i16x8ExtendLowUnsigned,
  i16x8ShiftRightUnsigned,
  i16x8Splat,
  i32,
  i32Add,
  i32And,
  i32Below,
  i32Load,
  i32Load16Other,
  i32LoadOther,
  i32Mul,
  i32Or,
  i32ShiftLeft,
  i32ShiftRight,
  i32StoreOther,
  i32Sub,
  i32x4Add,
  i32x4Lane,
  load,
  loadOther,
  relaxedSwizzle,
  repeat,
  select,
  set,
  storeOther,
  whileNotZero,
} from '../wasm/assemble.ts'

/** As large as WebAssembly memory can be, so that a memory of any size fits. */
const mostPages = 65_536
/** Rows asked for at once, before the first of them is read: as many as fit the first cache. */
const rowsAhead = 16
const cacheLine = 64
/** The same of the codes of groups: of half as many, fewer waits overlap. */
const groupsAhead = 16

/**
 * The inner loops of the dense arm. The first memory is a segment's vectors, shared between threads; the second is the
 * thread's own (tables and codes of the query, lists of documents, results). `kernel.ts` has the same in JavaScript.
 *
 * - `scan(codes, width, groups, tables, threshold, first, out) -> count`: of so many groups of 16 documents, those whose sum
 *   of table entries reaches the threshold, as u32 `sum << 16 | document`, documents numbered from `first`.
 * - `scanList(codes, width, groups, tables, threshold, list, out) -> count`: the same of the groups of a list (u32, `lanes << 16 |
 *   group`), of each those documents whose bit in `lanes` is set, codes being those of group 0.
 * - `dots(rows, dims, query, list, count, out)`: for each document of a list (u32), the inner product of its row (i8) and
 *   the query (i16), as i32.
 */
export function kernelBytes(): Uint8Array<ArrayBuffer> {
  return assemble([scanFunction(), scanListFunction(), dotsFunction()], mostPages, true)
}

/** Locals of both scans, after seven parameters; the fourth is `tables`, the second `width`, the last `out`. */
const scanned = {
  ...{ width: 1, tables: 3, out: 6, lanes: 7, table: 8, end: 9, mask: 10, lane: 11, start: 12, first: 13, last: 14 },
  ...{ ahead: 15, touched: 16, block: 17, blockEnd: 18, bytes: 19, sum: 20, low: 21, high: 22, least: 23 },
} as const
const scanLocals = [...Array<'i32'>(12).fill('i32'), ...Array<'v128'>(5).fill('v128')]

/**
 * Looks through the group whose codes are at `lanes` and whose first document is `first`. `narrow`: code that takes bits from the
 * mask on the stack, one a document.
 */
function scanGroup(narrow: Code = []): Code {
  const { width, tables, out, lanes, table, end, mask, lane, first, bytes, sum, low, high, least } = scanned
  const nibbles: Code = [...i32(15), ...i8x16Splat, ...and]
  /** The entries for the 16 bytes at an offset: two tables a byte. */
  const entries = (n: number): Code => [
    ...[...get(lanes), ...load(16 * n), ...set(bytes)],
    ...[...get(table), ...loadOther(32 * n), ...get(bytes), ...nibbles, ...relaxedSwizzle],
    ...[...get(table), ...loadOther(32 * n + 16)],
    ...[...get(bytes), ...i32(4), ...i16x8ShiftRightUnsigned, ...nibbles, ...relaxedSwizzle],
    ...i8x16Add,
  ]
  // Where the sums of a group are put to be read one by one: just before the tables.
  const sums: Code = [...get(tables), ...i32(32), ...i32Sub]
  return [
    ...[...i32(0), ...i16x8Splat, ...set(low), ...i32(0), ...i16x8Splat, ...set(high)],
    ...[...get(tables), ...set(table)],
    ...[...get(tables), ...get(width), ...i32(32), ...i32Mul, ...i32Add, ...set(end)],
    ...repeat(table, 64, get(end), [
      ...[...entries(0), ...entries(1), ...i8x16Add, ...set(sum)],
      ...[...get(low), ...get(sum), ...i16x8ExtendLowUnsigned, ...i16x8Add, ...set(low)],
      ...[...get(high), ...get(sum), ...i16x8ExtendHighUnsigned, ...i16x8Add, ...set(high)],
      ...[...get(lanes), ...i32(32), ...i32Add, ...set(lanes)],
    ]),
    ...[...get(low), ...get(least), ...i16x8AtLeastUnsigned, ...i16x8Bitmask],
    ...[...get(high), ...get(least), ...i16x8AtLeastUnsigned, ...i16x8Bitmask, ...i32(8), ...i32ShiftLeft],
    ...[...i32Or, ...narrow, ...set(mask)],
    ...[...sums, ...get(low), ...storeOther(0), ...sums, ...get(high), ...storeOther(16)],
    ...whileNotZero(mask, [
      ...[...get(mask), ...countTrailingZeros, ...set(lane)],
      ...get(out),
      ...[...sums, ...get(lane), ...i32(1), ...i32ShiftLeft, ...i32Add, ...i32Load16Other()],
      ...[...i32(16), ...i32ShiftLeft, ...get(first), ...get(lane), ...i32Add, ...i32Or],
      ...i32StoreOther(),
      ...[...get(out), ...i32(4), ...i32Add, ...set(out)],
      ...[...get(mask), ...get(mask), ...i32(1), ...i32Sub, ...i32And, ...set(mask)],
    ]),
  ]
}

function scanFunction() {
  const [codes, groups, threshold, from] = [0, 2, 4, 5] as const
  const { out, lanes, start, first, last, least } = scanned
  return {
    name: 'scan',
    parameters: Array<'i32'>(7).fill('i32'),
    result: 'i32' as const,
    locals: scanLocals,
    body: [
      ...[...get(out), ...set(start), ...get(threshold), ...i16x8Splat, ...set(least)],
      ...[...get(from), ...set(first)],
      ...[...get(first), ...get(groups), ...i32(16), ...i32Mul, ...i32Add, ...set(last)],
      ...[...get(codes), ...set(lanes)],
      ...repeat(first, 16, get(last), scanGroup()),
      // Bytes written, four a document.
      ...[...get(out), ...get(start), ...i32Sub],
    ],
  }
}

function scanListFunction() {
  const [codes, groups, threshold, list] = [0, 2, 4, 5] as const
  const { width, tables, out, lanes, end, start, first, last, ahead, touched, block, blockEnd, least } = scanned
  /** Sets a local to where the codes of the group begin that `list` points at. */
  const findCodes = (local: number): Code => [
    ...[...get(list), ...i32LoadOther(), ...i32(0xffff), ...i32And],
    ...[...get(width), ...i32Mul, ...i32(16), ...i32Mul, ...get(codes), ...i32Add, ...set(local)],
  ]
  return {
    name: 'scanList',
    parameters: Array<'i32'>(7).fill('i32'),
    result: 'i32' as const,
    locals: scanLocals,
    body: [
      ...[...get(out), ...set(start), ...get(threshold), ...i16x8Splat, ...set(least)],
      ...[...get(list), ...get(groups), ...i32(4), ...i32Mul, ...i32Add, ...set(last)],
      ...[...get(list), ...set(block)],
      ...repeat(block, 4 * groupsAhead, get(last), [
        ...[...get(block), ...i32(4 * groupsAhead), ...i32Add, ...get(last)],
        ...[...get(block), ...i32(4 * groupsAhead), ...i32Add, ...get(last), ...i32Below, ...select, ...set(blockEnd)],
        // Groups lie apart: asking for all of a block before reading any lets the waits for memory overlap.
        ...[...get(block), ...set(list)],
        ...repeat(list, 4, get(blockEnd), [
          ...[...findCodes(ahead), ...get(ahead), ...get(width), ...i32(16), ...i32Mul, ...i32Add, ...set(end)],
          ...repeat(ahead, cacheLine, get(end), [
            ...[...get(touched), ...get(ahead), ...i32Load(), ...i32Or, ...set(touched)],
          ]),
        ]),
        ...[...get(block), ...set(list)],
        ...repeat(list, 4, get(blockEnd), [
          ...[...findCodes(lanes), ...get(list), ...i32LoadOther(), ...i32(0xffff), ...i32And],
          ...[...i32(16), ...i32Mul, ...set(first)],
          ...scanGroup([...get(list), ...i32LoadOther(), ...i32(16), ...i32ShiftRight, ...i32And]),
        ]),
      ]),
      // Otherwise the loads that only bring codes nearer would be left out.
      ...[...get(tables), ...i32(32), ...i32Sub, ...get(touched), ...i32StoreOther()],
      ...[...get(out), ...get(start), ...i32Sub],
    ],
  }
}

function dotsFunction() {
  const [rows, dims, query, list, count, out] = [0, 1, 2, 3, 4, 5] as const
  const [listEnd, row, rowEnd, at, block, blockEnd, touched] = [6, 7, 8, 9, 10, 11, 12] as const
  const [bytes, low, high] = [13, 14, 15] as const
  /** Sets `row` and `rowEnd` to the row of the document that a local points at. */
  const find = (pointer: number): Code => [
    ...[...get(pointer), ...i32LoadOther(), ...get(dims), ...i32Mul, ...get(rows), ...i32Add, ...set(row)],
    ...[...get(row), ...get(dims), ...i32Add, ...set(rowEnd)],
  ]
  const half = (sum: number, extended: Code, offset: number): Code => [
    ...[...get(sum), ...get(bytes), ...extended, ...get(at), ...loadOther(offset)],
    ...[...dotPairs, ...i32x4Add, ...set(sum)],
  ]
  return {
    name: 'dots',
    parameters: Array<'i32'>(6).fill('i32'),
    // Otherwise the loads that only bring rows nearer would be left out.
    result: 'i32' as const,
    locals: [...Array<'i32'>(7).fill('i32'), ...Array<'v128'>(3).fill('v128')],
    body: [
      ...[...get(list), ...get(count), ...i32(4), ...i32Mul, ...i32Add, ...set(listEnd)],
      ...[...get(list), ...set(block)],
      ...repeat(block, 4 * rowsAhead, get(listEnd), [
        ...[...get(block), ...i32(4 * rowsAhead), ...i32Add, ...get(listEnd)],
        ...[...get(block), ...i32(4 * rowsAhead), ...i32Add, ...get(listEnd), ...i32Below, ...select, ...set(blockEnd)],
        // Rows lie far apart: asking for all of a block before reading any lets the waits for memory overlap.
        ...[...get(block), ...set(list)],
        ...repeat(list, 4, get(blockEnd), [
          ...find(list),
          ...repeat(row, cacheLine, get(rowEnd), [
            ...[...get(touched), ...get(row), ...i32Load(), ...i32Or, ...set(touched)],
          ]),
        ]),
        ...[...get(block), ...set(list)],
        ...repeat(list, 4, get(blockEnd), [
          ...[...find(list), ...get(query), ...set(at)],
          ...[...i32(0), ...i16x8Splat, ...set(low), ...i32(0), ...i16x8Splat, ...set(high)],
          ...repeat(row, 16, get(rowEnd), [
            ...[...get(row), ...load(), ...set(bytes)],
            ...[...half(low, i16x8ExtendLow, 0), ...half(high, i16x8ExtendHigh, 16)],
            ...[...get(at), ...i32(32), ...i32Add, ...set(at)],
          ]),
          ...[...get(low), ...get(high), ...i32x4Add, ...set(low)],
          ...get(out),
          ...[0, 1, 2, 3].flatMap((n) => [...get(low), ...i32x4Lane(n), ...(n > 0 ? i32Add : [])]),
          ...i32StoreOther(),
          ...[...get(out), ...i32(4), ...i32Add, ...set(out)],
        ]),
      ]),
      ...get(touched),
    ],
  }
}
