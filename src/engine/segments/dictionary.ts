import { HASH_FACTOR, HASH_START, hashWord } from '../embed/tokens.ts'
import type { Sections } from './sections.ts'

/** Marks an entry that is only a stem: nobody wrote the word so, hence prefixes and corrections pass over it. */
export const stemOnly = 0x80000000
const lookupMemoLimit = 4_096

const encoder = new TextEncoder()

/** Words of a block, whose places are counted from where the first of them begins. Twice as many might not fit 16 bits. */
const blockBits = 6
/** UTF-16 code units of a word, at most: a block of them takes less than 65,536 bytes. */
export const longestEntry = 255

/**
 * Every word as written and every stem, in order, each with the number of its term. Sections, for e entries and t terms:
 *
 * - `words` u8: the entries in UTF-8, one after the other
 * - `wordBlocks` u32: where each block of 64 entries begins in it; `wordOffsets` u16[e + 1]: where each entry begins in its block
 * - `wordTerms` u16[e], `wordTermsHigh` u8[e]: the term of each, 23 bits; the highest bit is set for what is only a stem
 * - `stemEntries` u16[t], `stemEntriesHigh` u8[t]: the entry that is the stem of each term, 24 bits
 */
export class Dictionary {
  readonly size: number
  /** The bytes of all words. */
  readonly bytes: Uint8Array
  private readonly blocks: Uint32Array
  private readonly offsets: Uint16Array
  private readonly terms: Uint16Array
  private readonly termsHigh: Uint8Array
  private readonly stemEntries: Uint16Array
  private readonly stemEntriesHigh: Uint8Array
  private readonly memo = new Map<string, number>()

  constructor(sections: Sections) {
    this.bytes = sections.words as Uint8Array
    this.blocks = sections.wordBlocks as Uint32Array
    this.offsets = sections.wordOffsets as Uint16Array
    this.terms = sections.wordTerms as Uint16Array
    this.termsHigh = sections.wordTermsHigh as Uint8Array
    this.stemEntries = sections.stemEntries as Uint16Array
    this.stemEntriesHigh = sections.stemEntriesHigh as Uint8Array
    this.size = this.terms.length
  }

  /** The number of the term that a word as written, or a stem, belongs to; -1 for one that is not here. */
  termOf(word: string): number {
    const known = this.memo.get(word)
    if (known !== undefined) return known
    if (this.memo.size >= lookupMemoLimit) this.memo.clear()
    const bytes = encoder.encode(word)
    const entry = this.firstFrom(bytes)
    const found = entry < this.size && this.compare(entry, bytes) === 0 ? this.termAt(entry) : -1
    this.memo.set(word, found)
    return found
  }

  /** Where an entry begins in `bytes`; the one before ends there. */
  startOf(entry: number): number {
    return this.blocks[entry >> blockBits]! + this.offsets[entry]!
  }

  /** The entry that is the stem of a term. */
  stemEntry(term: number): number {
    return (this.stemEntriesHigh[term]! << 16) | this.stemEntries[term]!
  }

  stemOf(term: number): string {
    return this.wordAt(this.stemEntry(term))
  }

  /** `hashWord` of the stem of a term, read where it lies: done for every term of a segment. */
  hashOfStem(term: number): number {
    const entry = this.stemEntry(term)
    const end = this.startOf(entry + 1)
    let hash = HASH_START
    for (let at = this.startOf(entry); at < end; at++) {
      const byte = this.bytes[at]!
      if (byte > 127) return hashWord(this.wordAt(entry))
      hash = Math.imul(hash ^ byte, HASH_FACTOR)
    }
    return hash >>> 0
  }

  wordAt(entry: number): string {
    return Buffer.from(this.bytes.slice(this.startOf(entry), this.startOf(entry + 1))).toString('utf8')
  }

  /** A word in UTF-8, where it lies. */
  bytesAt(entry: number): Uint8Array {
    return this.bytes.subarray(this.startOf(entry), this.startOf(entry + 1))
  }

  /** Bytes of a word. */
  lengthAt(entry: number): number {
    return this.startOf(entry + 1) - this.startOf(entry)
  }

  termAt(entry: number): number {
    return ((this.termsHigh[entry]! & 127) << 16) | this.terms[entry]!
  }

  /** Whether the entry is the stem of its term; every term has one such entry. */
  isStem(entry: number): boolean {
    return this.stemEntry(this.termAt(entry)) === entry
  }

  /**
   * How much of the longer of an entry and a word is their common beginning, 0 to 1; 0 when the entry holds anything but a-z.
   * `word`: ASCII. Makes no string: this runs for thousands of entries a query.
   */
  shareWith(entry: number, word: Uint8Array): number {
    const start = this.startOf(entry)
    const length = this.startOf(entry + 1) - start
    let shared = 0
    while (shared < length && shared < word.length && this.bytes[start + shared] === word[shared]) shared++
    for (let i = 0; i < length; i++) if (this.bytes[start + i]! < 97 || this.bytes[start + i]! > 122) return 0
    return shared / Math.max(length, word.length)
  }

  isWord(entry: number): boolean {
    return this.termsHigh[entry]! < 128
  }

  /** The entries that start with the letters: `[from, to)`. */
  withPrefix(prefix: string): [from: number, to: number] {
    const bytes = encoder.encode(prefix)
    const above = Uint8Array.from([...bytes, 0xff]) // no UTF-8 text holds this byte
    return [this.firstFrom(bytes), this.firstFrom(above)]
  }

  private firstFrom(bytes: Uint8Array): number {
    let low = 0
    let high = this.size
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.compare(middle, bytes) < 0) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Below 0 when the entry comes before the bytes. UTF-8 sorts as code points do. */
  private compare(entry: number, other: Uint8Array): number {
    const start = this.startOf(entry)
    const length = this.startOf(entry + 1) - start
    const shared = Math.min(length, other.length)
    for (let i = 0; i < shared; i++) {
      const difference = (this.bytes[start + i] as number) - (other[i] as number)
      if (difference !== 0) return difference
    }
    return length - other.length
  }
}

/** The sections of a dictionary. `termOfWord`: each word as written; `stems`: the stem of each term, by its number. */
export function packDictionary(termOfWord: ReadonlyMap<string, number>, stems: readonly string[]): Sections {
  const entries: [word: string, value: number][] = []
  for (const [word, term] of termOfWord) entries.push([word, term])
  for (const [term, stem] of stems.entries()) if (!termOfWord.has(stem)) entries.push([stem, (term | stemOnly) >>> 0])
  entries.sort(([a], [b]) => byCodePoints(a, b))
  const offsets = new Uint32Array(entries.length + 1)
  const terms = new Uint32Array(entries.length)
  const entryOf = new Map<string, number>()
  const texts = entries.map(([word], n) => {
    terms[n] = (entries[n] as [string, number])[1]
    entryOf.set(word, n)
    return word
  })
  const bytes = encoder.encode(texts.join(''))
  let at = 0
  for (const [n, word] of texts.entries()) {
    at += utf8Length(word)
    offsets[n + 1] = at
  }
  const stemEntries = Uint32Array.from(stems, (stem) => entryOf.get(stem) as number)
  return dictionarySections(bytes, offsets, terms, stemEntries)
}

/**
 * The sections of a dictionary from the bytes of its entries, where each begins, the term of each (with `stemOnly` set for what
 * nobody wrote), and the entry of each term's stem. Throws a `RangeError` for more than 8 million terms.
 */
export function dictionarySections(
  words: Uint8Array,
  starts: Uint32Array,
  terms: Uint32Array,
  stemEntries: Uint32Array,
): Sections {
  if (stemEntries.length > 2 ** 23 || terms.length > 2 ** 24)
    throw new RangeError(`a segment holds 8 million different words at most, these are ${stemEntries.length}`)
  const blocks = new Uint32Array((starts.length >> blockBits) + 1)
  const offsets = new Uint16Array(starts.length)
  for (let entry = 0; entry < starts.length; entry++) {
    const block = entry >> blockBits
    if (entry === block << blockBits) blocks[block] = starts[entry]!
    offsets[entry] = starts[entry]! - blocks[block]!
  }
  const termsHigh = new Uint8Array(terms.length)
  for (let entry = 0; entry < terms.length; entry++) {
    const term = terms[entry]!
    termsHigh[entry] = ((term & stemOnly) === 0 ? 0 : 128) | ((term >>> 16) & 127)
  }
  return {
    ...{ words, wordBlocks: blocks, wordOffsets: offsets },
    ...{ wordTerms: new Uint16Array(terms), wordTermsHigh: termsHigh },
    stemEntries: new Uint16Array(stemEntries),
    stemEntriesHigh: new Uint8Array(stemEntries.map((entry) => entry >>> 16)),
  }
}

/** The order of words in a dictionary: that of their bytes in UTF-8. */
export function byCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    // Surrogates stand for code points above all others, although their own numbers do not.
    if (x !== y) return (x >= 0xd800 && x < 0xe000 ? x + 0x10000 : x) - (y >= 0xd800 && y < 0xe000 ? y + 0x10000 : y)
  }
  return a.length - b.length
}

const utf8Length = (text: string) => Buffer.byteLength(text, 'utf8')
