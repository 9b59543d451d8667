import type { Segment } from '../segments/snapshot.ts'
import { normalize, quantize, queryLevels } from '../vector/int8.ts'
import { Kernel } from '../vector/kernel.ts'
import { groupSize, highestEntry, lookupTables } from '../vector/sign-codes.ts'
import type { VectorPart } from '../vector/vector-part.ts'
import type { Mask } from './filter-mask.ts'
import { cutOf, SignSums } from './sign-sums.ts'
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
/** Groups of 16 that a thread takes at a time. */
const groupsAtOnce = 512
/** Samples, evenly spread, whose sums tell which threshold will leave about as many documents as are wanted. */
const samples = 25
/** Groups of a sample. They lie side by side, as memory is read fastest. */
const groupsASample = 8
/** Groups looked through before the threshold is raised, where the sample was wrong; fewer while it is 0. */
const firstChunk = 64
/** Groups looked through, with a mask, before the next allowed document is looked for. */
const skippedAtOnce = 64

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
  private wanted = 0
  private highest = 0
  private stretches: readonly DenseStretch[] = []

  constructor(kernel = new Kernel()) {
    this.kernel = kernel
  }

  /** Takes a query and answers the stretches to look through. `exhaustive`: all documents are scored, to measure by. */
  begin(
    segments: readonly Segment[],
    query: DenseQuery,
    masks: readonly Mask[],
    exhaustive = false,
  ): readonly DenseStretch[] {
    const { codes, scale } = query
    this.segments = segments
    this.masks = masks
    this.scale = scale
    this.parts = segments.map(({ vectors }) => (vectors?.dims === codes.length ? vectors : undefined))
    const allowed = masks.reduce((sum, mask, n) => sum + (this.parts[n] ? mask.count : 0), 0)
    this.isExhaustive = exhaustive || allowed <= exhaustiveLimit
    this.wanted = Math.max(leastRescored, Math.ceil(allowed * rescoredShare))
    this.highest = (codes.length / 4) * highestEntry
    this.kernel.begin({ codes, tables: lookupTables(codes) })
    const filled = [...segments.keys()].filter((n) => this.parts[n] && masks[n]!.count > 0)
    const threshold = this.isExhaustive ? 0 : this.sample(filled, allowed)
    this.found.begin(this.wanted, this.highest, threshold)
    this.stretches = filled.flatMap((segment) =>
      stretchesOf(segment, Math.ceil(this.parts[segment]!.count / groupSize)),
    )
    return this.stretches
  }

  /** A threshold that very probably leaves more documents than are wanted, though not many more. */
  private sample(segments: readonly number[], allowed: number): number {
    const { found } = this
    const groups = segments.map((segment) => Math.ceil(this.parts[segment]!.count / groupSize))
    const step = Math.max(groupsASample, Math.floor(groups.reduce((sum, count) => sum + count, 0) / samples))
    found.begin(0, this.highest, 0)
    let seen = 0
    for (const [n, segment] of segments.entries())
      for (let group = step >> 1; group < groups[n]!; group += step)
        seen += this.scan(segment, group, Math.min(groupsASample, groups[n]! - group))
    const expected = (this.wanted * seen) / allowed
    // Three standard deviations more than expected: in one of a thousand searches it is too few all the same.
    return cutOf(found.histogram, undefined, Math.ceil(expected + 3 * Math.sqrt(expected) + 3)) ?? 0
  }

  /** Collects in `found` the documents of a stretch that may be among the wanted. */
  look({ segment, from, to }: DenseStretch): void {
    const { found, isExhaustive } = this
    found.enter(segment)
    if (!isExhaustive) {
      this.scan(segment, from, to - from)
      return
    }
    const part = this.parts[segment]!
    const { allowed } = this.masks[segment]!
    const end = Math.min(part.count, to * groupSize)
    for (let document = from * groupSize; document < end; document++)
      if ((!allowed || allowed[document]) && part.scales[document]! > 0) found.add(document)
  }

  /**
   * The sum from which on documents are scored, so that as many are as are wanted, and those equal to the last of them. `other`:
   * what another thread found. Undefined when both found too few, because the sample was no good.
   */
  cut(other: Int32Array | undefined): number | undefined {
    if (this.isExhaustive || this.found.threshold === 0) return cutOf(this.found.histogram, other, this.wanted) ?? 0
    return cutOf(this.found.histogram, other, this.wanted)
  }

  /** Looks through everything, whatever was found before; answers the cut. */
  lookAgain(): number {
    const { found } = this
    found.begin(this.wanted, this.highest, 0)
    for (const { segment, from, to } of this.stretches) {
      found.enter(segment)
      for (let at = from; at < to; at += firstChunk) {
        this.scan(segment, at, Math.min(firstChunk, to - at))
        found.raise()
      }
    }
    return cutOf(found.histogram, undefined, this.wanted) ?? 0
  }

  /** Adds to `found` those of some groups that reach its threshold; answers how many of them the mask allows, if it is 0. */
  private scan(segment: number, from: number, groups: number): number {
    const { kernel, found } = this
    const part = this.parts[segment]!
    const { allowed } = this.masks[segment]!
    let added = 0
    for (let at = from; at < from + groups; ) {
      if (allowed) {
        // Papers of a kind lie together: stretches without any are stepped over.
        const next = allowed.indexOf(1, at * groupSize)
        if (next < 0 || next >= (from + groups) * groupSize) break
        at = Math.floor(next / groupSize)
      }
      const some = allowed ? Math.min(skippedAtOnce, from + groups - at) : groups
      const count = kernel.scan(part, at, some, found.threshold)
      for (let i = 0; i < count; i++) {
        const entry = kernel.scanned[i]!
        const document = entry & 0xffff
        if (document >= part.count || part.scales[document] === 0 || (allowed && !allowed[document])) continue
        found.add(entry)
        added++
      }
      at += some
    }
    return added
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
