import { segmentCapacity } from '../segments/capacity.ts'
import type { Kernel } from '../vector/kernel.ts'
import { groupSize } from '../vector/sign-codes.ts'
import type { VectorPart } from '../vector/vector-part.ts'
import type { GroupLanes } from './group-lanes.ts'
import { cutOf, SignSums } from './sign-sums.ts'

/** A segment whose groups are of documents that are alike, and what it may answer. */
export type OrderedSegment = { part: VectorPart; middles: Uint8Array; lanes: GroupLanes }

/**
 * The share of the allowed documents, of so many in all, that is looked through, those whose groups are nearest: what leaves
 * .98 of the ten nearest (`docs/performance.md`). Of few a larger share, as the ten nearest of few stand out less; of those that a
 * filter leaves too, as they lie less together.
 */
export function lookedShare(allowed: number, documents: number): number {
  const smaller = 200_000 / allowed
  const filtered = Math.min(1.25, documents / allowed)
  return Math.min(1, 0.2 * smaller ** (smaller > 1 ? 0.45 : 0.1) * filtered)
}

/** Chooses groups by the sign codes of their middles. */
export class NearGroups {
  private readonly found = new SignSums()
  private readonly list = new Uint32Array(segmentCapacity / groupSize)

  /**
   * The groups of each segment, rising, whose middles are nearest to the query that the kernel has: as many as hold `wanted` of
   * the allowed documents, and those as near as the last of them, with their lanes. No sum is above `highest`.
   */
  choose(kernel: Kernel, segments: readonly OrderedSegment[], wanted: number, highest: number): Uint32Array[] {
    const { found, list } = this
    found.begin(wanted, highest)
    for (const [n, { part, middles, lanes }] of segments.entries()) {
      found.enter(n)
      found.addAll(kernel.scanned, kernel.scanMiddles(part, middles, found.threshold), lanes.held)
      found.raise()
    }
    const chosen = segments.map(() => list.subarray(0, 0))
    const cut = cutOf(found.histogram, undefined, found.wanted) ?? 0
    found.forEachSegment(cut, list, (n, count) => {
      const { entries } = segments[n]!.lanes
      chosen[n] = list.slice(0, count)
      for (let i = 0; i < count; i++) chosen[n]![i] = entries[list[i]!]!
    })
    return chosen
  }
}
