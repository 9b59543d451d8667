import type { Candidates } from '../fusion/fuse.ts'
import { scoreOf } from '../ranking/bm25f.ts'
import { segmentCapacity } from '../segments/capacity.ts'
import type { Snapshot } from '../segments/snapshot.ts'
import type { Found } from './arms.ts'
import type { DenseArm } from './dense-arm.ts'
import { sumsOf } from './lexical-arm.ts'
import type { QueryWork } from './query-work.ts'
import type { RankedTerm } from './ranked-terms.ts'
import type { TopList } from './top-list.ts'

/** Entries of both lists have numbers below this: those of the second begin in its middle. */
const numbers = 1_024

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
  const candidates = inOrder(lexical, dense)
  if (terms.length === 0 || !arm) return candidates
  const [from, to] = work.share(candidates.count)
  addSums(snapshot, terms, candidates, from, to)
  addCosines(candidates, arm, from, to)
  work.complete(candidates.lexical, candidates.dense)
  return candidates
}

/** What is in either list, once, with the scores that the lists know; those of an arm that has it not are 0. */
function inOrder(lexical: TopList, dense: TopList): Candidates {
  const keys = new Float64Array(lexical.length + dense.length)
  writeKeys(keys, lexical, 0, 0)
  writeKeys(keys, dense, lexical.length, numbers / 2)
  keys.sort()
  const count = distinct(keys)
  const candidates: Candidates = {
    count,
    ids: new Float64Array(count),
    segments: new Uint16Array(count),
    documents: new Uint16Array(count),
    lexical: new Float64Array(count),
    dense: new Float64Array(count),
    isLexical: new Uint8Array(count),
    isDense: new Uint8Array(count),
  }
  let n = -1
  let last = -1
  for (let i = 0; i < keys.length; i++) {
    const place = Math.floor(keys[i]! / numbers)
    const entry = keys[i]! - place * numbers
    if (place !== last) n++
    last = place
    const isDense = entry >= numbers / 2
    const list = isDense ? dense : lexical
    const at = isDense ? entry - numbers / 2 : entry
    candidates.ids[n] = list.ids[at]!
    candidates.segments[n] = list.segments[at]!
    candidates.documents[n] = list.documents[at]!
    if (isDense) {
      candidates.dense[n] = list.scores[at]!
      candidates.isDense[n] = 1
    } else {
      candidates.lexical[n] = scoreOf(list.scores[at]!)
      candidates.isLexical[n] = 1
    }
  }
  return candidates
}

/** Place and number of each entry as one number: sorting numbers is quickest. */
function writeKeys(keys: Float64Array, { length, segments, documents }: TopList, at: number, first: number): void {
  for (let n = 0; n < length; n++) keys[at + n] = (segments[n]! * segmentCapacity + documents[n]!) * numbers + first + n
}

function distinct(keys: Float64Array): number {
  let count = 0
  for (let n = 0; n < keys.length; n++)
    if (n === 0 || Math.floor(keys[n]! / numbers) !== Math.floor(keys[n - 1]! / numbers)) count++
  return count
}

/** Of those that the lexical arm has not among its best. */
function addSums(
  snapshot: Snapshot,
  terms: readonly RankedTerm[],
  { isLexical, segments, documents, lexical }: Candidates,
  from: number,
  to: number,
): void {
  const missing = new Uint16Array(to - from)
  for (let start = from, end = from; start < to; start = end) {
    let count = 0
    for (; end < to && segments[end] === segments[start]; end++)
      if (isLexical[end] === 0) missing[count++] = documents[end]!
    if (count === 0) continue
    const sums = sumsOf(snapshot.segments[segments[start]!]!.text, terms, missing.subarray(0, count))
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
