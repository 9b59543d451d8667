import { createHash } from 'node:crypto'
import { TOKENISER_VERSION } from './tokens.ts'

/** What an embedding consists of. Row i of `rows` times `scales[i]` is the vector of the item whose hash is `hashes[i]`. */
export type Embedding = {
  dims: number
  hashes: Uint32Array
  /** In how many training texts each item occurs. */
  counts: Uint32Array
  scales: Float32Array
  /** items x dims. */
  rows: Int8Array
  /** How it was made; for people, nothing depends on it. */
  about: Record<string, unknown>
}

/** The file is not an embedding of this version, or damaged. The message says which and what to do. */
export class EmbeddingFileError extends Error {}

// The file: magic (8 bytes) | SHA-256 of all that follows (32 bytes) | length of the header in bytes (uint32) |
// header (JSON: version, tokeniser, dims, items, about) | padding to a multiple of 64 | hashes (uint32) | counts (uint32) |
// scales (float32) | rows (int8). Little-endian.
const MAGIC = 'PRSTATIC'
const VERSION = 1
const HASH_AT = 8
const HASHED_FROM = 40
const HEADER_AT = 44
const ALIGNMENT = 64
const BYTES_PER_ITEM = 12

export function writeEmbedding({ dims, hashes, counts, scales, rows, about }: Embedding): Uint8Array {
  const items = hashes.length
  const header = Buffer.from(JSON.stringify({ version: VERSION, tokeniser: TOKENISER_VERSION, dims, items, about }))
  const start = aligned(HEADER_AT + header.length)
  const bytes = Buffer.alloc(start + items * (BYTES_PER_ITEM + dims))
  bytes.write(MAGIC, 'latin1')
  bytes.writeUInt32LE(header.length, HASHED_FROM)
  header.copy(bytes, HEADER_AT)
  const parts = [hashes, counts, scales, rows]
  let at = start
  for (const part of parts) {
    bytes.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), at)
    at += part.byteLength
  }
  createHash('sha256').update(bytes.subarray(HASHED_FROM)).digest().copy(bytes, HASH_AT)
  return bytes
}

/** Throws `EmbeddingFileError`. The arrays are copies: the bytes may be reused. `checksum` is of the file, in hex. */
export function readEmbedding(bytes: Uint8Array, name?: string): Embedding & { checksum: string } {
  return viewEmbedding(new Uint8Array(bytes), name)
}

/** As `readEmbedding`, but the arrays lie in the bytes, which start at a multiple of four of their buffer. */
export function viewEmbedding(bytes: Uint8Array, name = 'the embedding'): Embedding & { checksum: string } {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (file.length < HEADER_AT || file.toString('latin1', 0, HASH_AT) !== MAGIC)
    throw new EmbeddingFileError(
      `${name} is not an embedding of Paperround. Put the file of the package back in its place.`,
    )
  const checksum = createHash('sha256').update(file.subarray(HASHED_FROM)).digest('hex')
  if (checksum !== file.toString('hex', HASH_AT, HASHED_FROM))
    throw new EmbeddingFileError(
      `${name} is damaged: its checksum does not fit its content. Put the file of the package back in its place.`,
    )
  const headerLength = file.readUInt32LE(HASHED_FROM)
  const header = JSON.parse(file.toString('utf8', HEADER_AT, HEADER_AT + headerLength))
  const { version, tokeniser, dims, items, about } = header
  if (version !== VERSION || tokeniser !== TOKENISER_VERSION)
    throw new EmbeddingFileError(
      `${name} has format ${version} and tokeniser ${tokeniser}; this program reads ${VERSION} and ${TOKENISER_VERSION}. Train it again with "paperround train-embedding", or take the file of this version.`,
    )
  const hashesAt = bytes.byteOffset + aligned(HEADER_AT + headerLength)
  const [countsAt, scalesAt, rowsAt] = [hashesAt + items * 4, hashesAt + items * 8, hashesAt + items * BYTES_PER_ITEM]
  return {
    dims,
    hashes: new Uint32Array(bytes.buffer, hashesAt, items),
    counts: new Uint32Array(bytes.buffer, countsAt, items),
    scales: new Float32Array(bytes.buffer, scalesAt, items),
    rows: new Int8Array(bytes.buffer, rowsAt, items * dims),
    about,
    checksum,
  }
}

const aligned = (length: number): number => Math.ceil(length / ALIGNMENT) * ALIGNMENT
