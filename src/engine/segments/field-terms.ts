import { firstNotBelow } from './first-not-below.ts'
import { decodeForward, emptyForwardText, type ForwardText } from './forward-text.ts'
import { growingWords } from './growing.ts'
import type { Sections } from './sections.ts'

/** Fields short enough to know by heart which documents hold a term in them. */
export const shortFields = ['title', 'authors'] as const
export type ShortField = (typeof shortFields)[number]

/** Of a term, two bits a short field: whether some of its documents hold it there, or every one; and whether it is a tag. */
const some = 1
const every = 2
const shiftOf: Record<ShortField, number> = { title: 0, authors: 2 }
const isTag = 16

/** The positions of the lists in `ForwardText`: of the words in order; the closed spellings come behind. */
const firstList: Record<ShortField, number> = { title: 0, authors: 2 }
const tagLists = [6, 7]

/**
 * In which documents of a segment a term stands in the title, and among the authors; its words and closed spellings alike. Where
 * that is all documents of the term, its postings tell: most names stand nowhere else. The others have lists of their own.
 */
export class FieldTerms {
  private readonly places: Uint8Array
  private readonly lists: Record<ShortField, { terms: Uint32Array; offsets: Uint32Array; documents: Uint16Array }>

  constructor(sections: Sections) {
    this.places = sections.termPlaces as Uint8Array
    const listsOf = (field: ShortField) => ({
      terms: sections[`${field}Terms`] as Uint32Array,
      offsets: sections[`${field}Offsets`] as Uint32Array,
      documents: sections[`${field}Documents`] as Uint16Array,
    })
    this.lists = { title: listsOf('title'), authors: listsOf('authors') }
  }

  /** The documents that hold a term in the field, in rising order; `all`: those of the term. */
  documents(field: ShortField, term: number, all: Uint16Array): Uint16Array {
    const place = this.places[term]! >> shiftOf[field]
    if (place & every) return all
    if (!(place & some)) return all.subarray(0, 0)
    const { terms, offsets, documents } = this.lists[field]
    const n = firstNotBelow(terms, term)
    return documents.subarray(offsets[n], offsets[n + 1])
  }

  /** Whether the term is a category or an identifier of any document. */
  isTag(term: number): boolean {
    return (this.places[term]! & isTag) !== 0
  }
}

/**
 * The sections of `FieldTerms`, for t terms: `termPlaces` u8[t], and of each field the terms that some of their documents hold
 * there in rising order, where the documents of each begin, and these. `offsets`: where each document begins in `forward`;
 * `postingOffsets` as in the part (`TextBuilder`). About 1.5 us a document.
 */
export function packFieldTerms(
  forward: Uint8Array,
  offsets: Uint32Array,
  postingOffsets: Uint32Array,
  termCount: number,
): Sections {
  const places = new Uint8Array(termCount)
  const readings = { title: new FieldReading(termCount), authors: new FieldReading(termCount) }
  const text = emptyForwardText()
  for (let document = 0; document + 1 < offsets.length; document++) {
    decodeForward(forward, offsets[document]!, text, text.lists.length)
    for (const field of shortFields) readings[field].take(text, firstList[field], document)
    for (const list of tagLists) {
      const tags = text.lists[list]!
      for (let i = 0; i < text.counts[list]!; i++) if (tags[i]! > 0) places[tags[i]! - 1]! |= isTag
    }
  }
  const sections: Sections = { termPlaces: places }
  for (const field of shortFields) {
    const { counts } = readings[field]
    const listed: number[] = []
    for (let term = 0; term < termCount; term++) {
      if (counts[term] === 0) continue
      const held = term + 1 < postingOffsets.length ? postingOffsets[term + 1]! - postingOffsets[term]! : 1
      const isEvery = counts[term] === held
      places[term]! |= (isEvery ? every : some) << shiftOf[field]
      if (!isEvery) listed.push(term)
    }
    const { terms, offsets: begins, documents } = readings[field].list(listed)
    Object.assign(sections, { [`${field}Terms`]: terms, [`${field}Offsets`]: begins, [`${field}Documents`]: documents })
  }
  return sections
}

/** The terms of a field, document after document, each once. */
class FieldReading {
  /** How many documents hold each term. */
  readonly counts: Uint32Array
  private readonly last: Int32Array
  private readonly terms = growingWords()
  private readonly ends = growingWords()

  constructor(termCount: number) {
    this.counts = new Uint32Array(termCount)
    this.last = new Int32Array(termCount).fill(-1)
  }

  /** Takes in the list of words in order, and that of closed spellings behind it. Documents come in rising order. */
  take({ lists, counts: lengths }: ForwardText, first: number, document: number): void {
    const { counts, last, terms } = this
    for (let list = first; list < first + 2; list++) {
      const words = lists[list]!
      const length = lengths[list]!
      for (let i = 0; i < length; i++) {
        const term = words[i]! - 1
        if (term < 0 || last[term] === document) continue
        last[term] = document
        counts[term]!++
        terms.push(term)
      }
    }
    this.ends.push(terms.length)
  }

  /** The documents of the terms listed, in rising order. */
  list(listed: readonly number[]): { terms: Uint32Array; offsets: Uint32Array; documents: Uint16Array } {
    const terms = Uint32Array.from(listed)
    const offsets = new Uint32Array(terms.length + 1)
    /** Where the next document of a term goes, + 1; 0 for a term that is not listed. */
    const next = new Uint32Array(this.counts.length)
    for (let n = 0; n < terms.length; n++) {
      next[terms[n]!] = offsets[n]! + 1
      offsets[n + 1] = offsets[n]! + this.counts[terms[n]!]!
    }
    const documents = new Uint16Array(offsets[terms.length]!)
    const met = this.terms.view()
    for (let document = 0, at = 0; document < this.ends.length; document++)
      for (const end = this.ends.array[document]!; at < end; at++) {
        const place = next[met[at]!]!
        if (place === 0) continue
        documents[place - 1] = document
        next[met[at]!] = place + 1
      }
    return { terms, offsets, documents }
  }
}
