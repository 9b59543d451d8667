import { segmentCapacity } from './capacity.ts'

export type SegmentSize = { live: number; dead: number }

/**
 * Segments of one size class that are merged together: sizes of a class lie within this factor. Twice as many: fewer
 * merges for a document, more segments to look through for a query.
 */
const fanIn = 8
/** Segments smaller than this are of one class: each put makes a small one. */
const smallest = 64
/** A segment is rewritten when so much of it is gone. */
const mostDeadShare = 0.25
/** Fewer removed documents than this cost nothing. */
const fewDead = 64

/**
 * The segments to merge next, as positions in rising order, or undefined when all is well: those of the smallest class with
 * `fanIn` members, as many of them as fit into one segment; else one with too many removed documents.
 */
export function chooseMerge(sizes: readonly SegmentSize[]): number[] | undefined {
  const classes = new Map<number, number[]>()
  for (const [n, { live }] of sizes.entries()) {
    if (live * 2 > segmentCapacity) continue
    const sizeClass = live < smallest ? 0 : 1 + Math.floor(Math.log(live / smallest) / Math.log(fanIn))
    classes.set(sizeClass, [...(classes.get(sizeClass) ?? []), n])
  }
  for (const [, members] of [...classes].sort(([a], [b]) => a - b)) {
    if (members.length < fanIn) continue
    const chosen = fitting(members, sizes)
    if (chosen.length > 1) return chosen
  }
  const rotten = sizes.findIndex(
    ({ live, dead }) => (live === 0 && dead > 0) || (dead >= fewDead && dead >= mostDeadShare * (live + dead)),
  )
  return rotten < 0 ? undefined : [rotten]
}

function fitting(members: readonly number[], sizes: readonly SegmentSize[]): number[] {
  let sum = 0
  return members.filter((n) => {
    const { live } = sizes[n] as SegmentSize
    if (sum + live > segmentCapacity) return false
    sum += live
    return true
  })
}
