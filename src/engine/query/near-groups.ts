import { segmentCapacity } from '../segments/capacity.ts'
import type { Kernel } from '../vector/kernel.ts'
import { groupSize } from '../vector/sign-codes.ts'
import type { VectorPart } from '../vector/vector-part.ts'
import type { GroupLanes } from './group-lanes.ts'
import type { QueryWork } from './query-work.ts'
import { cutOf, SignSums } from './sign-sums.ts'

/** A segment whose groups are of documents that are alike, with its number, and what it may answer. */
export type OrderedSegment = { segment: number; part: VectorPart; lanes: GroupLanes; middles: Uint8Array }
/** Some groups of a segment, rising, with their lanes. */
export type Groups = { segment: number; groups: Uint32Array }

/** Middles that a thread looks through at a time: a multiple of 16. */
const middlesAtOnce = 2_048

/**
 * The share of the allowed documents, of so many in all, that is looked through, those whose groups are nearest: what leaves
 * .98 of the ten nearest (`docs/performance.md`). Of few a larger share, as the ten nearest of few stand out less; of those that a
 * filter leaves too, as they lie less together, the more so the more there are.
 */
export function lookedShare(allowed: number, documents: number): number {
  const size = allowed / 200_000
  const filtered = Math.min(1.25 * Math.max(1, documents / 200_000) ** 0.22, documents / allowed)
  return Math.min(1, 0.145 * size ** (size < 1 ? -0.45 : 0.05) * filtered)
}

/** Chooses groups by the sign codes of their middles, alone or together with another thread: the choice is the same. */
export class NearGroups {
  private readonly found = new SignSums()
  private readonly list = new Uint32Array(segmentCapacity / groupSize)
  private pieces: (OrderedSegment & { from: number })[] = []
  private isLookedAt = new Uint8Array(0)

  /**
   * Before the middles are looked at: the groups of these segments that are nearest to the query are to be chosen, as many as
   * hold `share` of the allowed documents, and those as near as the last of them. No sum is above `highest`. The answer is how
   * many pieces of work there are.
   */
  begin(segments: readonly OrderedSegment[], share: number, highest: number): number {
    const documents = segments.reduce((sum, { lanes }) => sum + lanes.count, 0)
    this.found.begin(Math.ceil(documents * share), highest)
    this.pieces = segments.flatMap((one) =>
      Array.from({ length: Math.ceil(one.lanes.held.length / middlesAtOnce) }, (_, n) => ({
        ...one,
        from: n * middlesAtOnce,
      })),
    )
    this.isLookedAt = new Uint8Array(this.pieces.length)
    return this.pieces.length
  }

  /** Looks at the middles of a piece. */
  look(kernel: Kernel, piece: number): void {
    const { part, lanes, from, middles } = this.pieces[piece]!
    const { found } = this
    found.enter(piece)
    const count = kernel.scanMiddles(part, middles, from, middlesAtOnce, found.threshold)
    found.addAll(kernel.scanned, count, lanes.held)
    found.raise()
    this.isLookedAt[piece] = 1
  }

  /** Once all pieces have been taken, by this thread and perhaps by another. */
  choose(kernel: Kernel, work: QueryWork): Groups[] {
    const { found, pieces, list } = this
    if (pieces.length === 0) return []
    for (const { run, entries } of work.swapSums(found)) {
      found.enter(run)
      found.addAll(entries, entries.length, pieces[run]!.lanes.held)
      this.isLookedAt[run] = 1
    }
    // Those of which the other could not tell all.
    for (const piece of pieces.keys()) if (!this.isLookedAt[piece]) this.look(kernel, piece)
    const chosen: Groups[] = []
    const cut = cutOf(found.histogram, undefined, found.wanted) ?? 0
    found.forEachRun(cut, list, (piece, count) => {
      const { segment, lanes } = pieces[piece]!
      const groups = list.slice(0, count)
      for (let n = 0; n < count; n++) groups[n] = lanes.entries[groups[n]!]!
      chosen[piece] = { segment, groups }
    })
    // In the order of pieces, whoever looked at them; some have none.
    return chosen.filter(() => true)
  }
}
