import type { Segment } from '../segments/snapshot.ts'
import type { TextPart } from '../segments/text-part.ts'
import type { Mask } from './filter-mask.ts'
import type { RankedTerm } from './ranked-terms.ts'
import { SumKernel } from './sum-kernel.ts'
import type { TopList } from './top-list.ts'

/**
 * A term of the query in a stretch: which postings of the segment are its own there, from one to before another, and what it
 * adds to a document's sum at most.
 */
type ListedTerm = { from: number; to: number; weight: number; bound: number }
/** Documents of a segment, from `from` to before `to`. */
export type Stretch = { from: number; to: number }

/** When terms are looked up in place of adding all their postings. */
export type LookingUp = {
  /** Looking up a term in a document takes as long as adding so many of its postings. Half or twice as many change little. */
  cost: number
  /** With fewer postings left to add it is not asked how many documents might still reach the threshold. */
  leastLeft: number
}
const whereItPays: LookingUp = { cost: 64, leastLeft: 8_192 }
/** Of 32 times as many documents the first are counted to tell about how many that are. */
const sampled = 64

/**
 * Scores the documents of one stretch of a segment after the other into a `TopList`, term at a time. The terms that say most come
 * first. Once those that are left cannot lift a document to the worst score kept by themselves, only those can still reach it
 * whose sum is near: where these are few, the terms that are left are looked up in them, else all their postings are added, too.
 * A look-up waits for memory, an addition in the order of the postings does not: it pays for frequent terms only. A stretch
 * whose terms cannot reach the floor together is passed over.
 *
 * Sums are whole numbers, so they do not depend on the order of the terms. The result is exactly that of the plain formula:
 * `lexical-arm.test.ts` compares the two.
 */
export class LexicalArm {
  private readonly kernel: SumKernel
  private readonly lookingUp: LookingUp

  /** `lookingUp` is for tests. */
  constructor(kernel = new SumKernel(), lookingUp = whereItPays) {
    this.kernel = kernel
    this.lookingUp = lookingUp
  }

  /** `floor`: a sum that as many documents as the list holds are known to reach, here or in another thread. */
  score(
    segment: number,
    { text }: Segment,
    terms: readonly RankedTerm[],
    mask: Mask,
    top: TopList,
    stretch: Stretch = { from: 0, to: text.count },
    floor = 1,
  ): void {
    if (mask.count === 0) return
    const { candidates, found } = this.kernel
    // One equal to the threshold is still looked at, because its id decides.
    const threshold = Math.max(1, floor, top.threshold)
    const lists = listedTerms(text, terms, stretch, threshold)
    if (lists.length === 0) return
    const count = this.add(text, lists, stretch, threshold)
    const { allowed } = mask
    for (let n = 0; n < count; n++) {
      const document = candidates[n]!
      if (!allowed || allowed[document]) top.offer(found[n]!, 0, segment, document)
    }
  }

  /** Takes the documents whose sum reaches the threshold. */
  private add(text: TextPart, lists: readonly ListedTerm[], stretch: Stretch, threshold: number): number {
    const { cost, leastLeft } = this.lookingUp
    let bound = 0
    let left = 0
    for (let n = 0; n < lists.length; n++) {
      const list = lists[n]!
      bound += list.bound
      left += list.to - list.from
    }
    for (let n = 0; n < lists.length; n++) {
      const list = lists[n]!
      if (
        left >= leastLeft &&
        bound < threshold &&
        this.estimate(stretch, threshold - bound) * (lists.length - n) * cost < left
      )
        return this.lookUp(text, lists, n, stretch, threshold, bound)
      addPostings(text, this.kernel.sums, list)
      bound -= list.bound
      left -= list.to - list.from
    }
    return this.kernel.take(stretch.from, stretch.to, threshold)
  }

  /** About how many documents of a stretch have a sum that reaches the floor. */
  private estimate({ from, to }: Stretch, floor: number): number {
    const { sums } = this.kernel
    let count = 0
    for (let start = from; start < to; start += 32 * sampled)
      for (let document = start; document < start + sampled; document++) count += sums[document]! >= floor ? 1 : 0
    return 32 * count
  }

  /** Looks up the lists from `first` on, which add `bound` at most, in the documents whose sum may reach the threshold with them. */
  private lookUp(
    text: TextPart,
    lists: readonly ListedTerm[],
    first: number,
    stretch: Stretch,
    threshold: number,
    bound: number,
  ): number {
    const { candidates, found } = this.kernel
    let rest = bound
    let count = this.kernel.take(stretch.from, stretch.to, threshold - rest)
    for (let n = first; n < lists.length; n++) {
      const list = lists[n]!
      text.addImpacts(list, stretch, list.weight, candidates, count, found)
      rest -= list.bound
      let kept = 0
      for (let i = 0; i < count; i++) {
        candidates[kept] = candidates[i]!
        found[kept] = found[i]!
        kept += found[i]! + rest >= threshold ? 1 : 0
      }
      count = kept
    }
    return count
  }
}

/** Adds the sums of the first `count` documents of a segment to `sums`. */
export function addSumsOf(
  text: TextPart,
  terms: readonly RankedTerm[],
  documents: Uint32Array,
  count: number,
  sums: Int32Array,
): void {
  const whole = { from: 0, to: text.count }
  for (const { stem, weight } of terms) {
    const term = text.dictionary.termOf(stem)
    if (term < 0) continue
    const [from, to] = [text.firstPosting(term, 0), text.firstPosting(term, text.count)]
    text.addImpacts({ from, to }, whole, weight, documents, count, sums)
  }
}

/** The terms that the stretch has; none when they cannot reach the threshold together. */
function listedTerms(text: TextPart, terms: readonly RankedTerm[], stretch: Stretch, threshold: number): ListedTerm[] {
  const lists: ListedTerm[] = []
  let bound = 0
  for (const { stem, weight } of terms) {
    const term = text.dictionary.termOf(stem)
    if (term < 0) continue
    const from = text.firstPosting(term, stretch.from)
    const to = text.firstPosting(term, stretch.to)
    if (to === from) continue
    const most = weight * text.highestImpact(term)
    lists.push({ from, to, weight, bound: most })
    bound += most
  }
  return bound < threshold ? [] : lists
}

function addPostings(text: TextPart, sums: Int32Array, { from, to, weight }: ListedTerm): void {
  const { postingDocuments, postingImpacts } = text
  for (let i = from; i < to; i++) sums[postingDocuments[i]!]! += weight * postingImpacts[i]!
}
