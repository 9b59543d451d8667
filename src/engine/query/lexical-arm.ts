import { segmentCapacity } from '../segments/capacity.ts'
import type { Segment } from '../segments/snapshot.ts'
import type { Postings, TextPart } from '../segments/text-part.ts'
import type { Mask } from './filter-mask.ts'
import type { RankedTerm } from './ranked-terms.ts'
import type { TopList } from './top-list.ts'

type ListedTerm = Postings & { weight: number; bound: number }

/**
 * Scores the documents of one segment after the other into a `TopList`, term at a time, with MaxScore (Turtle and Flood:
 * Query evaluation: strategies and optimizations, 1995): once the bounds of the terms still to come add up to less than
 * the worst score kept, they cannot lift a new document into the list, and are only looked up for those that have a sum.
 *
 * Sums are whole numbers, so they do not depend on the order of the terms, which differs between segments. A document
 * whose bound equals the threshold is still looked at, because its id decides. The result is exactly that of adding up
 * everything: `lexical-arm.test.ts` compares the two.
 */
export class LexicalArm {
  private readonly sums = new Int32Array(segmentCapacity)
  private readonly candidates = new Uint16Array(segmentCapacity)

  score(segment: number, { text }: Segment, terms: readonly RankedTerm[], mask: Mask, top: TopList): void {
    if (mask.count === 0) return
    const lists = listedTerms(text, terms)
    if (lists.length === 0) return
    const threshold = Math.max(1, top.threshold)
    const rest = remainingBounds(lists)
    let essential = 0
    while (essential < lists.length && (rest[essential] as number) >= threshold) essential++
    if (essential === 0) return
    const { sums } = this
    for (let n = 0; n < essential; n++) addPostings(sums, lists[n] as ListedTerm)
    let count = this.collect(text.count, threshold - (rest[essential] as number), mask.allowed)
    for (let n = essential; n < lists.length; n++) {
      this.lookUp(lists[n] as ListedTerm, count)
      count = this.keep(count, threshold - (rest[n + 1] as number))
    }
    const { candidates } = this
    for (let n = 0; n < count; n++) {
      const document = candidates[n] as number
      top.offer(sums[document] as number, text.ids[document] as number, segment, document)
    }
    sums.fill(0, 0, text.count)
  }

  /** Lists the documents whose sum is above 0 and at least `least`. */
  private collect(documents: number, least: number, allowed: Uint8Array | undefined): number {
    const { sums, candidates } = this
    const floor = Math.max(1, least)
    let count = 0
    for (let document = 0; document < documents; document++) {
      if ((sums[document] as number) >= floor && (!allowed || allowed[document])) candidates[count++] = document
    }
    return count
  }

  private lookUp(list: ListedTerm, count: number): void {
    const { sums, candidates } = this
    if (count * 8 > list.documents.length) {
      addToCandidates(sums, list)
      return
    }
    let from = 0
    for (let n = 0; n < count; n++) {
      const document = candidates[n] as number
      from = firstNotBefore(list.documents, document, from)
      if (from === list.documents.length) return
      if (list.documents[from] === document)
        sums[document] = (sums[document] as number) + list.weight * (list.impacts[from] as number)
    }
  }

  private keep(count: number, least: number): number {
    const { sums, candidates } = this
    let kept = 0
    for (let n = 0; n < count; n++) {
      const document = candidates[n] as number
      if ((sums[document] as number) >= least) candidates[kept++] = document
    }
    return kept
  }
}

/** Sums of single documents of a segment. */
export function sumsIn(text: TextPart, terms: readonly RankedTerm[]): (document: number) => number {
  const numbers = Int32Array.from(terms, ({ stem }) => text.dictionary.termOf(stem))
  return (document) => {
    let sum = 0
    for (let n = 0; n < numbers.length; n++) sum += terms[n]!.weight * text.impactIn(numbers[n]!, document)
    return sum
  }
}

/** The first position from `from` on whose value is not below `document`. */
export function firstNotBefore(documents: Uint16Array, document: number, from: number): number {
  let step = 1
  let low = from
  let high = from
  while (high < documents.length && (documents[high] as number) < document) {
    low = high + 1
    high += step
    step *= 2
  }
  if (high > documents.length) high = documents.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((documents[middle] as number) < document) low = middle + 1
    else high = middle
  }
  return low
}

function listedTerms(text: TextPart, terms: readonly RankedTerm[]): ListedTerm[] {
  const lists: ListedTerm[] = []
  for (const { stem, weight } of terms) {
    const postings = text.postings(text.dictionary.termOf(stem))
    if (postings.documents.length > 0) lists.push({ ...postings, weight, bound: weight * postings.highestImpact })
  }
  return lists.sort((a, b) => b.bound - a.bound)
}

/** At n: the most that the terms from n on can add. One longer than the lists, ending in 0. */
function remainingBounds(lists: readonly ListedTerm[]): number[] {
  const rest = new Array<number>(lists.length + 1).fill(0)
  for (let n = lists.length - 1; n >= 0; n--) rest[n] = (rest[n + 1] as number) + (lists[n] as ListedTerm).bound
  return rest
}

function addPostings(sums: Int32Array, { documents, impacts, weight }: ListedTerm): void {
  for (let i = 0; i < documents.length; i++) {
    const document = documents[i] as number
    sums[document] = (sums[document] as number) + weight * (impacts[i] as number)
  }
}

/** Adds only where there is a sum already: those without one are no candidates any more. */
function addToCandidates(sums: Int32Array, { documents, impacts, weight }: ListedTerm): void {
  for (let i = 0; i < documents.length; i++) {
    const document = documents[i] as number
    const sum = sums[document] as number
    if (sum > 0) sums[document] = sum + weight * (impacts[i] as number)
  }
}
