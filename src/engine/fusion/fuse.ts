/**
 * What both arms found, together. Scores of an arm are known for every candidate, also for one that only the other arm
 * has among its best. Ranks count from 0; -1: not among the best of that arm.
 */
export type Candidates = {
  count: number
  ids: Float64Array
  lexical: Float64Array
  dense: Float64Array
  lexicalRank: Int32Array
  denseRank: Int32Array
}

/** The parts of each candidate's score, each from 0 to 1; the score is their sum. */
export type Fused = { lexical: Float64Array; dense: Float64Array }

/** Weight of the dense arm, 0 to 1; the lexical arm has the rest. */
export const denseWeight = 0.25

/**
 * Weighted sum of normalised scores. In each arm the best candidate counts 1 and the last that the arm kept counts 0, what
 * lies below counts 0. All equal: they count 1. An arm that found nothing counts 0, and the other keeps its weight.
 */
export function fuse(candidates: Candidates, weight: number = denseWeight): Fused {
  return {
    lexical: normalized(candidates.lexical, candidates.lexicalRank, candidates.count, 1 - weight),
    dense: normalized(candidates.dense, candidates.denseRank, candidates.count, weight),
  }
}

function normalized(scores: Float64Array, ranks: Int32Array, count: number, weight: number): Float64Array {
  let best = Number.NEGATIVE_INFINITY
  let last = Number.POSITIVE_INFINITY
  for (let n = 0; n < count; n++) {
    if ((ranks[n] as number) < 0) continue
    best = Math.max(best, scores[n] as number)
    last = Math.min(last, scores[n] as number)
  }
  const parts = new Float64Array(count)
  const range = best - last
  for (let n = 0; n < count; n++) {
    if ((ranks[n] as number) < 0) continue
    parts[n] = weight * (range > 0 ? ((scores[n] as number) - last) / range : 1)
  }
  return parts
}
