import type { Segment } from '../segments/snapshot.ts'
import { normalize, quantize, queryLevels } from '../vector/int8.ts'
import { Kernel } from '../vector/kernel.ts'
import { groupSize, highestEntry, lookupTables } from '../vector/sign-codes.ts'
import type { VectorPart } from '../vector/vector-part.ts'
import type { Mask } from './filter-mask.ts'
import { type GroupLanes, groupLanes } from './group-lanes.ts'
import { type Groups, lookedShare, NearGroups } from './near-groups.ts'
import { type QueryWork, WorkAlone } from './query-work.ts'
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
/** Of more, so many with the best sign codes are scored; of more than 200,000 more, twice as many of a million. */
const leastRescored = 1_000
const rescored = (documents: number) => Math.ceil(leastRescored * Math.max(1, documents / 200_000) ** 0.4)
/** Groups of 16 that a thread takes at a time. */
const groupsAtOnce = 256
/** Groups looked through before the threshold is raised. */
const chunk = 64

/** Some groups of 16 documents of a segment, from `from` to before `to` of `groups`, as `GroupLanes` has them. */
export type DenseStretch = { segment: number; from: number; to: number; groups: Uint32Array }

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
  private lanes: readonly (GroupLanes | undefined)[] = []
  private scale = 0
  private isExhaustive = false
  /** Segments of which all groups are looked through. */
  private whole: readonly number[] = []

  constructor(kernel = new Kernel()) {
    this.kernel = kernel
  }

  /**
   * Takes a query and answers how many pieces of work there are before stretches are known. `exhaustive`: all documents are
   * scored, to measure by.
   */
  begin(segments: readonly Segment[], query: DenseQuery, masks: readonly Mask[], exhaustive = false): number {
    const { codes, scale } = query
    this.scale = scale
    this.parts = segments.map(({ vectors }) => (vectors?.dims === codes.length ? vectors : undefined))
    this.lanes = this.parts.map((part, n) => (part && masks[n]!.count > 0 ? groupLanes(part, masks[n]!) : undefined))
    const allowed = masks.reduce((sum, mask, n) => sum + (this.parts[n] ? mask.count : 0), 0)
    const documents = this.parts.reduce((sum, part) => sum + (part?.count ?? 0), 0)
    this.isExhaustive = exhaustive || allowed <= exhaustiveLimit
    this.kernel.begin({ codes, tables: lookupTables(codes) })
    const highest = (codes.length / 4) * highestEntry
    this.found.begin(rescored(allowed), highest)
    const filled = [...segments.keys()].filter((n) => this.lanes[n])
    const share = this.isExhaustive ? 1 : lookedShare(allowed, documents)
    const ordered = filled.flatMap((segment) => {
      const part = this.parts[segment]!
      const { middles } = part
      return middles && share < 1 ? [{ segment, part, lanes: this.lanes[segment]!, middles }] : []
    })
    this.whole = filled.filter((segment) => share >= 1 || !this.parts[segment]!.middles)
    return this.nearGroups.begin(ordered, share, 1.5 * highest)
  }

  /** Does a piece of the work before stretches are known: a look at the middles of some groups. */
  prepare(piece: number): void {
    this.nearGroups.look(this.kernel, piece)
  }

  /** The stretches to look through: the near groups of segments that have such, and all of the others. */
  stretches(work: QueryWork): DenseStretch[] {
    const near = this.nearGroups.choose(this.kernel, work)
    const all = this.whole.map((segment) => ({ segment, groups: this.lanes[segment]!.filled }))
    return [...near, ...all].flatMap(stretchesOf)
  }

  /** All that comes before looking, by one thread: takes a query and answers the stretches to look through. */
  beginAlone(...query: Parameters<DenseArm['begin']>): DenseStretch[] {
    const pieces = this.begin(...query)
    for (let piece = 0; piece < pieces; piece++) this.prepare(piece)
    return this.stretches(new WorkAlone())
  }

  /** Collects in `found` the documents of a stretch that may be among the wanted. */
  look({ segment, from, to, groups }: DenseStretch): void {
    const { kernel, found, isExhaustive } = this
    const part = this.parts[segment]!
    found.enter(segment)
    if (isExhaustive) found.addAll(kernel.scanned, documentsIn(groups, from, to, kernel.scanned))
    else
      for (let at = from; at < to; at += chunk) {
        const end = Math.min(to, at + chunk)
        kernel.list.set(groups.subarray(at, end))
        found.addAll(kernel.scanned, kernel.scanList(part, end - at, found.threshold))
        found.raise()
      }
  }

  /**
   * Offers the documents found with the highest sums, as many as are wanted and those equal to the last of them, by their whole
   * components. `other`: how many documents of each sum another thread found.
   */
  score(other: Int32Array | undefined, top: TopList): void {
    const { kernel, found } = this
    const cut = this.isExhaustive ? 0 : (cutOf(found.histogram, other, found.wanted) ?? 0)
    found.forEachRun(cut, kernel.list, (segment, count) => {
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

function stretchesOf({ segment, groups }: Groups): DenseStretch[] {
  return Array.from({ length: Math.ceil(groups.length / groupsAtOnce) }, (_, n) => ({
    ...{ segment, from: n * groupsAtOnce, to: Math.min(groups.length, (n + 1) * groupsAtOnce), groups },
  }))
}

/** Writes the places of all documents of some groups; answers how many they are. */
function documentsIn(groups: Uint32Array, from: number, to: number, places: Uint32Array): number {
  let count = 0
  for (let at = from; at < to; at++) {
    const first = (groups[at]! & 0xffff) * groupSize
    for (let lanes = groups[at]! >>> 16, place = first; lanes > 0; lanes >>= 1, place++)
      if (lanes & 1) places[count++] = place
  }
  return count
}
