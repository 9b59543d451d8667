import { Dictionary } from './dictionary.ts'
import { openPart } from './sections.ts'
import { forwardFields } from './text-builder.ts'

/** The postings of a term in one segment: documents in rising order with the weight of the term in each. */
export type Postings = { documents: Uint16Array; impacts: Uint8Array; highestImpact: number }

const none: Postings = { documents: new Uint16Array(0), impacts: new Uint8Array(0), highestImpact: 0 }

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
  private readonly postingOffsets: Uint32Array
  private readonly postingDocuments: Uint16Array
  private readonly postingImpacts: Uint8Array
  private readonly termImpacts: Uint8Array
  private readonly categoryOffsets: Uint32Array
  private readonly categoryDocuments: Uint16Array
  private readonly forwardOffsets: Uint32Array
  private readonly forward: Uint8Array
  private readonly place = emptyForwardBytes()

  constructor(bytes: Uint8Array, verify = false) {
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
    this.postingDocuments = sections.postingDocuments as Uint16Array
    this.postingImpacts = sections.postingImpacts as Uint8Array
    this.termImpacts = sections.termImpacts as Uint8Array
    this.termCount = this.termImpacts.length
    this.categoryOffsets = sections.categoryOffsets as Uint32Array
    this.categoryDocuments = sections.categoryDocuments as Uint16Array
    this.forwardOffsets = sections.forwardOffsets as Uint32Array
    this.forward = sections.forward as Uint8Array
  }

  /** The number of the document with this id, or -1. */
  find(id: number): number {
    let low = 0
    let high = this.count
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.ids[middle] as number) < id) low = middle + 1
      else high = middle
    }
    return low < this.count && this.ids[low] === id ? low : -1
  }

  postings(term: number): Postings {
    if (term < 0) return none
    const start = this.postingOffsets[term]
    const end = this.postingOffsets[term + 1]
    return {
      documents: this.postingDocuments.subarray(start, end),
      impacts: this.postingImpacts.subarray(start, end),
      highestImpact: this.termImpacts[term] as number,
    }
  }

  /**
   * The weight of a term in a document, 0 when it is not there. As `postings`, without making anything: begins where the
   * document would be if the term's documents were spread evenly, which is near, and so touches few lines of memory.
   */
  impactIn(term: number, document: number): number {
    if (term < 0) return 0
    const { postingDocuments } = this
    const start = this.postingOffsets[term]!
    const end = this.postingOffsets[term + 1]!
    let low = start
    let high = end
    const guess = start + Math.floor((document * (end - start)) / this.count)
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
      high = guess
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
    return low < end && postingDocuments[low] === document ? this.postingImpacts[low]! : 0
  }

  /** How many documents hold the term, those removed since included. */
  frequency(term: number): number {
    return term < 0 ? 0 : (this.postingOffsets[term + 1] as number) - (this.postingOffsets[term] as number)
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

  /** Where the bytes of a document's words by field lie. */
  locateForward(document: number, into: ForwardBytes): void {
    into.bytes = this.forward
    into.at = this.forwardOffsets[document]!
  }

  /**
   * Whether a list of a document holds one of the numbers marked (a byte for each number that `ForwardText` has). Stops at
   * the first; what comes after the list is not read.
   */
  holdsIn(document: number, list: number, marks: Uint8Array): boolean {
    this.locateForward(document, this.place)
    const { bytes: forward } = this.place
    let { at } = this.place
    for (let n = 0; n <= list; n++) {
      let count = forward[at++]!
      if (count > 127) {
        count &= 127
        for (let shift = 7, byte = 128; byte > 127; shift += 7) {
          byte = forward[at++]!
          count |= (byte & 127) << shift
        }
      }
      if (n < list) {
        // The last byte of a number is below 128.
        while (count > 0) if (forward[at++]! < 128) count--
        continue
      }
      for (let i = 0; i < count; i++) {
        let value = forward[at++]!
        if (value > 127) {
          value &= 127
          for (let shift = 7, byte = 128; byte > 127; shift += 7) {
            byte = forward[at++]!
            value |= (byte & 127) << shift
          }
        }
        if (marks[value]) return true
      }
    }
    return false
  }

  /**
   * The words of a document by field, decoded into `into`, whose arrays are used again. Only the first `listCount` lists, when
   * that is given: the others keep what they held.
   */
  readForward(document: number, into: ForwardText, listCount = into.lists.length): ForwardText {
    const { forward } = this
    let at = this.forwardOffsets[document]!
    for (let list = 0; list < listCount; list++) {
      // Numbers of 7 bits a byte, the lowest first. Written out twice: this loop is most of the second look.
      let count = forward[at++]!
      if (count > 127) {
        count &= 127
        for (let shift = 7, byte = 128; byte > 127; shift += 7) {
          byte = forward[at++]!
          count |= (byte & 127) << shift
        }
      }
      into.counts[list] = count
      let terms = into.lists[list]!
      if (count > terms.length) {
        terms = new Uint32Array(count * 2)
        into.lists[list] = terms
      }
      for (let i = 0; i < count; i++) {
        let value = forward[at++]!
        if (value > 127) {
          value &= 127
          for (let shift = 7, byte = 128; byte > 127; shift += 7) {
            byte = forward[at++]!
            value |= (byte & 127) << shift
          }
        }
        terms[i] = value
      }
    }
    return into
  }
}

/**
 * A document as term numbers + 1 (0 is a gap). Lists come in pairs for title, authors, abstract, tags: the words in
 * order, then the closed spellings of compounds. Only the first `counts[n]` numbers of `lists[n]` count.
 */
export type ForwardText = { lists: Uint32Array[]; counts: number[] }

/** Bytes that hold a document's words by field from `at` on. */
export type ForwardBytes = { bytes: Uint8Array; at: number }

export const emptyForwardBytes = (): ForwardBytes => ({ bytes: new Uint8Array(0), at: 0 })

export function emptyForwardText(): ForwardText {
  const size = 2 * forwardFields.length
  return { lists: Array.from({ length: size }, () => new Uint32Array(256)), counts: new Array<number>(size).fill(0) }
}
