import { segmentCapacity } from '../segments/capacity.ts'
import type { Kernel } from '../vector/kernel.ts'
import { groupSize } from '../vector/sign-codes.ts'
import type { VectorPart } from '../vector/vector-part.ts'
import type { Mask } from './filter-mask.ts'
import { cutOf, SignSums } from './sign-sums.ts'

/** A segment whose groups are of documents that are alike, and what it may answer. */
export type OrderedSegment = { part: VectorPart; middles: Uint8Array; mask: Mask }

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
   * The groups of each segment, rising, whose middles are nearest to the query that the kernel has: as many as hold `share` of
   * the allowed documents of all these segments, and those as near as the last of them. No sum is above `highest`.
   */
  choose(kernel: Kernel, segments: readonly OrderedSegment[], share: number, highest: number): Uint32Array[] {
    const { found, list } = this
    const allowed = segments.reduce((sum, { mask }) => sum + mask.count, 0)
    found.begin(Math.ceil(allowed * share), highest)
    for (const [n, { part, middles, mask }] of segments.entries()) {
      found.enter(n)
      const count = kernel.scanMiddles(part, middles, found.threshold)
      const held = mask.allowed && allowedInGroups(part, mask.allowed)
      for (let i = 0; i < count; i++) {
        const entry = kernel.scanned[i]!
        const documents = held ? held[entry & 0xffff]! : groupSize
        if (documents > 0) found.add(entry, documents)
      }
      found.raise()
    }
    const chosen = segments.map(() => list.subarray(0, 0))
    const cut = cutOf(found.histogram, undefined, found.wanted) ?? 0
    found.forEachSegment(cut, list, (n, count) => {
      chosen[n] = list.slice(0, count)
    })
    return chosen
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
