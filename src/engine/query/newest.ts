import type { Snapshot } from '../segments/snapshot.ts'
import type { Matching } from './matching.ts'

export type DatedRow = { key: number; id: number }

/** Days and ids as one number, exact for ids below 2^32 and any day there is. */
const stride = 2 ** 32
const keyOf = (day: number, id: number) => day * stride + id

/**
 * The `limit` newest of the matching documents that come after a place, and one more where there is one: by day, then the
 * higher id first.
 */
export function newestOf(
  snapshot: Snapshot,
  { segments }: Matching,
  limit: number,
  after?: { key: number; id: number },
): DatedRow[] {
  const below = after ? keyOf(after.key, after.id) : Number.POSITIVE_INFINITY
  const best = new Float64Array(limit + 1)
  let count = 0
  for (const [n, { text }] of snapshot.segments.entries()) {
    const found = segments[n]!
    // From the end, where the newer ones usually are: those after them are then passed over quickly.
    for (let i = found.length - 1; i >= 0; i--) {
      const document = found[i]!
      const key = keyOf(text.days[document]!, text.ids[document]!)
      if (key >= below || (count === best.length && key <= best[count - 1]!)) continue
      let at = count < best.length ? count++ : count - 1
      while (at > 0 && best[at - 1]! < key) best[at] = best[--at]!
      best[at] = key
    }
  }
  return Array.from(best.subarray(0, count), (key) => {
    const day = Math.floor(key / stride)
    return { key: day, id: key - day * stride }
  })
}
