import { crc32 } from 'node:zlib'
import { sharedBytes } from './shared-memory.ts'

// A part of a segment is one stretch of bytes, the same in memory and on disk:
//
//   0   4 bytes  "PRSG"
//   4   u32      format version
//   8   u32      length of the header in bytes
//   12  u32      CRC-32 of the header
//   16  header   JSON, UTF-8: { about, sections: { name: [type, offset, count, crc] } }, offsets from the first byte
//   ..  sections little-endian typed arrays, each at a multiple of 64 bytes

/** Raised whenever a part written before cannot be read, or would rank differently. */
export const formatVersion = 5
const magic = 0x47535250
const alignment = 64

const arrayTypes = {
  u8: Uint8Array,
  i8: Int8Array,
  u16: Uint16Array,
  u32: Uint32Array,
  i32: Int32Array,
  f32: Float32Array,
} as const
type TypeName = keyof typeof arrayTypes
export type SectionArray = Uint8Array | Int8Array | Uint16Array | Uint32Array | Int32Array | Float32Array
export type Sections = Record<string, SectionArray>

/** A part that cannot be used: cut short, changed, or of another version. The message says which. */
export class DamagedPartError extends Error {
  override name = 'DamagedPartError'
}

export type OpenPart = {
  about: Record<string, unknown>
  sections: Sections
  /** Bytes of the part, as loaded. */
  byteLength: number
}

/** Where the bytes of a part go: given the size, answers a view on new memory (shared, or a WebAssembly memory). */
export type Allocate = (byteLength: number) => Uint8Array

export const allocateShared: Allocate = sharedBytes

/** A copy that threads can share. */
export function inShared(bytes: Uint8Array): Uint8Array {
  const shared = allocateShared(bytes.length)
  shared.set(bytes)
  return shared
}

/** Lays the sections out in memory from `allocate`. `about` is anything that JSON can carry. */
export function packPart(about: Record<string, unknown>, sections: Sections, allocate: Allocate): Uint8Array {
  const checksums = Object.values(sections).map((array) => crc32(bytesOf(array)))
  // Two rounds: the offsets stand in the header, whose length decides them. Padding absorbs the difference.
  let header = headerBytes(about, sections, checksums, 0)
  const start = roundUp(16 + header.length + 16 * Object.keys(sections).length)
  header = headerBytes(about, sections, checksums, start)
  const bytes = allocate(totalLength(sections, start))
  const head = new DataView(bytes.buffer, bytes.byteOffset)
  head.setUint32(0, magic, true)
  head.setUint32(4, formatVersion, true)
  head.setUint32(8, header.length, true)
  head.setUint32(12, crc32(header), true)
  bytes.set(header, 16)
  let offset = start
  for (const array of Object.values(sections)) {
    bytes.set(bytesOf(array), offset)
    offset = roundUp(offset + array.byteLength)
  }
  return bytes
}

/** Reads a part in place. `verify` compares every checksum: for bytes from disk. Throws `DamagedPartError`. */
export function openPart(bytes: Uint8Array, verify: boolean): OpenPart {
  const header = bytes.subarray(16, 16 + headerLength(bytes.subarray(0, 16), bytes.length))
  const { about, sections } = readHeader(bytes.subarray(0, 16), header)
  const opened: Sections = {}
  for (const [name, [type, offset, count, checksum]] of Object.entries(sections)) {
    const Type = arrayTypes[type]
    const length = count * Type.BYTES_PER_ELEMENT
    if (offset + length > bytes.length) throw new DamagedPartError(`it is cut short in ${name}`)
    if (verify && crc32(bytes.subarray(offset, offset + length)) !== checksum)
      throw new DamagedPartError(`its ${name} were changed`)
    opened[name] = new Type(bytes.buffer as ArrayBuffer, bytes.byteOffset + offset, count)
  }
  return { about, sections: opened, byteLength: bytes.length }
}

/** Bytes that are read and compared at a time. */
const piece = 1 << 20

/**
 * Compares every checksum of a part that is not in memory. `read` fills an array with what lies from a byte on, and answers how
 * much that is. Answers where the sections lie. Throws `DamagedPartError`.
 */
export function verifySections(
  size: number,
  read: (into: Uint8Array, at: number) => number,
): Record<string, { offset: number; byteLength: number }> {
  // The same bytes for every piece: what is let go of would stay with malloc as long as other pieces are in use.
  const room = new Uint8Array(Math.min(piece, size))
  const take = (length: number, at: number) => {
    const bytes = length <= room.length ? room.subarray(0, length) : new Uint8Array(length)
    if (read(bytes, at) !== length) throw new DamagedPartError('it is cut short')
    return bytes
  }
  const head = take(Math.min(16, size), 0).slice()
  const { sections } = readHeader(head, take(headerLength(head, size), 16))
  const places: Record<string, { offset: number; byteLength: number }> = {}
  for (const [name, [type, offset, count, checksum]] of Object.entries(sections)) {
    const byteLength = count * arrayTypes[type].BYTES_PER_ELEMENT
    let found = 0
    for (let at = 0; at < byteLength; at += piece)
      found = crc32(take(Math.min(piece, byteLength - at), offset + at), found)
    if (found !== checksum) throw new DamagedPartError(`its ${name} were changed`)
    places[name] = { offset, byteLength }
  }
  return places
}

/** The length of the header of a part of `size` bytes, by its first 16. */
function headerLength(head: Uint8Array, size: number): number {
  if (size < 16) throw new DamagedPartError(`it holds ${size} bytes only`)
  const view = new DataView(head.buffer, head.byteOffset, 16)
  if (view.getUint32(0, true) !== magic) throw new DamagedPartError('it does not start as a part of an index does')
  const version = view.getUint32(4, true)
  if (version !== formatVersion)
    throw new DamagedPartError(`it has format ${version}, this program reads ${formatVersion}`)
  const length = view.getUint32(8, true)
  if (16 + length > size) throw new DamagedPartError('its header is cut short')
  return length
}

function readHeader(head: Uint8Array, bytes: Uint8Array): Header {
  const header = bytes.slice()
  if (crc32(header) !== new DataView(head.buffer, head.byteOffset, 16).getUint32(12, true))
    throw new DamagedPartError('its header was changed')
  return JSON.parse(new TextDecoder().decode(header)) as Header
}

type Header = {
  about: Record<string, unknown>
  sections: Record<string, [type: TypeName, offset: number, count: number, checksum: number]>
}

function headerBytes(
  about: Record<string, unknown>,
  sections: Sections,
  checksums: readonly number[],
  start: number,
): Uint8Array {
  const header: Header = { about, sections: {} }
  let offset = start
  for (const [n, [name, array]] of Object.entries(sections).entries()) {
    header.sections[name] = [typeOf(array), offset, array.length, checksums[n]!]
    offset = roundUp(offset + array.byteLength)
  }
  return new TextEncoder().encode(JSON.stringify(header))
}

function totalLength(sections: Sections, start: number): number {
  let end = start
  for (const array of Object.values(sections)) end = roundUp(end + array.byteLength)
  return end
}

function typeOf(array: SectionArray): TypeName {
  for (const [name, Type] of Object.entries(arrayTypes)) if (array instanceof Type) return name as TypeName
  throw new TypeError('expected one of the typed arrays that a part can hold')
}

const bytesOf = (array: SectionArray) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
const roundUp = (offset: number) => Math.ceil(offset / alignment) * alignment
