// A small assembler for WebAssembly: enough to write the inner loops of the engine as SIMD by hand, without a tool chain.
// A function is a list of instructions (bytes); locals are numbered, parameters first. See the WebAssembly core
// specification, chapter "Binary format", for the numbers.

export type Code = readonly number[]
export type ValueType = 'i32' | 'f32' | 'v128'

/** One exported function. `locals` come after the parameters in numbering. */
export type WasmFunction = {
  name: string
  parameters: readonly ValueType[]
  result?: ValueType
  locals: readonly ValueType[]
  body: Code
}

const typeBytes: Record<ValueType, number> = { i32: 0x7f, f32: 0x7d, v128: 0x7b }

/** Unsigned LEB128, as every index and size is written. */
export function unsigned(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  do {
    const low = rest % 128
    rest = Math.floor(rest / 128)
    bytes.push(rest > 0 ? low | 128 : low)
  } while (rest > 0)
  return bytes
}

function signed(value: number): number[] {
  const bytes: number[] = []
  let rest = value | 0
  for (;;) {
    const low = rest & 127
    rest >>= 7
    const isLast = (rest === 0 && (low & 64) === 0) || (rest === -1 && (low & 64) !== 0)
    bytes.push(isLast ? low : low | 128)
    if (isLast) return bytes
  }
}

const simd = (code: number): number[] => [0xfd, ...unsigned(code)]
/** Memory operand: alignment hint 2^0, constant offset in bytes. */
const at = (offset: number): number[] => [0, ...unsigned(offset)]

export const get = (local: number): number[] => [0x20, ...unsigned(local)]
export const set = (local: number): number[] => [0x21, ...unsigned(local)]
export const tee = (local: number): number[] => [0x22, ...unsigned(local)]
export const i32 = (value: number): number[] => [0x41, ...signed(value)]
export const f32 = (value: number): number[] => [0x43, ...new Uint8Array(new Float32Array([value]).buffer)]
export const i32Add: Code = [0x6a]
export const i32Mul: Code = [0x6c]
export const i32Load = (offset = 0): number[] => [0x28, ...at(offset)]
export const f32Add: Code = [0x92]
export const f32Mul: Code = [0x94]

export const load = (offset = 0): number[] => [...simd(0), ...at(offset)]
export const load8x8 = (offset = 0): number[] => [...simd(1), ...at(offset)]
export const load32Splat = (offset = 0): number[] => [...simd(9), ...at(offset)]
export const store = (offset = 0): number[] => [...simd(11), ...at(offset)]
/** A load from the second memory (bit 6 of the alignment says that its number follows). */
export const loadOther = (offset = 0): number[] => [...simd(0), 0x40, 1, ...unsigned(offset)]
export const storeOther = (offset = 0): number[] => [...simd(11), 0x40, 1, ...unsigned(offset)]
export const i32LoadOther = (offset = 0): number[] => [0x28, 0x40, 1, ...unsigned(offset)]
export const i32Load16Other = (offset = 0): number[] => [0x2f, 0x40, 1, ...unsigned(offset)]
export const load32SplatOther = (offset = 0): number[] => [...simd(9), 0x40, 1, ...unsigned(offset)]
export const i32StoreOther = (offset = 0): number[] => [0x36, 0x40, 1, ...unsigned(offset)]
export const i32And: Code = [0x71]
export const i32Or: Code = [0x72]
export const i32ShiftLeft: Code = [0x74]
export const i32Sub: Code = [0x6b]
/** Unsigned. */
export const i32Below: Code = [0x49]
/** Signed. */
export const i32Above: Code = [0x4a]
/** Of three operands the first when the third is not 0, else the second. */
export const select: Code = [0x1b]
export const i32ShiftRight: Code = [0x75]
export const i32Store = (offset = 0): number[] => [0x36, ...at(offset)]
export const countTrailingZeros: Code = [0x68]
export const i8x16Splat: Code = simd(15)
export const i16x8Splat: Code = simd(16)
export const i32x4Lane = (index: number): number[] => [...simd(27), index]
export const and: Code = simd(78)
export const or: Code = simd(80)
/** 1 when any bit is set. */
export const vectorIsAny: Code = simd(83)
export const i32x4AtLeast: Code = simd(63)
export const i32x4Bitmask: Code = simd(164)
export const i8x16Add: Code = simd(110)
/** Takes bytes by their numbers, which must be below 16: above, machines differ. */
export const relaxedSwizzle: Code = simd(0x100)
/**
 * Sums of four products of neighbours, added to a third operand of i32. Of the first operand all values count as signed, of the
 * second they must be 0 to 127: machines differ above.
 */
export const relaxedDotAdd: Code = simd(0x113)
export const i16x8ExtendLow: Code = simd(135)
export const i16x8ExtendHigh: Code = simd(136)
export const i16x8ExtendLowUnsigned: Code = simd(137)
export const i16x8ExtendHighUnsigned: Code = simd(138)
export const i16x8ShiftRightUnsigned: Code = simd(141)
export const i16x8Add: Code = simd(142)
export const i16x8AtLeastUnsigned: Code = simd(54)
export const i16x8Bitmask: Code = simd(132)
/** Sums of two products of neighbours, 16 to 32 bits. */
export const dotPairs: Code = simd(186)
export const splat: Code = simd(19)
export const i32x4Splat: Code = simd(17)
export const lane = (index: number): number[] => [...simd(31), index]
export const nearest: Code = simd(106)
export const extendLow: Code = simd(167)
export const extendHigh: Code = simd(168)
export const i32x4Shift: Code = simd(171)
export const i32x4Add: Code = simd(174)
export const add: Code = simd(228)
export const subtract: Code = simd(229)
export const multiply: Code = simd(230)
export const minimum: Code = simd(232)
export const maximum: Code = simd(233)
export const truncate: Code = simd(248)
export const convert: Code = simd(250)

/** `for (; local < end; local += step) body`; the body runs at least once, as every count here is above zero. */
export function repeat(local: number, step: number, end: Code, body: Code): number[] {
  return [
    ...[0x03, 0x40],
    ...body,
    ...[...get(local), ...i32(step), ...i32Add, ...tee(local), ...end, 0x49],
    ...[0x0d, 0, 0x0b],
  ]
}

/** `while (local != 0) body` */
export const whileNotZero = (local: number, body: Code): number[] => [
  ...[0x02, 0x40, 0x03, 0x40],
  ...[...get(local), 0x45, 0x0d, 1],
  ...body,
  ...[0x0c, 0, 0x0b, 0x0b],
]

/** `if (local != 0) body` */
export const when = (local: number, body: Code, otherwise: Code = []): number[] => [
  ...get(local),
  ...[0x04, 0x40],
  ...body,
  ...(otherwise.length > 0 ? [0x05, ...otherwise] : []),
  0x0b,
]

/**
 * The bytes of a module that imports a memory, `host.memory`, and exports the functions. `sharedPages`: the memory is shared
 * between threads and at most that many pages of 64 KiB large. `hasOther`: it imports a second one, `host.other`, of one
 * thread only, for the instructions with "Other" in their names.
 */
export function assemble(
  functions: readonly WasmFunction[],
  sharedPages?: number,
  hasOther = false,
): Uint8Array<ArrayBuffer> {
  const vector = (items: readonly Code[]) => [...unsigned(items.length), ...items.flat()]
  const section = (id: number, content: Code) => [id, ...unsigned(content.length), ...content]
  const name = (text: string) => [...unsigned(text.length), ...new TextEncoder().encode(text)]
  const types = functions.map(({ parameters, result }) => [
    0x60,
    ...vector(parameters.map((type) => [typeBytes[type]])),
    ...vector(result ? [[typeBytes[result]]] : []),
  ])
  const limits = sharedPages ? [3, ...unsigned(1), ...unsigned(sharedPages)] : [0, ...unsigned(1)]
  const bodies = functions.map(({ locals, body }) => {
    const content = [...vector(locals.map((type) => [1, typeBytes[type]])), ...body, 0x0b]
    return [...unsigned(content.length), ...content]
  })
  return new Uint8Array([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, vector(types)),
    ...section(
      2,
      vector([
        [...name('host'), ...name('memory'), 2, ...limits],
        ...(hasOther ? [[...name('host'), ...name('other'), 2, 0, ...unsigned(1)]] : []),
      ]),
    ),
    ...section(3, vector(functions.map((_, index) => unsigned(index)))),
    ...section(7, vector(functions.map((one, index) => [...name(one.name), 0, ...unsigned(index)]))),
    ...section(10, vector(bodies)),
  ])
}
