import { crc32 } from 'node:zlib'

// A part of a segment is one stretch of bytes, the same in memory and on disk:
//
//   0   4 bytes  "PRSG"
//   4   u32      format version
//   8   u32      length of the header in bytes
//   12  u32      CRC-32 of the header
//   16  header   JSON, UTF-8: { about, sections: { name: [type, offset, count, crc] } }, offsets from the first byte
//   ..  sections little-endian typed arrays, each at a multiple of 64 bytes

/** Raised whenever a part written before cannot be read, or would rank differently. */
export const formatVersion = 1
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

export const allocateShared: Allocate = (byteLength) => new Uint8Array(new SharedArrayBuffer(byteLength))

/** A copy that threads can share. */
export function inShared(bytes: Uint8Array): Uint8Array {
  const shared = allocateShared(bytes.length)
  shared.set(bytes)
  return shared
}

/** Lays the sections out in memory from `allocate`. `about` is anything that JSON can carry. */
export function packPart(about: Record<string, unknown>, sections: Sections, allocate: Allocate): Uint8Array {
  // Two rounds: the offsets stand in the header, whose length decides them. Padding absorbs the difference.
  let header = headerBytes(about, sections, 0)
  const start = roundUp(16 + header.length + 16 * Object.keys(sections).length)
  header = headerBytes(about, sections, start)
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
  if (bytes.length < 16) throw new DamagedPartError(`it holds ${bytes.length} bytes only`)
  const head = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  if (head.getUint32(0, true) !== magic) throw new DamagedPartError('it does not start as a part of an index does')
  const version = head.getUint32(4, true)
  if (version !== formatVersion)
    throw new DamagedPartError(`it has format ${version}, this program reads ${formatVersion}`)
  const headerLength = head.getUint32(8, true)
  if (16 + headerLength > bytes.length) throw new DamagedPartError('its header is cut short')
  const header = bytes.slice(16, 16 + headerLength)
  if (crc32(header) !== head.getUint32(12, true)) throw new DamagedPartError('its header was changed')
  const { about, sections } = JSON.parse(new TextDecoder().decode(header)) as Header
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

type Header = {
  about: Record<string, unknown>
  sections: Record<string, [type: TypeName, offset: number, count: number, checksum: number]>
}

function headerBytes(about: Record<string, unknown>, sections: Sections, start: number): Uint8Array {
  const header: Header = { about, sections: {} }
  let offset = start
  for (const [name, array] of Object.entries(sections)) {
    header.sections[name] = [typeOf(array), offset, array.length, crc32(bytesOf(array))]
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
