import type { Segment } from '../segments/snapshot.ts'
import { normalize, quantize, queryLevels } from '../vector/int8.ts'
import { Kernel } from '../vector/kernel.ts'
import { groupSize, highestEntry, lookupTables } from '../vector/sign-codes.ts'
import type { VectorPart } from '../vector/vector-part.ts'
import type { Mask } from './filter-mask.ts'
import { lookedShare, NearGroups } from './near-groups.ts'
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
/** Of more, so many with the best sign codes are scored, of more than 200,000 as the root of their number grows. */
const leastRescored = 1_000
const rescored = (documents: number) => Math.ceil(leastRescored * Math.max(1, Math.sqrt(documents / 200_000)))
/** Groups of 16 that a thread takes at a time. */
const groupsAtOnce = 256
/** Groups looked through before the threshold is raised. */
const chunk = 64

/** Some groups of 16 documents of a segment, from `from` to before `to`; of those in `groups`, where some were chosen. */
export type DenseStretch = { segment: number; from: number; to: number; groups?: Uint32Array | undefined }

/**
 * Scores documents by the cosine between their vector and the query's, in three steps: of large segments the groups of like
 * documents are chosen whose middles are near, sign codes choose documents, whole components decide. Which are chosen depends
 * on the query and the snapshot only, not on which thread looked through which of them.
 */
export class DenseArm {
  /** The sums of what was looked through since `begin`. */
  readonly found = new SignSums()
  private readonly kernel: Kernel
  private readonly nearGroups = new NearGroups()
  private parts: readonly (VectorPart | undefined)[] = []
  private masks: readonly Mask[] = []
  private scale = 0
  private isExhaustive = false
  private highest = 0

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
    this.masks = masks
    this.scale = scale
    this.parts = segments.map(({ vectors }) => (vectors?.dims === codes.length ? vectors : undefined))
    const allowed = masks.reduce((sum, mask, n) => sum + (this.parts[n] ? mask.count : 0), 0)
    const documents = this.parts.reduce((sum, part) => sum + (part?.count ?? 0), 0)
    this.isExhaustive = exhaustive || allowed <= exhaustiveLimit
    this.kernel.begin({ codes, tables: lookupTables(codes) })
    this.highest = (codes.length / 4) * highestEntry
    this.found.begin(rescored(allowed), this.highest)
    const filled = [...segments.keys()].filter((n) => this.parts[n] && masks[n]!.count > 0)
    return this.isExhaustive ? filled.flatMap((n) => this.all(n)) : this.near(filled, lookedShare(allowed, documents))
  }

  /** All groups of a segment. */
  private all(segment: number): DenseStretch[] {
    return stretchesOf(segment, Math.ceil(this.parts[segment]!.count / groupSize))
  }

  /** The near groups of segments that have such, and all of the others. */
  private near(segments: readonly number[], share: number): DenseStretch[] {
    const ordered = segments.flatMap((segment) => {
      const part = this.parts[segment]!
      return part.middles && share < 1 ? [{ segment, part, middles: part.middles, mask: this.masks[segment]! }] : []
    })
    const chosen = this.nearGroups.choose(this.kernel, ordered, share, this.highest)
    const groupsOf = new Map(ordered.map(({ segment }, n) => [segment, chosen[n]!]))
    return segments.flatMap((segment) => {
      const groups = groupsOf.get(segment)
      return groups ? stretchesOf(segment, groups.length, groups) : this.all(segment)
    })
  }

  /** Collects in `found` the documents of a stretch that may be among the wanted. */
  look({ segment, from, to, groups }: DenseStretch): void {
    const { found, isExhaustive } = this
    found.enter(segment)
    if (isExhaustive) this.takeAll(segment, from * groupSize, to * groupSize)
    else
      for (let at = from; at < to; at += chunk) {
        this.scan(segment, at, Math.min(to, at + chunk), groups)
        found.raise()
      }
  }

  private takeAll(segment: number, from: number, to: number): void {
    const part = this.parts[segment]!
    const { allowed } = this.masks[segment]!
    const end = Math.min(part.count, to)
    for (let document = from; document < end; document++) {
      if (allowed && !allowed[document]) continue
      const place = part.placeOf(document)
      if (part.scales[place]! > 0) this.found.add(place)
    }
  }

  /** Adds to `found` those of some groups that reach its threshold. */
  private scan(segment: number, from: number, to: number, groups: Uint32Array | undefined): void {
    const { kernel, found } = this
    const part = this.parts[segment]!
    const { allowed } = this.masks[segment]!
    if (groups) kernel.list.set(groups.subarray(from, to))
    const count = groups
      ? kernel.scanList(part, to - from, found.threshold)
      : kernel.scan(part, from, to - from, found.threshold)
    for (let i = 0; i < count; i++) {
      const entry = kernel.scanned[i]!
      const place = entry & 0xffff
      if (place >= part.count || part.scales[place] === 0 || (allowed && !allowed[part.documentAt(place)])) continue
      found.add(entry)
    }
  }

  /**
   * Offers the documents found with the highest sums, as many as are wanted and those equal to the last of them, by their whole
   * components. `other`: how many documents of each sum another thread found.
   */
  score(other: Int32Array | undefined, top: TopList): void {
    const { kernel, found } = this
    const cut = this.isExhaustive ? 0 : (cutOf(found.histogram, other, found.wanted) ?? 0)
    found.forEachSegment(cut, kernel.list, (segment, count) => {
      const part = this.parts[segment]!
      kernel.dots(part, count)
      for (let i = 0; i < count; i++) {
        const place = kernel.list[i]!
        const score = kernel.products[i]! * part.scales[place]! * this.scale
        // The list asks for the ids that it needs.
        if (score >= top.threshold) top.offer(score, 0, segment, part.documentAt(place))
      }
    })
  }

  /** The cosines between some documents of a segment and the query that `begin` took; 0 for one without a vector. */
  cosines(segment: number, documents: readonly number[]): number[] {
    const part = this.parts[segment]
    if (!part) return documents.map(() => 0)
    for (const [n, document] of documents.entries()) this.kernel.list[n] = part.placeOf(document)
    this.kernel.dots(part, documents.length)
    return documents.map((_, n) => this.kernel.products[n]! * part.scales[this.kernel.list[n]!]! * this.scale)
  }
}

function stretchesOf(segment: number, count: number, groups?: Uint32Array): DenseStretch[] {
  return Array.from({ length: Math.ceil(count / groupsAtOnce) }, (_, n) => ({
    ...{ segment, from: n * groupsAtOnce, to: Math.min(count, (n + 1) * groupsAtOnce), groups },
  }))
}
