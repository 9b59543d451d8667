import { segmentCapacity } from '../segments/capacity.ts'
import type { Segment } from '../segments/snapshot.ts'
import type { Mask } from './filter-mask.ts'
import type { LexicalArm, Stretch } from './lexical-arm.ts'
import type { RankedTerm } from './ranked-terms.ts'
import { TopList } from './top-list.ts'

/** How a collection is sampled. */
export type Sampling = {
  /** Of fewer documents none are scored beforehand. */
  leastDocuments: number
  /** One of so many documents is, in stretches that lie as far from each other as they can: subjects change with time. */
  share: number
  stretches: number
  /** Standard deviations more of the best than expected are taken to be in the sample, and as many documents more. */
  caution: number
}

/** Of 400 queries, none had a floor too high with a caution of 3, one in a hundred with 2; it is .8 to .9 of the true one. */
const usual: Sampling = { leastDocuments: 65_536, share: 64, stretches: 4, caution: 3 }

/** SIMD begins at multiples of this. */
const step = 16

/**
 * A sum of words that as many documents as are wanted are likely to reach, told by scoring a few: with it from the beginning,
 * hardly any others are listed, and more terms need not be added up. Whoever uses it sees in the end whether it was true.
 */
export class LikelyFloor {
  private readonly sampling: Sampling

  /** `sampling` is for tests. */
  constructor(sampling = usual) {
    this.sampling = sampling
  }

  /** At least 1, which any document with one of the words reaches. */
  find(
    lexical: LexicalArm,
    segments: readonly Segment[],
    terms: readonly RankedTerm[],
    masks: readonly Mask[],
    wanted: number,
  ): number {
    const { leastDocuments, caution } = this.sampling
    const allowed = masks.reduce((sum, { count }) => sum + count, 0)
    if (allowed < leastDocuments) return 1
    const sample = this.sample(segments)
    const taken = sample.reduce((sum, one) => sum + allowedIn(masks[one.segment]!, one), 0)
    const expected = (wanted * taken) / allowed
    const rank = Math.ceil(expected + caution * (Math.sqrt(expected) + 1))
    if (taken === 0 || rank >= wanted) return 1
    // Which of equal ones are kept does not matter, but that they differ.
    const best = new TopList(rank, (segment, document) => segment * segmentCapacity + document + 1)
    for (const one of sample) {
      lexical.score(one.segment, segments[one.segment]!, terms, masks[one.segment]!, best, one)
      best.settle()
    }
    return Math.max(1, best.threshold)
  }

  private sample(segments: readonly Segment[]): (Stretch & { segment: number })[] {
    const { share, stretches } = this.sampling
    const documents = segments.reduce((sum, { text }) => sum + text.count, 0)
    const length = step * Math.ceil(documents / (share * stretches * step))
    return Array.from({ length: stretches }, (_, n) => {
      let at = Math.floor(((n + 0.5) * documents) / stretches)
      let segment = 0
      while (at >= segments[segment]!.text.count) at -= segments[segment++]!.text.count
      const { count } = segments[segment]!.text
      const from = step * Math.floor(Math.max(0, Math.min(at, count - length)) / step)
      return { segment, from, to: Math.min(count, from + length) }
    })
  }
}

function allowedIn({ allowed, count }: Mask, { from, to }: Stretch): number {
  if (!allowed) return count === 0 ? 0 : to - from
  let sum = 0
  for (let document = from; document < to; document++) sum += allowed[document]!
  return sum
}
