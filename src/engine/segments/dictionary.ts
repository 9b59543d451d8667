import { HASH_FACTOR, HASH_START, hashWord } from '../embed/tokens.ts'
import type { Sections } from './sections.ts'

/** Marks an entry that is only a stem: nobody wrote the word so, hence prefixes and corrections pass over it. */
export const stemOnly = 0x80000000
const lookupMemoLimit = 4_096

const encoder = new TextEncoder()

/** Every word as written and every stem, in order, each with the number of its term. */
export class Dictionary {
  readonly size: number
  /** The bytes of all words, and where each begins. */
  readonly bytes: Uint8Array
  readonly offsets: Uint32Array
  private readonly terms: Uint32Array
  private readonly stemEntries: Uint32Array
  private readonly memo = new Map<string, number>()

  constructor(sections: Sections) {
    this.bytes = sections.words as Uint8Array
    this.offsets = sections.wordOffsets as Uint32Array
    this.terms = sections.wordTerms as Uint32Array
    this.stemEntries = sections.stemEntries as Uint32Array
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

  /** The entry that is the stem of a term. */
  stemEntry(term: number): number {
    return this.stemEntries[term]!
  }

  stemOf(term: number): string {
    return this.wordAt(this.stemEntries[term] as number)
  }

  /** `hashWord` of the stem of a term, read where it lies: done for every term of a segment. */
  hashOfStem(term: number): number {
    const entry = this.stemEntries[term]!
    const end = this.offsets[entry + 1]!
    let hash = HASH_START
    for (let at = this.offsets[entry]!; at < end; at++) {
      const byte = this.bytes[at]!
      if (byte > 127) return hashWord(this.wordAt(entry))
      hash = Math.imul(hash ^ byte, HASH_FACTOR)
    }
    return hash >>> 0
  }

  wordAt(entry: number): string {
    return Buffer.from(this.bytes.slice(this.offsets[entry], this.offsets[entry + 1])).toString('utf8')
  }

  /** A word in UTF-8, where it lies. */
  bytesAt(entry: number): Uint8Array {
    return this.bytes.subarray(this.offsets[entry], this.offsets[entry + 1])
  }

  /** Bytes of a word. */
  lengthAt(entry: number): number {
    return this.offsets[entry + 1]! - this.offsets[entry]!
  }

  termAt(entry: number): number {
    return ((this.terms[entry] as number) & ~stemOnly) >>> 0
  }

  /** Whether the entry is the stem of its term; every term has one such entry. */
  isStem(entry: number): boolean {
    return this.stemEntries[this.termAt(entry)] === entry
  }

  /**
   * How much of the longer of an entry and a word is their common beginning, 0 to 1; 0 when the entry holds anything but a-z.
   * `word`: ASCII. Makes no string: this runs for thousands of entries a query.
   */
  shareWith(entry: number, word: Uint8Array): number {
    const start = this.offsets[entry]!
    const length = this.offsets[entry + 1]! - start
    let shared = 0
    while (shared < length && shared < word.length && this.bytes[start + shared] === word[shared]) shared++
    for (let i = 0; i < length; i++) if (this.bytes[start + i]! < 97 || this.bytes[start + i]! > 122) return 0
    return shared / Math.max(length, word.length)
  }

  isWord(entry: number): boolean {
    return ((this.terms[entry] as number) & stemOnly) === 0
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
    const start = this.offsets[entry] as number
    const length = (this.offsets[entry + 1] as number) - start
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
  return { words: bytes, wordOffsets: offsets, wordTerms: terms, stemEntries }
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
