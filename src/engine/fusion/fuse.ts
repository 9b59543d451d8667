import { TopList } from '../query/top-list.ts'

/**
 * What both arms found, together. Scores of an arm are known for every candidate, also for one that only the other arm
 * has among its best; those that an arm has among its best are marked with 1.
 */
export type Candidates = Places & {
  count: number
  /** Of the candidate at a position. Asked for few of them, since each lies somewhere else in memory. */
  idOf: (position: number) => number
  lexical: Float64Array
  dense: Float64Array
  isLexical: Uint8Array
  isDense: Uint8Array
}

/** The parts of each candidate's score, each from 0 to 1; the score is their sum. */
export type Fused = { lexical: Float64Array; dense: Float64Array }

// The numbers of this file were chosen on SciFact (train), CACM, Cranfield and held-out arXiv sentences together; on each the
// result is flat around them. docs/search-quality.md has the table.

const LEAST_DENSE = 0.2
/** Of two or three words the index knows too little to rank by them alone: "local generalization". */
const FEW_WORDS = 3
const FEW_WORDS_DENSE = 0.3
const DENSE_BASE = 0.15
const DENSE_PER_WORD = 0.015
const MOST_DENSE = 0.4

/** A trained embedding that was not fitted to the collection may be a stranger there: it counts this much less. */
const UNFITTED_SHARE = 0.6

/**
 * Weight of the dense arm for a query of so many words; the lexical arm has the rest. Few words are meant as they stand; of
 * many, no paper has all, and what they say together counts more. `isFitted`: the vectors know the collection (`fitLocal`),
 * or come from a large model.
 */
export function denseWeight(words: number, isFitted: boolean): number {
  const byLength = Math.min(MOST_DENSE, Math.max(LEAST_DENSE, DENSE_BASE + DENSE_PER_WORD * words))
  const weight = words <= FEW_WORDS ? FEW_WORDS_DENSE : byLength
  return isFitted ? weight : weight * UNFITTED_SHARE
}

/** Candidates that get the second look. */
export const secondLookDepth = 100
/** Share of the second look in the lexical part of a score; more where it knows which words stand for each other. */
const SECOND_LOOK = 0.4
const SECOND_LOOK_WITH_NEIGHBOURS = 0.6
/** From so many words on, words that stand for others are of use; for fewer words they are other subjects. */
const SEVERAL_WORDS = 5

export const hasSeveralWords = (words: number): boolean => words >= SEVERAL_WORDS

export const secondLookShare = (hasNeighbours: boolean): number =>
  hasNeighbours ? SECOND_LOOK_WITH_NEIGHBOURS : SECOND_LOOK

/**
 * Weighted sum of normalised scores. In each arm the best candidate counts 1 and the last that the arm kept counts 0, what
 * lies below counts 0. All equal: they count 1. An arm that found nothing counts 0, and the other keeps its weight.
 */
export function fuse(candidates: Candidates, weight: number): Fused {
  return {
    lexical: normalized(candidates.lexical, candidates.isLexical, candidates.count, 1 - weight),
    dense: normalized(candidates.dense, candidates.isDense, candidates.count, weight),
  }
}

/** Documents: the number of the segment of each in the snapshot, and its own number there. */
export type Places = { segments: Uint16Array; documents: Uint16Array }

/** Of one query after the other: making lists takes longer than filling them. */
const best = new TopList(secondLookDepth)

/** Positions of the best by first score, for the second look, rising. Equal scores: the lower id. */
export function bestOf(candidates: Candidates, { lexical, dense }: Fused): Uint32Array {
  best.clear((_, position) => candidates.idOf(position))
  for (let n = 0; n < candidates.count; n++) best.offer(lexical[n]! + dense[n]!, 0, 0, n)
  best.settle()
  return Uint32Array.from(best.documents.subarray(0, best.length)).sort()
}

export function placesOf({ segments, documents }: Places, positions: Uint32Array): Places {
  const places = { segments: new Uint16Array(positions.length), documents: new Uint16Array(positions.length) }
  for (let n = 0; n < positions.length; n++) {
    places.segments[n] = segments[positions[n]!]!
    places.documents[n] = documents[positions[n]!]!
  }
  return places
}

/**
 * Mixes the second look into the lexical part, in place. `scores[i]` is of candidate `positions[i]`; their best counts 1, their
 * last 0; candidates that were not looked at count 0.
 */
export function mixSecondLook(
  { lexical }: Fused,
  positions: Uint32Array,
  scores: Float64Array,
  weight: number,
  share: number,
): void {
  let best = Number.NEGATIVE_INFINITY
  let last = Number.POSITIVE_INFINITY
  for (const score of scores) {
    best = Math.max(best, score)
    last = Math.min(last, score)
  }
  for (let n = 0; n < lexical.length; n++) lexical[n]! *= 1 - share
  const range = best - last
  for (let i = 0; i < positions.length; i++)
    lexical[positions[i]!]! += share * (1 - weight) * (range > 0 ? (scores[i]! - last) / range : 1)
}

function normalized(scores: Float64Array, isBest: Uint8Array, count: number, weight: number): Float64Array {
  let best = Number.NEGATIVE_INFINITY
  let last = Number.POSITIVE_INFINITY
  for (let n = 0; n < count; n++) {
    if (isBest[n] === 0) continue
    best = Math.max(best, scores[n]!)
    last = Math.min(last, scores[n]!)
  }
  const parts = new Float64Array(count)
  const range = best - last
  for (let n = 0; n < count; n++) {
    if (range > 0) parts[n] = weight * Math.max(0, (scores[n]! - last) / range)
    else if (isBest[n] === 1) parts[n] = weight
  }
  return parts
}
