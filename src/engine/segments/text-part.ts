import { segmentCapacity } from './capacity.ts'
import { Dictionary } from './dictionary.ts'
import { FieldTerms, type ShortField } from './field-terms.ts'
import { firstNotBelow } from './first-not-below.ts'
import {
  emptyForwardBytes,
  type ForwardBytes,
  type ForwardIndex,
  type ForwardPart,
  openForward,
} from './forward-index.ts'
import { decodeForward, type ForwardText, forwardHolds, forwardHoldsRun } from './forward-text.ts'
import { openPart } from './sections.ts'

/** The postings of a term in one segment: documents in rising order with the weight of the term in each. */
export type Postings = { documents: Uint16Array; impacts: Uint8Array }

const none: Postings = { documents: new Uint16Array(0), impacts: new Uint8Array(0) }

/** For `addImpacts`: where a term has each document, or may have it, and which of the documents these are. */
const places = new Uint32Array(segmentCapacity)
const holders = new Uint16Array(segmentCapacity)

/** Reads the text part of a segment where it lies (`TextBuilder` names its sections). Holds no copy of it. */
export class TextPart {
  readonly count: number
  readonly bytes: Uint8Array
  readonly ids: Uint32Array
  readonly days: Int32Array
  readonly flags: Uint8Array
  readonly dictionary: Dictionary
  readonly categoryNames: readonly string[]
  readonly termCount: number
  /** The least and the greatest of `days`. */
  readonly firstDay: number
  readonly lastDay: number
  readonly hasWithdrawn: boolean
  /** Of all terms, one after the other, the documents that hold each in rising order, and its weight in each. */
  readonly postingDocuments: Uint16Array
  readonly postingImpacts: Uint8Array
  private readonly postingOffsets: Uint32Array
  /** From this term on each has one document, so that nothing need say where it begins. */
  private readonly firstLone: number
  private readonly termImpacts: Uint8Array
  private readonly fieldTerms: FieldTerms
  private readonly categoryOffsets: Uint32Array
  private readonly categoryDocuments: Uint16Array
  private readonly forwardOffsets: Uint32Array
  private readonly forward: ForwardIndex
  private readonly place = emptyForwardBytes()
  private touched = 0

  /** Throws `DamagedPartError`. */
  constructor(bytes: Uint8Array, forward: ForwardPart, verify = false) {
    const { about, sections } = openPart(bytes, verify)
    this.bytes = bytes
    this.ids = sections.ids as Uint32Array
    this.days = sections.days as Int32Array
    this.flags = sections.flags as Uint8Array
    this.count = this.ids.length
    this.firstDay = about.firstDay as number
    this.lastDay = about.lastDay as number
    this.hasWithdrawn = about.hasWithdrawn as boolean
    this.dictionary = new Dictionary(sections)
    this.categoryNames = about.categoryNames as string[]
    this.postingOffsets = sections.postingOffsets as Uint32Array
    this.firstLone = this.postingOffsets.length - 1
    this.postingDocuments = sections.postingDocuments as Uint16Array
    this.postingImpacts = sections.postingImpacts as Uint8Array
    this.termImpacts = sections.termImpacts as Uint8Array
    this.termCount = this.termImpacts.length
    this.fieldTerms = new FieldTerms(sections)
    this.categoryOffsets = sections.categoryOffsets as Uint32Array
    this.categoryDocuments = sections.categoryDocuments as Uint16Array
    this.forwardOffsets = sections.forwardOffsets as Uint32Array
    this.forward = openForward(forward, sections.forwardChecks as Uint16Array, verify)
  }

  /** The number of the document with this id, or -1. */
  find(id: number): number {
    const at = firstNotBelow(this.ids, id)
    return this.ids[at] === id ? at : -1
  }

  postings(term: number): Postings {
    if (term < 0) return none
    const start = this.startOf(term)
    const end = this.startOf(term + 1)
    return {
      documents: this.postingDocuments.subarray(start, end),
      impacts: this.postingImpacts.subarray(start, end),
    }
  }

  /** The documents that hold a term in the field, in rising order; its words and closed spellings alike. */
  postingsIn(field: ShortField, term: number): Uint16Array {
    return term < 0 ? none.documents : this.fieldTerms.documents(field, term, this.postings(term).documents)
  }

  /** Whether the term is a category or an identifier of any document. */
  isTag(term: number): boolean {
    return this.fieldTerms.isTag(term)
  }

  /** The weight of a term in a document, 0 when it is not there. As `postings`, without making anything. */
  impactIn(term: number, document: number): number {
    if (term < 0) return 0
    const at = this.firstPosting(term, document)
    return at < this.startOf(term + 1) && this.postingDocuments[at] === document ? this.postingImpacts[at]! : 0
  }

  /**
   * Where in `postingDocuments` the first document of a term lies that is not below `document`; behind its last when there is none.
   * Begins where the document would be if the term's documents were spread evenly, which is near, and so touches few lines of memory.
   */
  firstPosting(term: number, document: number): number {
    const start = this.startOf(term)
    const end = this.startOf(term + 1)
    if (document <= 0) return start
    if (document >= this.count) return end
    const guess = start + Math.floor((document * (end - start)) / this.count)
    return this.firstFrom(guess, start, end, document)
  }

  /** Between `start` and `end` the first posting whose document is not below `document`; `guess` is about where it lies. */
  private firstFrom(guess: number, start: number, end: number, document: number): number {
    const { postingDocuments } = this
    let low = start
    let high = end
    let step = 8
    if (guess < end && postingDocuments[guess]! < document) {
      low = guess + 1
      high = guess + step
      while (high < end && postingDocuments[high]! < document) {
        low = high + 1
        step *= 2
        high += step
      }
      if (high > end) high = end
    } else {
      high = Math.min(guess, end)
      low = guess - step
      while (low > start && postingDocuments[low]! >= document) {
        high = low
        step *= 2
        low -= step
      }
      if (low < start) low = start
    }
    while (low < high) {
      const middle = (low + high) >>> 1
      if (postingDocuments[middle]! < document) low = middle + 1
      else high = middle
    }
    return low
  }

  /**
   * Adds `weight` times the weight of a term in each of the first `count` documents to its sum. All of them lie in a stretch of
   * the segment, and the term's postings there from one to before another.
   */
  addImpacts(
    { from, to }: { from: number; to: number },
    stretch: { from: number; to: number },
    weight: number,
    documents: Uint32Array,
    count: number,
    sums: Int32Array,
  ): void {
    const { postingDocuments, postingImpacts } = this
    const spread = (to - from) / (stretch.to - stretch.from)
    // Where the document would be if all were spread evenly. Asked for together, so that the waits for memory overlap.
    for (let n = 0; n < count; n++) {
      const guess = from + Math.floor((documents[n]! - stretch.from) * spread)
      places[n] = guess
      this.touched ^= postingDocuments[guess]!
    }
    let held = 0
    for (let n = 0; n < count; n++) {
      const at = this.firstFrom(places[n]!, from, to, documents[n]!)
      places[held] = at
      holders[held] = n
      held += at < to && postingDocuments[at] === documents[n] ? 1 : 0
    }
    for (let n = 0; n < held; n++) sums[holders[n]!]! += weight * postingImpacts[places[n]!]!
  }

  /** The greatest weight of a term in any document. */
  highestImpact(term: number): number {
    return term < 0 ? 0 : this.termImpacts[term]!
  }

  /** How many documents hold the term, those removed since included. */
  frequency(term: number): number {
    return term < 0 ? 0 : this.startOf(term + 1) - this.startOf(term)
  }

  /** Where the postings of a term begin; those of the one before end there. */
  private startOf(term: number): number {
    const { firstLone, postingOffsets } = this
    return term <= firstLone ? postingOffsets[term]! : postingOffsets[firstLone]! + term - firstLone
  }

  /** The documents of a category, in rising order. */
  inCategory(name: string): Uint16Array {
    const n = this.categoryNames.indexOf(name)
    return n < 0 ? none.documents : this.categoryAt(n)
  }

  categoryAt(n: number): Uint16Array {
    return this.categoryDocuments.subarray(this.categoryOffsets[n], this.categoryOffsets[n + 1])
  }

  /** The terms of a document, each once. `scratch` is overwritten. */
  termsIn(document: number, scratch: ForwardText): Set<number> {
    const { lists, counts } = this.readForward(document, scratch)
    const terms = new Set<number>()
    for (const [n, list] of lists.entries()) for (let i = 0; i < counts[n]!; i++) terms.add(list[i]! - 1)
    terms.delete(-1) // gaps
    return terms
  }

  /** Where the bytes of a document's words by field lie. Of those that were damaged in their file, there are none. */
  locateForward(document: number, into: ForwardBytes): void {
    this.forward.locate(document, this.forwardOffsets[document]!, this.forwardOffsets[document + 1]!, into)
  }

  /** Where a document's words by field begin among those of all. */
  forwardStart(document: number): number {
    return this.forwardOffsets[document]!
  }

  /** Bytes of the words by field of all documents. */
  get forwardLength(): number {
    return this.forwardOffsets[this.count]!
  }

  /** Whether the words by field lie in memory, so that it makes sense to ask for them early. */
  get isForwardInMemory(): boolean {
    return this.forward.isInMemory
  }

  /** Whether words by field were found damaged in their file, by any thread. */
  get isDamaged(): boolean {
    return this.forward.isDamaged
  }

  /**
   * Whether a list of a document holds one of the numbers marked (a byte for each number that `ForwardText` has). Stops at
   * the first; what comes after the list is not read.
   */
  holdsIn(document: number, list: number, marks: Uint8Array): boolean {
    this.locateForward(document, this.place)
    return forwardHolds(this.place.bytes, this.place.at, list, marks)
  }

  /** Whether a document holds words in a row in one of the lists wanted; `steps` and `last` as in `forwardHoldsRun`. */
  holdsRun(document: number, wanted: readonly boolean[], steps: Uint32Array, last: number): boolean {
    this.locateForward(document, this.place)
    return forwardHoldsRun(this.place.bytes, this.place.at, wanted, steps, last)
  }

  /**
   * The words of a document by field, decoded into `into`, whose arrays are used again. Only the first `listCount` lists, when
   * that is given: the others keep what they held.
   */
  readForward(document: number, into: ForwardText, listCount = into.lists.length): ForwardText {
    this.locateForward(document, this.place)
    decodeForward(this.place.bytes, this.place.at, into, listCount)
    return into
  }
}
