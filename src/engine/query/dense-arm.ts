import type { Segment } from '../segments/snapshot.ts'
import { normalize, quantize, queryLevels } from '../vector/int8.ts'
import { Kernel } from '../vector/kernel.ts'
import { groupSize, highestEntry, lookupTables } from '../vector/sign-codes.ts'
import type { VectorPart } from '../vector/vector-part.ts'
import type { Mask } from './filter-mask.ts'
import type { TopList } from './top-list.ts'

/** A query's direction in whole numbers; component n is about `codes[n] * scale`. */
export type DenseQuery = { codes: Int16Array; scale: number }

/** Undefined for a vector without direction. */
export function denseQuery(vector: Float32Array): DenseQuery | undefined {
  const codes = new Int16Array(vector.length)
  const scale = quantize(normalize(vector.slice()), queryLevels, codes)
  return scale > 0 ? { codes, scale } : undefined
}

/** Up to so many documents are scored one by one: that costs less than looking through their codes and scoring the best. */
const exhaustiveLimit = 8_192
/** Of more, those with the best sign codes are scored: at least so many, and this share of them (`docs/performance.md`). */
const leastRescored = 1_000
const rescoredShare = 0.005
/** Groups of 16 looked through before the threshold is raised; fewer at first, when it is still 0. */
const firstChunk = 64
const chunk = 512

/**
 * Scores documents by the cosine between their vector and the query's, in two steps: sign codes choose, whole components
 * decide. Which documents are chosen depends on the query and the documents only, not on how they lie in segments.
 */
export class DenseArm {
  private readonly kernel: Kernel
  private readonly counts = new Uint32Array(65_536)
  private readonly chosen: Uint32Array[] = []

  constructor(kernel = new Kernel()) {
    this.kernel = kernel
  }

  /** Offers the best documents of all segments that their masks allow. `exhaustive`: all of them, to measure by. */
  score(
    segments: readonly Segment[],
    query: DenseQuery,
    masks: readonly Mask[],
    top: TopList,
    exhaustive = false,
  ): void {
    const { kernel } = this
    const fitting = segments.map(({ vectors }) => (vectors?.dims === query.codes.length ? vectors : undefined))
    const allowed = masks.reduce((sum, mask, n) => sum + (fitting[n] ? mask.count : 0), 0)
    if (allowed === 0) return
    kernel.begin({ codes: query.codes, tables: lookupTables(query.codes) })
    const lists =
      exhaustive || allowed <= exhaustiveLimit
        ? fitting.map((part, n) => (part ? allOf(part.count, masks[n]!) : new Uint32Array(0)))
        : this.choose(fitting, masks, Math.max(leastRescored, Math.ceil(allowed * rescoredShare)))
    for (const [n, list] of lists.entries()) {
      const part = fitting[n]
      if (!part || list.length === 0) continue
      kernel.list.set(list)
      kernel.dots(part, list.length)
      const { ids } = segments[n]!.text
      for (let i = 0; i < list.length; i++) {
        const document = list[i]!
        const scale = part.scales[document]!
        if (scale > 0) top.offer(kernel.products[i]! * scale * query.scale, ids[document]!, n, document)
      }
    }
  }

  /** For each segment, its documents among the `wanted` best by sign codes, and those equal to the last of them. */
  private choose(parts: readonly (VectorPart | undefined)[], masks: readonly Mask[], wanted: number): Uint32Array[] {
    const { kernel, counts } = this
    const highest = (parts.find((part) => part)!.dims / 4) * highestEntry
    counts.fill(0, 0, highest + 1)
    let threshold = 0
    let above = 0
    const kept = parts.map((): { list: Uint32Array; count: number } => ({ list: new Uint32Array(0), count: 0 }))
    // Those with the most to find first: the threshold rises early, and few of the others' are above it.
    const order = [...parts.keys()].sort((a, b) => masks[b]!.count - masks[a]!.count)
    for (const n of order) {
      const part = parts[n]
      if (!part || masks[n]!.count === 0) continue
      const list = this.space(n, part.count)
      const { allowed } = masks[n]!
      const groups = Math.ceil(part.count / groupSize)
      let count = 0
      for (let from = 0; from < groups; ) {
        if (allowed) {
          const next = allowed.indexOf(1, from * groupSize)
          if (next < 0) break
          from = Math.floor(next / groupSize)
        }
        const some = Math.min(groups - from, threshold === 0 ? firstChunk : chunk)
        const found = kernel.scan(part, from, some, threshold)
        for (let i = 0; i < found; i++) {
          const entry = kernel.scanned[i]!
          const document = entry & 0xffff
          if (document >= part.count || part.scales[document] === 0 || (allowed && !allowed[document])) continue
          list[count++] = entry
          counts[entry >>> 16]!++
          above++
        }
        while (above - counts[threshold]! >= wanted) above -= counts[threshold++]!
        from += some
      }
      kept[n] = { list, count }
    }
    return kept.map(({ list, count }) => {
      let n = 0
      for (let i = 0; i < count; i++) if (list[i]! >>> 16 >= threshold) list[n++] = list[i]! & 0xffff
      return list.subarray(0, n)
    })
  }

  /** Memory for what a segment's scan keeps, used again for the next query. */
  private space(n: number, count: number): Uint32Array {
    const known = this.chosen[n]
    if (known && known.length >= count) return known
    const made = new Uint32Array(count)
    this.chosen[n] = made
    return made
  }

  /** The cosine between a document and the query that `score` was last called with; undefined for one without vector. */
  cosine({ vectors }: Segment, query: DenseQuery, document: number): number | undefined {
    if (!vectors || vectors.dims !== query.codes.length) return undefined
    const scale = vectors.scales[document]!
    if (scale === 0) return undefined
    this.kernel.list[0] = document
    this.kernel.dots(vectors, 1)
    return this.kernel.products[0]! * scale * query.scale
  }
}

function allOf(count: number, { allowed }: Mask): Uint32Array {
  const list = new Uint32Array(count)
  let n = 0
  for (let document = 0; document < count; document++) if (!allowed || allowed[document]) list[n++] = document
  return list.subarray(0, n)
}
