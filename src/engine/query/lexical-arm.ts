import type { Segment } from '../segments/snapshot.ts'
import type { TextPart } from '../segments/text-part.ts'
import type { Mask } from './filter-mask.ts'
import type { RankedTerm } from './ranked-terms.ts'
import { SumKernel } from './sum-kernel.ts'
import type { TopList } from './top-list.ts'

/** A term of the query in a stretch: which postings of the segment are its own there, from one to before another. */
type ListedTerm = { from: number; to: number; weight: number }
/** Documents of a segment, from `from` to before `to`. */
export type Stretch = { from: number; to: number }

/**
 * Scores the documents of one stretch of a segment after the other into a `TopList`, term at a time: adds up everything, and
 * lists what reaches the worst score kept. MaxScore was slower: to look up the terms that cannot lift a document into a list of
 * 200 for the documents that remain waits for memory, where adding their postings in order does not. Only a stretch whose
 * terms cannot reach the floor together is passed over.
 *
 * Sums are whole numbers, so they do not depend on the order of the terms. The result is exactly that of the plain formula:
 * `lexical-arm.test.ts` compares the two.
 */
export class LexicalArm {
  private readonly kernel: SumKernel

  constructor(kernel = new SumKernel()) {
    this.kernel = kernel
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
    const { sums, candidates, found } = this.kernel
    // One equal to the threshold is still looked at, because its id decides.
    const threshold = Math.max(1, floor, top.threshold)
    const lists = listedTerms(text, terms, stretch, threshold)
    if (lists.length === 0) return
    for (let n = 0; n < lists.length; n++) addPostings(text, sums, lists[n]!)
    const count = this.kernel.take(stretch.from, stretch.to, threshold)
    const { allowed } = mask
    for (let n = 0; n < count; n++) {
      const document = candidates[n]!
      if (!allowed || allowed[document]) top.offer(found[n]!, 0, segment, document)
    }
  }
}

/** The sums of some documents of a segment. */
export function sumsOf(text: TextPart, terms: readonly RankedTerm[], documents: Uint16Array): Float64Array {
  const sums = new Float64Array(documents.length)
  for (const { stem, weight } of terms) {
    const term = text.dictionary.termOf(stem)
    if (term < 0) continue
    text.bringNear(term, documents)
    for (let n = 0; n < documents.length; n++) sums[n]! += weight * text.impactIn(term, documents[n]!)
  }
  return sums
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
    lists.push({ from, to, weight })
    bound += weight * text.highestImpact(term)
  }
  return bound < threshold ? [] : lists
}

function addPostings(text: TextPart, sums: Int32Array, { from, to, weight }: ListedTerm): void {
  const { postingDocuments, postingImpacts } = text
  for (let i = from; i < to; i++) sums[postingDocuments[i]!]! += weight * postingImpacts[i]!
}
