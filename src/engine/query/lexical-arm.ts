import type { Segment } from '../segments/snapshot.ts'
import type { Postings, TextPart } from '../segments/text-part.ts'
import type { Mask } from './filter-mask.ts'
import type { RankedTerm } from './ranked-terms.ts'
import { SumKernel } from './sum-kernel.ts'
import type { TopList } from './top-list.ts'

type ListedTerm = Postings & { weight: number; bound: number }
/** Documents of a segment, from `from` to before `to`. */
export type Stretch = { from: number; to: number }

/**
 * Scores the documents of one stretch of a segment after the other into a `TopList`, term at a time, with MaxScore (Turtle
 * and Flood: Query evaluation: strategies and optimizations, 1995): once the bounds of the terms still to come add up to
 * less than the worst score kept, they cannot lift a new document into the list, and are only looked up for those that
 * have a sum.
 *
 * Sums are whole numbers, so they do not depend on the order of the terms, which differs between segments. A document
 * whose bound equals the threshold is still looked at, because its id decides. The result is exactly that of adding up
 * everything: `lexical-arm.test.ts` compares the two.
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
    const lists = listedTerms(text, terms, stretch)
    if (lists.length === 0) return
    const threshold = Math.max(1, floor, top.threshold)
    const rest = remainingBounds(lists)
    let essential = 0
    while (essential < lists.length && rest[essential]! >= threshold) essential++
    if (essential === 0) return
    const { sums, candidates } = this.kernel
    for (let n = 0; n < essential; n++) addPostings(sums, lists[n]!)
    let count = this.kernel.collect(stretch.from, stretch.to, Math.max(1, threshold - rest[essential]!))
    if (mask.allowed) count = keepAllowed(candidates, count, mask.allowed)
    for (let n = essential; n < lists.length; n++) {
      lookUp(sums, candidates, lists[n]!, count)
      count = keepReaching(sums, candidates, count, threshold - rest[n + 1]!)
    }
    for (let n = 0; n < count; n++) {
      const document = candidates[n]!
      const sum = sums[document]!
      if (sum >= top.threshold) top.offer(sum, text.ids[document]!, segment, document)
    }
    sums.fill(0, stretch.from, stretch.to)
  }
}

function keepAllowed(candidates: Uint32Array, count: number, allowed: Uint8Array): number {
  let kept = 0
  for (let n = 0; n < count; n++) {
    const document = candidates[n]!
    if (allowed[document]) candidates[kept++] = document
  }
  return kept
}

function keepReaching(sums: Int32Array, candidates: Uint32Array, count: number, least: number): number {
  let kept = 0
  for (let n = 0; n < count; n++) {
    const document = candidates[n]!
    if (sums[document]! >= least) candidates[kept++] = document
  }
  return kept
}

function lookUp(sums: Int32Array, candidates: Uint32Array, list: ListedTerm, count: number): void {
  if (count * 8 > list.documents.length) {
    addToCandidates(sums, list)
    return
  }
  let from = 0
  for (let n = 0; n < count; n++) {
    const document = candidates[n]!
    from = firstNotBefore(list.documents, document, from)
    if (from === list.documents.length) return
    if (list.documents[from] === document) sums[document]! += list.weight * list.impacts[from]!
  }
}

/** The sum of a single document of a segment. `numbers`: those of the terms in the segment. */
export function sumIn(text: TextPart, terms: readonly RankedTerm[], numbers: Int32Array, document: number): number {
  let sum = 0
  for (let n = 0; n < numbers.length; n++) sum += terms[n]!.weight * text.impactIn(numbers[n]!, document)
  return sum
}

/** The first position from `from` on whose value is not below `document`. */
export function firstNotBefore(documents: Uint16Array, document: number, from: number): number {
  let step = 1
  let low = from
  let high = from
  while (high < documents.length && documents[high]! < document) {
    low = high + 1
    high += step
    step *= 2
  }
  if (high > documents.length) high = documents.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (documents[middle]! < document) low = middle + 1
    else high = middle
  }
  return low
}

function listedTerms(text: TextPart, terms: readonly RankedTerm[], { from, to }: Stretch): ListedTerm[] {
  const lists: ListedTerm[] = []
  for (const { stem, weight } of terms) {
    const { documents, impacts, highestImpact } = text.postings(text.dictionary.termOf(stem))
    const start = from === 0 ? 0 : firstNotBefore(documents, from, 0)
    const end = to >= text.count ? documents.length : firstNotBefore(documents, to, start)
    if (end > start)
      lists.push({
        documents: documents.subarray(start, end),
        impacts: impacts.subarray(start, end),
        highestImpact,
        weight,
        bound: weight * highestImpact,
      })
  }
  return lists.sort((a, b) => b.bound - a.bound)
}

/** At n: the most that the terms from n on can add. One longer than the lists, ending in 0. */
function remainingBounds(lists: readonly ListedTerm[]): number[] {
  const rest = new Array<number>(lists.length + 1).fill(0)
  for (let n = lists.length - 1; n >= 0; n--) rest[n] = rest[n + 1]! + lists[n]!.bound
  return rest
}

function addPostings(sums: Int32Array, { documents, impacts, weight }: ListedTerm): void {
  for (let i = 0; i < documents.length; i++) sums[documents[i]!]! += weight * impacts[i]!
}

/** Adds only where there is a sum already: those without one are no candidates any more. */
function addToCandidates(sums: Int32Array, { documents, impacts, weight }: ListedTerm): void {
  for (let i = 0; i < documents.length; i++) {
    const document = documents[i]!
    const sum = sums[document]!
    if (sum > 0) sums[document] = sum + weight * impacts[i]!
  }
}
