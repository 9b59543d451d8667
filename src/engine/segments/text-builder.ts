import type { EngineDocument } from '../document.ts'
import { fieldRanking, fieldWeight, impactOf } from '../ranking/bm25f.ts'
import { stem } from '../text/stem.ts'
import { withoutTexAccents } from '../text/tex-commands.ts'
import { tokenize } from '../text/tokenize.ts'
import { segmentCapacity } from './capacity.ts'
import { byCodePoints, longestEntry, packDictionary } from './dictionary.ts'
import { packFieldTerms } from './field-terms.ts'
import { forwardChecks } from './forward-checks.ts'
import { packForward } from './forward-index.ts'
import { forwardFields } from './forward-text.ts'
import { Growing, growingBytes, growingWords, pushVarint } from './growing.ts'
import { type Allocate, packPart, type Sections } from './sections.ts'

export const flagHasCode = 1
export const flagWithdrawn = 2

/** The text part of a segment, and the part with the words of its documents in order. */
export type TextBytes = { text: Uint8Array; forward: Uint8Array }

/** A document's text without what never ends: of a longer one, the rest is not indexed. Code units. */
const longestText = 200_000

/**
 * Makes the text part of a segment: documents go in, bytes come out. Sections, for n documents and t terms (numbered by
 * falling document frequency):
 *
 * - `ids` u32[n], rising; `days` i32[n]; `flags` u8[n]
 * - sections of its words: see `Dictionary`
 * - `postingOffsets` u32, of each term with more than one document and of the next: where its postings begin; `postingDocuments` u16, `postingImpacts` u8: of each term, its documents in rising order
 *   and its weight in each
 * - `termImpacts` u8[t]: the highest weight of each term
 * - `termPlaces` and the lists of `FieldTerms`: in which fields a term stands
 * - `forwardOffsets` u32[n + 1]: where each document begins in `forward`; `forwardChecks` u16[n], of its bytes there
 * - `categoryNames` (JSON in `about`), `categoryOffsets` u32[c + 1], `categoryDocuments` u16
 *
 * and a part beside it, which need not lie in memory, with `forward` u8: of each document and each of `forwardFields`, a
 * varint count and so many varints (0 is a gap that no phrase crosses, else 1 + term) for its words in order, then the same
 * for closed spellings.
 */
export class TextBuilder {
  private readonly termOfWord = new Map<string, number>()
  private readonly termOfStem = new Map<string, number>()
  private readonly stems: string[] = []
  private readonly ids: number[] = []
  private readonly days: number[] = []
  private readonly flags: number[] = []
  private readonly categories = new Map<string, number[]>()
  private readonly postingTerms = growingWords()
  private readonly postingDocuments = new Growing<Uint16Array>(new Uint16Array(0))
  private readonly postingImpacts = growingBytes()
  private readonly forwardTerms = growingWords()
  /** For each document and field: how many words in order, how many closed spellings. */
  private readonly forwardCounts = growingWords()
  /** Weight of each term in the document at hand; the terms with any are in `touched`. */
  private weights = new Float64Array(1024)
  private readonly frequencies = growingWords()
  private readonly touched: number[] = []

  get length(): number {
    return this.ids.length
  }

  /** Adds a document. Ids must rise; at most `segmentCapacity` documents. */
  add(document: EngineDocument): void {
    const number = this.ids.length
    if (number >= segmentCapacity) throw new RangeError(`a segment holds ${segmentCapacity} documents`)
    if (document.id <= (this.ids.at(-1) ?? 0)) throw new RangeError('documents of a segment come by rising id')
    this.ids.push(document.id)
    this.days.push(document.day)
    this.flags.push((document.hasCode ? flagHasCode : 0) | (document.isWithdrawn ? flagWithdrawn : 0))
    for (const category of new Set(document.categories)) {
      const list = this.categories.get(category)
      if (list) list.push(number)
      else this.categories.set(category, [number])
    }
    this.addField('title', [document.title])
    this.addField('authors', document.authors)
    this.addField('abstract', [document.abstract])
    this.addTags(document)
    for (const term of this.touched) {
      this.postingTerms.push(term)
      this.postingDocuments.push(number)
      this.postingImpacts.push(impactOf(this.weights[term] as number))
      this.weights[term] = 0
    }
    this.touched.length = 0
  }

  /** The bytes of the parts. The builder is used up. */
  finish(allocate: Allocate): TextBytes {
    const { order, numbers } = this.numberTerms()
    const categories = [...this.categories].sort(([a], [b]) => (a < b ? -1 : 1))
    const { forwardOffsets, forward } = this.packForward(numbers)
    const postings = this.packPostings(numbers)
    const sections: Sections = {
      ids: Uint32Array.from(this.ids),
      days: Int32Array.from(this.days),
      flags: Uint8Array.from(this.flags),
      ...postings,
      forwardOffsets,
      forwardChecks: forwardChecks(forward, forwardOffsets),
      ...packFieldTerms(forward, forwardOffsets, postings.postingOffsets, postings.termImpacts.length),
      ...packDictionary(
        new Map([...this.termOfWord].map(([word, term]) => [word, numbers[term] as number])),
        order.map((term) => this.stems[term] as string),
      ),
    }
    return { text: packText(categories, sections, allocate), forward: packForward(forward, allocate) }
  }

  private addField(field: 'title' | 'authors' | 'abstract', texts: readonly string[]): void {
    const start = this.forwardTerms.length
    const joined: number[] = []
    const counted: number[] = []
    let length = 0
    for (const [n, text] of texts.entries()) {
      if (n > 0) this.forwardTerms.push(0)
      const plain = withoutTexAccents(text.length > longestText ? text.slice(0, longestText) : text)
      tokenize(plain, (word, _start, _end, isJoined) => {
        const term = this.termNumber(word)
        if (isJoined) joined.push(term + 1)
        else {
          this.forwardTerms.push(term + 1)
          length++
        }
        if ((this.frequencies.array[term] as number) === 0) counted.push(term)
        ;(this.frequencies.array[term] as number)++
      })
    }
    this.closeField(start, joined)
    for (const term of counted) {
      this.addWeight(term, fieldWeight(fieldRanking[field], this.frequencies.array[term] as number, length))
      this.frequencies.array[term] = 0
    }
  }

  private addTags(document: EngineDocument): void {
    const start = this.forwardTerms.length
    const tags = new Set(
      [...document.categories, ...document.identifiers].map((tag) =>
        tag.slice(0, longestEntry).toLowerCase().toWellFormed(),
      ),
    )
    for (const tag of tags) {
      const term = this.termNumber(tag)
      this.forwardTerms.push(term + 1)
      this.forwardTerms.push(0)
      this.addWeight(term, fieldRanking.tags.weight)
    }
    this.closeField(start, [])
  }

  private closeField(start: number, joined: readonly number[]): void {
    this.forwardCounts.push(this.forwardTerms.length - start)
    this.forwardCounts.push(joined.length)
    for (const term of joined) this.forwardTerms.push(term)
  }

  private addWeight(term: number, weight: number): void {
    if (term >= this.weights.length) {
      const wider = new Float64Array(this.weights.length * 2)
      wider.set(this.weights)
      this.weights = wider
      this.addWeight(term, weight)
      return
    }
    if (this.weights[term] === 0) this.touched.push(term)
    this.weights[term] = (this.weights[term] as number) + weight
  }

  private termNumber(word: string): number {
    const known = this.termOfWord.get(word)
    if (known !== undefined) return known
    const base = stem(word)
    let term = this.termOfStem.get(base)
    if (term === undefined) {
      term = this.stems.length
      this.stems.push(base)
      this.termOfStem.set(base, term)
      this.frequencies.push(0)
    }
    this.termOfWord.set(word, term)
    return term
  }

  /** Terms by falling document frequency, so that frequent ones take one byte in `forward`; equal ones by their stem. */
  private numberTerms(): { order: number[]; numbers: Uint32Array } {
    const frequency = new Uint32Array(this.stems.length)
    for (const term of this.postingTerms.view()) (frequency[term] as number)++
    const order = [...frequency.keys()].sort(
      (a, b) =>
        (frequency[b] as number) - (frequency[a] as number) ||
        byCodePoints(this.stems[a] as string, this.stems[b] as string),
    )
    const numbers = new Uint32Array(order.length)
    for (const [number, term] of order.entries()) numbers[term] = number
    return { order, numbers }
  }

  private packPostings(numbers: Uint32Array): Sections & { postingOffsets: Uint32Array; termImpacts: Uint8Array } {
    const count = this.postingTerms.length
    const terms = this.postingTerms.view()
    const offsets = new Uint32Array(numbers.length + 1)
    for (const term of terms) (offsets[(numbers[term] as number) + 1] as number)++
    for (let term = 0; term < numbers.length; term++)
      offsets[term + 1] = (offsets[term + 1] as number) + (offsets[term] as number)
    const next = offsets.slice()
    const documents = new Uint16Array(count)
    const impacts = new Uint8Array(count)
    const termImpacts = new Uint8Array(numbers.length)
    for (let i = 0; i < count; i++) {
      const term = numbers[terms[i] as number] as number
      const at = next[term] as number
      next[term] = at + 1
      documents[at] = this.postingDocuments.array[i] as number
      const impact = this.postingImpacts.array[i] as number
      impacts[at] = impact
      if (impact > (termImpacts[term] as number)) termImpacts[term] = impact
    }
    return { postingOffsets: withoutLone(offsets), postingDocuments: documents, postingImpacts: impacts, termImpacts }
  }

  private packForward(numbers: Uint32Array): { forwardOffsets: Uint32Array; forward: Uint8Array } {
    const bytes = growingBytes()
    const offsets = new Uint32Array(this.ids.length + 1)
    const terms = this.forwardTerms.view()
    const counts = this.forwardCounts.view()
    let at = 0
    for (let document = 0; document < this.ids.length; document++) {
      for (let list = 0; list < 2 * forwardFields.length; list++) {
        const count = counts[document * 2 * forwardFields.length + list] as number
        pushVarint(bytes, count)
        for (const end = at + count; at < end; at++) {
          const term = terms[at] as number
          pushVarint(bytes, term === 0 ? 0 : (numbers[term - 1] as number) + 1)
        }
      }
      offsets[document + 1] = bytes.length
    }
    return { forwardOffsets: offsets, forward: bytes.view() }
  }
}

/** The beginnings of the terms' postings as they are kept: those with one document, which come last, follow from their number. */
export function withoutLone(offsets: Uint32Array): Uint32Array {
  let lone = offsets.length - 1
  while (lone > 0 && offsets[lone]! - offsets[lone - 1]! === 1) lone--
  return offsets.subarray(0, lone + 1)
}

/** The part of these sections and categories, with what is asked often about its documents in its header. */
export function packText(
  categories: readonly (readonly [name: string, documents: readonly number[]])[],
  sections: Sections,
  allocate: Allocate,
): Uint8Array {
  const days = sections.days as Int32Array
  const about = {
    kind: 'text',
    categoryNames: categories.map(([name]) => name),
    firstDay: days.reduce((least, day) => Math.min(least, day), 2 ** 31 - 1),
    lastDay: days.reduce((most, day) => Math.max(most, day), -(2 ** 31)),
    hasWithdrawn: (sections.flags as Uint8Array).some((flags) => (flags & flagWithdrawn) !== 0),
  }
  return packPart(about, { ...sections, ...packCategories(categories.map(([, list]) => list)) }, allocate)
}

function packCategories(lists: readonly (readonly number[])[]): Sections {
  const offsets = new Uint32Array(lists.length + 1)
  for (const [n, list] of lists.entries()) offsets[n + 1] = (offsets[n] as number) + list.length
  const documents = new Uint16Array(offsets[lists.length] as number)
  for (const [n, list] of lists.entries()) documents.set(list, offsets[n])
  return { categoryOffsets: offsets, categoryDocuments: documents }
}
