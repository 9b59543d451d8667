import type { Candidates } from '../fusion/fuse.ts'
import { scoreOf } from '../ranking/bm25f.ts'
import type { Snapshot } from '../segments/snapshot.ts'
import type { Found } from './arms.ts'
import type { DenseArm } from './dense-arm.ts'
import { sumsIn } from './lexical-arm.ts'
import type { Place } from './query-work.ts'
import type { RankedTerm } from './ranked-terms.ts'

export type United = { candidates: Candidates; places: Place[] }

/** Each arm's best together, every one with both scores. Without `arm` nothing is known of their meaning. */
export function unite(
  snapshot: Snapshot,
  terms: readonly RankedTerm[],
  { lexical, dense }: Found,
  arm?: DenseArm,
): United {
  const most = lexical.length + dense.length
  const candidates: Candidates = {
    count: 0,
    ids: new Float64Array(most),
    lexical: new Float64Array(most),
    dense: new Float64Array(most),
    lexicalRank: new Int32Array(most).fill(-1),
    denseRank: new Int32Array(most).fill(-1),
  }
  const places: Place[] = []
  const known = new Map<number, number>()
  const add = (id: number, segment: number, document: number): number => {
    const n = places.length
    known.set(id, n)
    candidates.ids[n] = id
    places.push({ segment, document })
    return n
  }
  for (const [rank, at] of lexical.sorted().entries()) {
    const n = add(lexical.ids[at]!, lexical.segments[at]!, lexical.documents[at]!)
    candidates.lexical[n] = scoreOf(lexical.scores[at]!)
    candidates.lexicalRank[n] = rank
  }
  const byWords = places.length
  for (const [rank, at] of dense.sorted().entries()) {
    const id = dense.ids[at]!
    const n = known.get(id) ?? add(id, dense.segments[at]!, dense.documents[at]!)
    candidates.dense[n] = dense.scores[at]!
    candidates.denseRank[n] = rank
  }
  candidates.count = places.length
  const sums = snapshot.segments.map(({ text }) => sumsIn(text, terms))
  for (let n = byWords; n < places.length; n++) {
    const { segment, document } = places[n]!
    candidates.lexical[n] = scoreOf(sums[segment]!(document))
  }
  if (arm) addCosines(candidates, places, arm)
  return { candidates, places }
}

/** Of those that the dense arm has not among its best. */
function addCosines({ dense, denseRank }: Candidates, places: readonly Place[], arm: DenseArm): void {
  const missing = new Map<number, number[]>()
  for (const [n, { segment }] of places.entries()) {
    if (denseRank[n]! >= 0) continue
    const list = missing.get(segment)
    if (list) list.push(n)
    else missing.set(segment, [n])
  }
  for (const [segment, list] of missing) {
    const cosines = arm.cosines(
      segment,
      list.map((n) => places[n]!.document),
    )
    for (const [i, n] of list.entries()) dense[n] = cosines[i]!
  }
}
