import { rowOf } from '../embed/item-table.ts'
import type { LocalEmbedding } from '../embed/local-embedding.ts'
import { hashWord } from '../embed/tokens.ts'
import { TopList } from '../query/top-list.ts'
import type { TextPart } from '../segments/text-part.ts'
import { Kernel } from '../vector/kernel.ts'

/** Words less alike than this say too little about each other: cosine. Between .3 and .5 nothing changes much. */
const LEAST_LIKE = 0.45
/** The nearest of them count. Twice as many change nothing. */
const MOST_NEIGHBOURS = 16
/** They are looked for among so many terms, the most frequent: rarer ones are met in too few papers to matter. */
const MOST_LOOKED_THROUGH = 8_192
/** Terms whose neighbours are remembered. To find them takes some hundredths of a millisecond. */
const MOST_REMEMBERED = 8_192

const noTables = new Uint8Array(0)

/** A term of a segment that is used as another is, and how alike they are: `LEAST_LIKE` to 1. */
export type Neighbour = { term: number; likeness: number }

/**
 * Words that stand for each other in this collection: those whose rows in the embedding fitted on it point the same way. Not
 * to be shared between threads.
 */
export class Neighbours {
  readonly local: LocalEmbedding
  private readonly kernel: Kernel
  /** Of the rows that are looked through. They come by falling frequency. */
  private readonly lengths: Float32Array
  private readonly known = new Map<string, { row: number; likeness: number }[]>()
  private readonly termsOfRows = new WeakMap<TextPart, Int32Array>()

  constructor(local: LocalEmbedding, kernel = new Kernel()) {
    this.local = local
    this.kernel = kernel
    const { rows, dims } = local
    const count = Math.min(MOST_LOOKED_THROUGH, rows.length / dims)
    this.lengths = Float32Array.from({ length: count }, (_, row) =>
      lengthOf(rows.subarray(row * dims, (row + 1) * dims)),
    )
  }

  /** Those of a term that the segment has, the term itself left out; most alike first. */
  of(stem: string, text: TextPart): Neighbour[] {
    const terms = this.termsOf(text)
    const found: Neighbour[] = []
    for (const { row, likeness } of this.nearRows(stem)) {
      const term = terms[row]!
      if (term >= 0) found.push({ term, likeness })
    }
    return found
  }

  private nearRows(stem: string): { row: number; likeness: number }[] {
    const before = this.known.get(stem)
    if (before) return before
    if (this.known.size >= MOST_REMEMBERED) this.known.clear()
    const row = rowOf(this.local.table, hashWord(stem))
    const near = row < 0 ? [] : this.search(row)
    this.known.set(stem, near)
    return near
  }

  private search(own: number): { row: number; likeness: number }[] {
    const { local, kernel, lengths } = this
    const codes = Int16Array.from(local.rows.subarray(own * local.dims, (own + 1) * local.dims))
    const length = lengthOf(codes)
    kernel.begin({ codes, tables: noTables })
    for (let row = 0; row < lengths.length; row++) kernel.list[row] = row
    kernel.dots(local, lengths.length)
    const best = new TopList(MOST_NEIGHBOURS)
    for (let row = 0; row < lengths.length; row++) {
      const likeness = kernel.products[row]! / (length * lengths[row]!)
      if (likeness > LEAST_LIKE && row !== own) best.offer(likeness, row, 0, row)
    }
    return best.sorted().map((at) => ({ row: best.documents[at]!, likeness: best.scores[at]! }))
  }

  /** The term of each row in a segment, -1 where it has none. */
  private termsOf(text: TextPart): Int32Array {
    const before = this.termsOfRows.get(text)
    if (before) return before
    const terms = new Int32Array(this.lengths.length).fill(-1)
    for (let term = 0; term < text.termCount; term++) {
      const row = rowOf(this.local.table, text.dictionary.hashOfStem(term))
      if (row >= 0) terms[row] = term
    }
    this.termsOfRows.set(text, terms)
    return terms
  }
}

function lengthOf(numbers: Int8Array | Int16Array): number {
  let squares = 0
  for (const one of numbers) squares += one * one
  return Math.sqrt(squares)
}
