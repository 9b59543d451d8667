import { leastMapped, sharedBuffer } from './shared-memory.ts'

type Numbers = Uint8Array | Uint16Array | Uint32Array

/** For numbers in pages of their own so much room is kept that they need not be copied when they grow. Room takes no memory until it is used. */
const roomBytes = 2 ** 26

/** A typed array that grows by doubling: `array` has room for more than the `length` numbers in it. */
export class Growing<T extends Numbers> {
  array: T
  length = 0

  constructor(empty: T) {
    this.array = empty
  }

  push(value: number): void {
    if (this.length === this.array.length) this.reserve(this.length + 1)
    this.array[this.length++] = value
  }

  /** Appends what lies in `from` between two places. */
  append(from: T, start: number, end: number): void {
    this.reserve(this.length + end - start)
    for (let at = start; at < end; at++) this.array[this.length++] = from[at]!
  }

  /** Makes room for `length` numbers. */
  reserve(length: number): void {
    if (length <= this.array.length) return
    const Type = this.array.constructor as new (from: number | ArrayBufferLike, start?: number, length?: number) => T
    const wanted = Math.max(length, this.array.length * 2, 1024)
    const bytes = wanted * this.array.BYTES_PER_ELEMENT
    const { buffer } = this.array
    if (buffer instanceof SharedArrayBuffer && bytes <= buffer.maxByteLength) {
      buffer.grow(bytes)
      this.array = new Type(buffer, 0, wanted)
      return
    }
    const wider =
      bytes < leastMapped ? new Type(wanted) : new Type(sharedBuffer(bytes, Math.max(roomBytes, bytes * 2)), 0, wanted)
    wider.set(this.array)
    this.array = wider
  }

  /** The numbers in it, without a copy: valid until the next push. */
  view(): T {
    return this.array.subarray(0, this.length) as T
  }
}

export const growingBytes = () => new Growing<Uint8Array>(new Uint8Array(0))
export const growingWords = () => new Growing<Uint32Array>(new Uint32Array(0))

/** Appends a number in 7-bit groups, the lowest first, the high bit set on all but the last. */
export function pushVarint(bytes: Growing<Uint8Array>, value: number): void {
  let rest = value
  while (rest > 127) {
    bytes.push((rest & 127) | 128)
    rest >>>= 7
  }
  bytes.push(rest)
}
