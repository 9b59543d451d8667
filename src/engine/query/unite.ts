import type { Candidates } from '../fusion/fuse.ts'
import { scoreOf } from '../ranking/bm25f.ts'
import { segmentCapacity } from '../segments/capacity.ts'
import type { Snapshot } from '../segments/snapshot.ts'
import type { Found } from './arms.ts'
import type { DenseArm } from './dense-arm.ts'
import { addSumsOf } from './lexical-arm.ts'
import type { QueryWork } from './query-work.ts'
import type { RankedTerm } from './ranked-terms.ts'
import type { TopList } from './top-list.ts'

/**
 * Each arm's best together, in the order in which they lie in the index, every one with both scores. Without `arm` nothing is
 * known of their meaning.
 */
export function unite(
  snapshot: Snapshot,
  terms: readonly RankedTerm[],
  { lexical, dense }: Found,
  work: QueryWork,
  arm?: DenseArm,
): Candidates {
  const candidates = inOrder(snapshot, lexical, dense)
  if (terms.length === 0 || !arm) return candidates
  const [from, to] = work.share(candidates.count)
  addSums(snapshot, terms, candidates, from, to)
  addCosines(candidates, arm, from, to)
  work.complete(candidates.lexical, candidates.dense)
  return candidates
}

/** What is in either list, once, with the scores that the lists know; those of an arm that has it not are 0. */
function inOrder(snapshot: Snapshot, lexical: TopList, dense: TopList): Candidates {
  const most = lexical.length + dense.length
  const places = new Uint32Array(most)
  writePlaces(places, lexical, 0)
  writePlaces(places, dense, lexical.length)
  const order = risingOrder(places)
  const [segments, documents] = [new Uint16Array(most), new Uint16Array(most)]
  const candidates: Candidates = {
    count: 0,
    idOf: (n) => snapshot.segments[segments[n]!]!.text.ids[documents[n]!]!,
    ...{ segments, documents },
    lexical: new Float64Array(most),
    dense: new Float64Array(most),
    isLexical: new Uint8Array(most),
    isDense: new Uint8Array(most),
  }
  let n = -1
  let last = -1
  for (let i = 0; i < most; i++) {
    const entry = order[i]!
    const place = places[entry]!
    if (place !== last) n++
    last = place
    segments[n] = place / segmentCapacity
    documents[n] = place % segmentCapacity
    if (entry >= lexical.length) {
      candidates.dense[n] = dense.scores[entry - lexical.length]!
      candidates.isDense[n] = 1
    } else {
      candidates.lexical[n] = scoreOf(lexical.scores[entry]!)
      candidates.isLexical[n] = 1
    }
  }
  return shortened(candidates, n + 1)
}

function writePlaces(places: Uint32Array, { length, segments, documents }: TopList, at: number): void {
  for (let n = 0; n < length; n++) places[at + n] = segments[n]! * segmentCapacity + documents[n]!
}

const digits = 256
const starts = new Uint16Array(digits)

/** The positions of some hundred numbers in rising order of these, by one byte of them after the other: no branch depends on them. */
function risingOrder(numbers: Uint32Array): Uint16Array {
  let order = new Uint16Array(numbers.length)
  let next = new Uint16Array(numbers.length)
  for (let n = 0; n < order.length; n++) order[n] = n
  for (let shift = 0; shift < 32; shift += 8) {
    starts.fill(0)
    for (let n = 0; n < numbers.length; n++) starts[(numbers[n]! >>> shift) & (digits - 1)]!++
    let start = 0
    for (let digit = 0; digit < digits; digit++) {
      const count = starts[digit]!
      starts[digit] = start
      start += count
    }
    for (let n = 0; n < order.length; n++) {
      const one = order[n]!
      const digit = (numbers[one]! >>> shift) & (digits - 1)
      next[starts[digit]!++] = one
    }
    ;[order, next] = [next, order]
  }
  return order
}

function shortened(
  { idOf, segments, documents, lexical, dense, isLexical, isDense }: Candidates,
  count: number,
): Candidates {
  return {
    ...{ count, idOf },
    segments: segments.subarray(0, count),
    documents: documents.subarray(0, count),
    lexical: lexical.subarray(0, count),
    dense: dense.subarray(0, count),
    isLexical: isLexical.subarray(0, count),
    isDense: isDense.subarray(0, count),
  }
}

/** Of those that the lexical arm has not among its best. */
function addSums(
  snapshot: Snapshot,
  terms: readonly RankedTerm[],
  { isLexical, segments, documents, lexical }: Candidates,
  from: number,
  to: number,
): void {
  const missing = new Uint32Array(to - from)
  const sums = new Int32Array(to - from)
  for (let start = from, end = from; start < to; start = end) {
    let count = 0
    for (; end < to && segments[end] === segments[start]; end++)
      if (isLexical[end] === 0) missing[count++] = documents[end]!
    if (count === 0) continue
    sums.fill(0, 0, count)
    addSumsOf(snapshot.segments[segments[start]!]!.text, terms, missing, count, sums)
    for (let n = start, i = 0; n < end; n++) if (isLexical[n] === 0) lexical[n] = scoreOf(sums[i++]!)
  }
}

/** Of those that the dense arm has not among its best. */
function addCosines(
  { dense, isDense, segments, documents }: Candidates,
  arm: DenseArm,
  from: number,
  to: number,
): void {
  for (let n = from; n < to; ) {
    const segment = segments[n]!
    const missing: number[] = []
    for (; n < to && segments[n] === segment; n++) if (isDense[n] === 0) missing.push(n)
    const cosines = arm.cosines(
      segment,
      missing.map((one) => documents[one]!),
    )
    for (const [i, one] of missing.entries()) dense[one] = cosines[i]!
  }
}
