import type { Segment } from '../segments/snapshot.ts'
import { normalize, quantize, queryLevels } from '../vector/int8.ts'
import { Kernel } from '../vector/kernel.ts'
import { groupSize, highestEntry, lookupTables } from '../vector/sign-codes.ts'
import type { VectorPart } from '../vector/vector-part.ts'
import type { Mask } from './filter-mask.ts'
import type { QueryWork } from './query-work.ts'
import { SignSums } from './sign-sums.ts'
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
/** Groups of 16 that a thread takes at a time. */
const groupsAtOnce = 512

/** Some groups of 16 documents of a segment, from `from` to before `to`. */
export type DenseStretch = { segment: number; from: number; to: number }

/**
 * Scores documents by the cosine between their vector and the query's, in two steps: sign codes choose, whole components
 * decide. Which documents are chosen depends on the query and the documents only, not on how they lie in segments, nor on
 * which thread looked through which of them.
 */
export class DenseArm {
  /** The sums of what was looked through since `begin`. */
  readonly found = new SignSums()
  private readonly kernel: Kernel
  private segments: readonly Segment[] = []
  private parts: readonly (VectorPart | undefined)[] = []
  private masks: readonly Mask[] = []
  private scale = 0
  private isExhaustive = false

  constructor(kernel = new Kernel()) {
    this.kernel = kernel
  }

  /**
   * Takes a query and answers the stretches to look through, those of the segments with most to find first: the threshold
   * rises early then. `exhaustive`: all documents are scored, to measure by.
   */
  begin(segments: readonly Segment[], query: DenseQuery, masks: readonly Mask[], exhaustive = false): DenseStretch[] {
    const { codes, scale } = query
    this.segments = segments
    this.masks = masks
    this.scale = scale
    this.parts = segments.map(({ vectors }) => (vectors?.dims === codes.length ? vectors : undefined))
    const allowed = masks.reduce((sum, mask, n) => sum + (this.parts[n] ? mask.count : 0), 0)
    this.isExhaustive = exhaustive || allowed <= exhaustiveLimit
    const wanted = this.isExhaustive ? allowed : Math.max(leastRescored, Math.ceil(allowed * rescoredShare))
    this.found.begin(wanted, (codes.length / 4) * highestEntry)
    this.kernel.begin({ codes, tables: lookupTables(codes) })
    const order = [...segments.keys()].filter((n) => this.parts[n] && masks[n]!.count > 0)
    order.sort((a, b) => masks[b]!.count - masks[a]!.count)
    return order.flatMap((segment) => stretchesOf(segment, Math.ceil(this.parts[segment]!.count / groupSize)))
  }

  /** Collects in `found` the documents of a stretch that may be among the wanted. */
  look({ segment, from, to }: DenseStretch, work: QueryWork): void {
    const { kernel, found, isExhaustive } = this
    const part = this.parts[segment]!
    const { allowed } = this.masks[segment]!
    found.enter(segment)
    if (isExhaustive) {
      const end = Math.min(part.count, to * groupSize)
      for (let document = from * groupSize; document < end; document++)
        if ((!allowed || allowed[document]) && part.scales[document]! > 0) found.add(document)
      return
    }
    for (let at = from; at < to; ) {
      if (allowed) {
        const next = allowed.indexOf(1, at * groupSize)
        if (next < 0 || next >= to * groupSize) return
        at = Math.floor(next / groupSize)
      }
      found.raise(work.signFloor)
      const some = Math.min(to - at, found.threshold === 0 ? firstChunk : chunk)
      const count = kernel.scan(part, at, some, found.threshold)
      for (let i = 0; i < count; i++) {
        const entry = kernel.scanned[i]!
        const document = entry & 0xffff
        if (document < part.count && part.scales[document]! > 0 && (!allowed || allowed[document])) found.add(entry)
      }
      found.settle()
      work.tellSignFloors(found.threshold, found.halfThreshold)
      at += some
    }
  }

  /** Offers the documents found whose sum reaches `cut`, by their whole components. */
  score(cut: number, top: TopList): void {
    const { kernel, found } = this
    found.forEachSegment(cut, kernel.list, (segment, count) => {
      const part = this.parts[segment]!
      kernel.dots(part, count)
      const { ids } = this.segments[segment]!.text
      for (let i = 0; i < count; i++) {
        const document = kernel.list[i]!
        const score = kernel.products[i]! * part.scales[document]! * this.scale
        if (score >= top.threshold) top.offer(score, ids[document]!, segment, document)
      }
    })
  }

  /** The cosines between some documents of a segment and the query that `begin` took; 0 for one without a vector. */
  cosines(segment: number, documents: readonly number[]): number[] {
    const part = this.parts[segment]
    if (!part) return documents.map(() => 0)
    this.kernel.list.set(documents)
    this.kernel.dots(part, documents.length)
    return documents.map((document, n) => this.kernel.products[n]! * part.scales[document]! * this.scale)
  }
}

function stretchesOf(segment: number, groups: number): DenseStretch[] {
  return Array.from({ length: Math.ceil(groups / groupsAtOnce) }, (_, n) => ({
    segment,
    from: n * groupsAtOnce,
    to: Math.min(groups, (n + 1) * groupsAtOnce),
  }))
}
