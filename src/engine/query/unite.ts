import type { Candidates } from '../fusion/fuse.ts'
import { scoreOf } from '../ranking/bm25f.ts'
import type { Snapshot } from '../segments/snapshot.ts'
import type { Found } from './arms.ts'
import type { DenseArm } from './dense-arm.ts'
import { IdTable } from './id-table.ts'
import { sumsIn } from './lexical-arm.ts'
import type { Place } from './query-work.ts'
import type { RankedTerm } from './ranked-terms.ts'

export type United = { candidates: Candidates; places: Place[] }

const positions = new IdTable()

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
    isLexical: new Uint8Array(most),
    isDense: new Uint8Array(most),
  }
  const places: Place[] = []
  positions.clear()
  for (let n = 0; n < lexical.length; n++) {
    const id = lexical.ids[n]!
    positions.findOrPut(id, n)
    places.push({ segment: lexical.segments[n]!, document: lexical.documents[n]! })
    candidates.ids[n] = id
    candidates.lexical[n] = scoreOf(lexical.scores[n]!)
    candidates.isLexical[n] = 1
  }
  const sums = snapshot.segments.map(({ text }) => sumsIn(text, terms))
  for (let i = 0; i < dense.length; i++) {
    const id = dense.ids[i]!
    let n = positions.findOrPut(id, places.length)
    if (n < 0) {
      n = places.length
      const segment = dense.segments[i]!
      const document = dense.documents[i]!
      places.push({ segment, document })
      candidates.ids[n] = id
      candidates.lexical[n] = scoreOf(sums[segment]!(document))
    }
    candidates.dense[n] = dense.scores[i]!
    candidates.isDense[n] = 1
  }
  candidates.count = places.length
  if (arm) addCosines(candidates, places, arm)
  return { candidates, places }
}

/** Of those that the dense arm has not among its best. */
function addCosines({ dense, isDense }: Candidates, places: readonly Place[], arm: DenseArm): void {
  const missing = new Map<number, number[]>()
  for (let n = 0; n < places.length; n++) {
    if (isDense[n] === 1) continue
    const { segment } = places[n]!
    const list = missing.get(segment)
    if (list) list.push(n)
    else missing.set(segment, [n])
  }
  for (const [segment, list] of missing) {
    const cosines = arm.cosines(
      segment,
      list.map((n) => places[n]!.document),
    )
    for (let i = 0; i < list.length; i++) dense[list[i]!] = cosines[i]!
  }
}
