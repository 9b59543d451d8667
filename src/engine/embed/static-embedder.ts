import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fillFrom } from '../store/fill-from.ts'
import { type AddRows, createAddRows, MAX_ITEMS, shareable } from './add-rows.ts'
import type { Embedder } from './embedder.ts'
import { type Embedding, EmbeddingFileError, readEmbedding, viewEmbedding } from './embedding-file.ts'
import { createItemTable, type ItemTable, pairHash, rowOf, wordRow } from './item-table.ts'
import { createTokens, tokenize } from './tokens.ts'

/**
 * An embedder without a network: the vector of a text is the sum of the rows of its words and word pairs, made unit length.
 * Not to be shared between threads; each opens its own, of one `SharedEmbedding`.
 */
export type StaticEmbedder = Embedder & {
  /** Writes the vector to `out` from `offset` on, without making garbage. False: nothing was known, all is zero. */
  embedInto(text: string, out: Float32Array, offset: number): boolean
}

export const EMBEDDING_FILE = 'embedding.bin'

/**
 * The embedder in a folder (`embedding.bin`). Throws `EmbeddingFileError` for a damaged file, and what the file system says
 * for a missing one.
 *
 * @example loadEmbedder('model').embed('graph neural networks').length // 256
 */
export function loadEmbedder(folder: string): StaticEmbedder {
  const file = join(folder, EMBEDDING_FILE)
  return openEmbedder(readFileSync(file), file)
}

/** As `loadEmbedder`, from the bytes of the file. `name` is for error messages. */
export function openEmbedder(bytes: Uint8Array, name?: string): StaticEmbedder {
  const { checksum, ...embedding } = readEmbedding(bytes, name)
  return createStaticEmbedder(embedding, `static-${checksum.slice(0, 12)}`)
}

/** An embedding in memory that threads share: it can be handed to a thread, and nothing of it is copied. */
export type SharedEmbedding = {
  readonly id: string
  readonly dims: number
  readonly table: ItemTable
  readonly scales: Float32Array
  readonly rows: Int8Array
  readonly memory?: WebAssembly.Memory | undefined
}

/**
 * As `loadEmbedder`, for any number of threads. The file is read right to where it stays: what malloc once had to give in such
 * a piece it keeps for later pieces of that size, between which it then cannot give back anything.
 */
export function loadShared(folder: string): SharedEmbedding {
  const path = join(folder, EMBEDDING_FILE)
  const { bytes, memory } = readShared(path)
  const { checksum, dims, hashes, scales, rows } = viewEmbedding(bytes, path)
  const table = createItemTable(hashes)
  return {
    id: `static-${checksum.slice(0, 12)}`,
    dims,
    table: { mask: table.mask, keys: shared(Uint32Array, table.keys), rows: shared(Int32Array, table.rows) },
    ...{ scales, rows, memory },
  }
}

function readShared(path: string): ReturnType<typeof shareable> {
  const file = openSync(path, 'r')
  try {
    const room = shareable(fstatSync(file).size)
    if (!fillFrom(file, room.bytes))
      throw new EmbeddingFileError(`${path} became shorter while it was read. Try again.`)
    return room
  } finally {
    closeSync(file)
  }
}

export const openShared = (embedding: SharedEmbedding): StaticEmbedder =>
  embedderOf(embedding, embedding.id, createAddRows(embedding.rows, embedding.dims, embedding.memory))

function shared<T extends { set(from: T): void; byteLength: number }>(
  Type: new (buffer: SharedArrayBuffer) => T,
  array: T,
): T {
  const copy = new Type(new SharedArrayBuffer(array.byteLength))
  copy.set(array)
  return copy
}

export function createStaticEmbedder(
  { dims, hashes, scales, rows }: Pick<Embedding, 'dims' | 'hashes' | 'scales' | 'rows'>,
  id: string,
  adder: (rows: Int8Array, dims: number) => AddRows = createAddRows,
): StaticEmbedder {
  return embedderOf({ dims, scales, table: createItemTable(hashes) }, id, adder(rows, dims))
}

function embedderOf(
  { dims, scales, table }: Pick<SharedEmbedding, 'dims' | 'scales' | 'table'>,
  id: string,
  sum: AddRows,
): StaticEmbedder {
  const tokens = createTokens()

  function embedInto(text: string, out: Float32Array, offset: number): boolean {
    tokenize(text, tokens)
    sum.out.fill(0)
    let count = 0
    for (let i = 0; i < tokens.count; i++) {
      if (count > MAX_ITEMS - 2) {
        sum.run(count)
        count = 0
      }
      const word = wordRow(table, tokens, i)
      if (word < 0) continue
      sum.indices[count] = word
      sum.weights[count++] = scales[word]!
      const hash = pairHash(tokens, i)
      const pair = hash === 0 ? -1 : rowOf(table, hash)
      if (pair < 0) continue
      sum.indices[count] = pair
      sum.weights[count++] = scales[pair]!
    }
    sum.run(count)
    let squares = 0
    for (let k = 0; k < dims; k++) squares += sum.out[k]! * sum.out[k]!
    const factor = squares > 0 ? 1 / Math.sqrt(squares) : 0
    for (let k = 0; k < dims; k++) out[offset + k] = sum.out[k]! * factor
    return squares > 0
  }

  return {
    id,
    dims,
    embedInto,
    embed(text) {
      const vector = new Float32Array(dims)
      embedInto(text, vector, 0)
      return vector
    },
  }
}
