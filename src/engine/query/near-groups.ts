import type { Kernel } from '../vector/kernel.ts'
import { groupSize } from '../vector/sign-codes.ts'
import type { VectorPart } from '../vector/vector-part.ts'
import type { Mask } from './filter-mask.ts'
import { cutOf } from './sign-sums.ts'

/** A segment whose groups are of documents that are alike, and what it may answer. */
export type OrderedSegment = { part: VectorPart; middles: Uint8Array; mask: Mask }

/**
 * The share of the allowed documents, of so many in all, that is looked through, those whose groups are nearest: what leaves
 * .98 of the ten nearest (`docs/performance.md`). The ten nearest of more stand out more; those that a filter leaves lie less
 * together.
 */
export function lookedShare(allowed: number, documents: number): number {
  const filtered = Math.min(1.5, documents / allowed)
  return Math.min(1, 0.2 * (200_000 / allowed) ** 0.3 * filtered)
}

/** Chooses groups by the sign codes of their middles. */
export class NearGroups {
  private sums = new Uint16Array(4_096)
  private readonly counts = new Int32Array(65_536)

  /**
   * The groups of each segment, rising, whose middles are nearest to the query that the kernel has: as many as hold `share` of
   * the allowed documents of all these segments, and those as near as the last of them. No sum is above `highest`.
   */
  choose(kernel: Kernel, segments: readonly OrderedSegment[], share: number, highest: number): Uint16Array[] {
    const counts = this.counts.subarray(0, highest + 1).fill(0)
    const starts: number[] = []
    let total = 0
    let allowed = 0
    for (const { part, middles, mask } of segments) {
      const groups = kernel.scanMiddles(part, middles, 0)
      starts.push(total)
      this.reserve(total + groups)
      const held = mask.allowed && allowedInGroups(part, mask.allowed)
      for (let group = 0; group < groups; group++) {
        const sum = kernel.scanned[group]! >>> 16
        this.sums[total + group] = sum
        counts[sum]! += held ? held[group]! : groupSize
      }
      total += groups
      allowed += mask.count
    }
    const cut = cutOf(counts, undefined, Math.ceil(allowed * share)) ?? 0
    return segments.map(({ part, mask }, n) => {
      const first = starts[n]!
      const groups = (starts[n + 1] ?? total) - first
      const held = mask.allowed && allowedInGroups(part, mask.allowed)
      const chosen = new Uint16Array(groups)
      let count = 0
      for (let group = 0; group < groups; group++)
        if (this.sums[first + group]! >= cut && (!held || held[group]! > 0)) chosen[count++] = group
      return chosen.subarray(0, count)
    })
  }

  private reserve(length: number): void {
    if (length <= this.sums.length) return
    const wider = new Uint16Array(Math.max(length, this.sums.length * 2))
    wider.set(this.sums)
    this.sums = wider
  }
}

/** Masks are kept from one query to the next, and so is what is known of them. */
const known = new WeakMap<Uint8Array, { part: VectorPart; held: Uint8Array }>()

/** How many documents of each group are allowed. */
function allowedInGroups(part: VectorPart, allowed: Uint8Array): Uint8Array {
  const before = known.get(allowed)
  if (before?.part === part) return before.held
  const held = new Uint8Array(Math.ceil(part.count / groupSize))
  for (let place = 0; place < part.count; place++) held[place >> 4]! += allowed[part.documentAt(place)]!
  known.set(allowed, { part, held })
  return held
}
