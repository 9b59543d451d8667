import { createAddRows, inMemory } from './add-rows.ts'
import { type Embedding, readEmbedding, writeEmbedding } from './embedding-file.ts'
import { createItemTable, type ItemTable, rowOf } from './item-table.ts'

/**
 * Rows for the terms of one collection, fitted on the collection itself (`fitLocal`). It knows what a trained embedding
 * cannot: which words go together here, names and new words included. Not to be shared between threads.
 */
export type LocalEmbedding = {
  readonly id: string
  readonly dims: number
  /** How many documents it was fitted on. */
  readonly documents: number
  /**
   * Writes the vector of a text, given as the hashes of its terms (`hashWord` of each stem), with unit length to `out`.
   * False: no term is known, all is zero.
   */
  embedTerms(terms: Uint32Array, count: number, out: Float32Array, offset: number): boolean
  /** The row of each term, by its hash, and the rows, with the memory they lie in where there is one. */
  readonly table: ItemTable
  readonly rows: Int8Array
  readonly memory?: WebAssembly.Memory | undefined
  /** For a file; `openLocalEmbedding` reads it. */
  toBytes(): Uint8Array
}

export function openLocalEmbedding(bytes: Uint8Array, name?: string): LocalEmbedding {
  const { checksum, ...embedding } = readEmbedding(bytes, name)
  return createLocalEmbedding(embedding, checksum)
}

function createLocalEmbedding(embedding: Embedding, checksum: string): LocalEmbedding {
  const { dims, hashes, counts, scales, about } = embedding
  const table = createItemTable(hashes)
  const { rows, memory } = inMemory(embedding.rows)
  const sum = createAddRows(rows, dims, memory)
  const frequency = new Uint16Array(hashes.length)
  const held = sum.indices
  return {
    id: `local-${checksum.slice(0, 12)}`,
    dims,
    documents: about.documents as number,
    table,
    rows,
    memory,
    embedTerms(terms, count, out, offset) {
      let distinct = 0
      for (let i = 0; i < count; i++) {
        const row = rowOf(table, terms[i]!)
        if (row < 0) continue
        const before = frequency[row]!
        if (before === 0 && distinct === held.length) continue
        if (before === 0) held[distinct++] = row
        if (before < 0xffff) frequency[row] = before + 1
      }
      for (let i = 0; i < distinct; i++) {
        const row = held[i]!
        sum.weights[i] = scales[row]! * dampedFrequency(frequency[row]!)
        frequency[row] = 0
      }
      sum.out.fill(0)
      sum.run(distinct)
      let squares = 0
      for (let k = 0; k < dims; k++) squares += sum.out[k]! * sum.out[k]!
      const factor = squares > 0 ? 1 / Math.sqrt(squares) : 0
      for (let k = 0; k < dims; k++) out[offset + k] = sum.out[k]! * factor
      return squares > 0
    },
    // Not `embedding`, which would keep a second copy of the rows.
    toBytes: () => writeEmbedding({ dims, hashes, counts, scales, about, rows }),
  }
}

/** A word said twice does not mean twice as much. */
export const dampedFrequency = (frequency: number): number => 1 + Math.log(frequency)
