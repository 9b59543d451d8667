import { type Dictionary, dictionarySections, stemOnly } from './dictionary.ts'
import { growingBytes, growingWords } from './growing.ts'
import type { Sections } from './sections.ts'

/** A dictionary, and how many documents that are kept hold each of its terms; 0 for a term that goes. */
export type DictionarySource = { dictionary: Dictionary; counts: Uint32Array }

export type MergedDictionary = {
  sections: Sections
  /** For each source, the new number of each of its terms; -1 for one that goes. */
  termMaps: Int32Array[]
  /** How many documents hold each term. Terms have numbers by falling frequency; equal ones in the order of their stems. */
  frequencies: Uint32Array
}

/**
 * The words of several dictionaries whose terms stay, in order. All are in order themselves, so they are read side by side and no
 * word is made a string: a merge of the largest segments meets three million.
 */
export function mergeDictionaries(sources: readonly DictionarySource[]): MergedDictionary {
  const cursors = sources.map((source) => new Cursor(source))
  const queue = new CursorQueue(cursors)
  const words = growingBytes()
  const [offsets, counts, stemEntries] = [growingWords(), growingWords(), growingWords()]
  // Whose word an entry is: its term is found by the stem, which may come later.
  const [wordSources, wordTerms] = [growingWords(), growingWords()]
  const entryCursors: Cursor[] = []
  offsets.push(0)
  while (queue.takeNext(entryCursors)) {
    const [first] = entryCursors
    words.append(first!.bytes, first!.start, first!.end)
    offsets.push(words.length)
    let wordSource = noSource
    let wordTerm = 0
    let stem = -1
    for (const cursor of entryCursors) {
      if (cursor.stemTerm >= 0) {
        if (stem < 0) {
          stem = counts.length
          counts.push(0)
          stemEntries.push(wordSources.length)
        }
        cursor.termMap[cursor.stemTerm] = stem
        counts.array[stem]! += cursor.counts[cursor.stemTerm]!
      }
      if (cursor.wordTerm < 0) continue
      wordSource = cursors.indexOf(cursor)
      wordTerm = cursor.wordTerm
    }
    wordSources.push(wordSource)
    wordTerms.push(wordSource === noSource ? stem : wordTerm)
    for (const cursor of entryCursors) queue.put(cursor)
  }
  const termMaps = cursors.map(({ termMap }) => termMap)
  const { numbers, frequencies } = numberByFrequency(counts.view())
  for (const map of termMaps)
    for (let term = 0; term < map.length; term++) if (map[term]! >= 0) map[term] = numbers[map[term]!]!
  const entryOfStem = new Uint32Array(frequencies.length)
  for (let stem = 0; stem < numbers.length; stem++) entryOfStem[numbers[stem]!] = stemEntries.array[stem]!
  const terms = wordTerms.view()
  for (let entry = 0; entry < terms.length; entry++) {
    const source = wordSources.array[entry]!
    terms[entry] = source === noSource ? numbers[terms[entry]!]! | stemOnly : termMaps[source]![terms[entry]!]!
  }
  return {
    sections: dictionarySections(words.view(), offsets.view(), terms, entryOfStem),
    termMaps,
    frequencies,
  }
}

const noSource = 0xffffffff

/** Reads the entries of one dictionary that stay, in order. */
class Cursor {
  readonly bytes: Uint8Array
  readonly counts: Uint32Array
  readonly termMap: Int32Array
  start = 0
  end = 0
  /** The first six bytes of the entry as a number: it tells most entries apart. */
  key = 0
  /** The term that this entry is a word of, and the one that it is the stem of; -1 for none that stays. */
  wordTerm = -1
  stemTerm = -1
  private readonly dictionary: Dictionary
  /** The term that each entry is the stem of, plus one. */
  private readonly stems: Uint32Array
  private entry = -1

  constructor({ dictionary, counts }: DictionarySource) {
    this.dictionary = dictionary
    this.counts = counts
    this.bytes = dictionary.bytes
    this.termMap = new Int32Array(counts.length).fill(-1)
    this.stems = new Uint32Array(dictionary.size)
    for (let term = 0; term < counts.length; term++) this.stems[dictionary.stemEntry(term)] = term + 1
  }

  /** Goes to the next entry that stays. False: there is none. */
  next(): boolean {
    const { dictionary, counts, stems, bytes } = this
    while (++this.entry < dictionary.size) {
      const { entry } = this
      const stemTerm = stems[entry]! - 1
      const term = dictionary.termAt(entry)
      this.stemTerm = stemTerm >= 0 && counts[stemTerm]! > 0 ? stemTerm : -1
      this.wordTerm = counts[term]! > 0 && dictionary.isWord(entry) ? term : -1
      if (this.stemTerm < 0 && this.wordTerm < 0) continue
      this.start = dictionary.startOf(entry)
      this.end = dictionary.startOf(entry + 1)
      this.key = 0
      for (let at = this.start; at < this.start + keyBytes; at++)
        this.key = this.key * 256 + (at < this.end ? bytes[at]! : 0)
      return true
    }
    return false
  }

  /** Below 0 when its entry comes before the other's. */
  compare(other: Cursor): number {
    if (this.key !== other.key) return this.key - other.key
    const length = this.end - this.start
    const otherLength = other.end - other.start
    const shared = Math.min(length, otherLength)
    for (let i = keyBytes; i < shared; i++) {
      const difference = this.bytes[this.start + i]! - other.bytes[other.start + i]!
      if (difference !== 0) return difference
    }
    return length - otherLength
  }
}

/** As many as a number holds exactly. No word has a byte 0, so that a shorter one never looks like a longer. */
const keyBytes = 6

/** Cursors by their entries, the first one on top: a heap. */
class CursorQueue {
  private readonly heap: Cursor[] = []

  constructor(cursors: readonly Cursor[]) {
    for (const cursor of cursors) this.put(cursor)
  }

  /** Puts a cursor in at its next entry, if it has one. */
  put(cursor: Cursor): void {
    if (!cursor.next()) return
    const { heap } = this
    let at = heap.length
    heap.push(cursor)
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (heap[parent]!.compare(cursor) <= 0) break
      heap[at] = heap[parent]!
      at = parent
    }
    heap[at] = cursor
  }

  /** Takes all cursors out that stand at the first entry, into `taken`. False: all entries were read. */
  takeNext(taken: Cursor[]): boolean {
    taken.length = 0
    if (this.heap.length === 0) return false
    do taken.push(this.take())
    while (this.heap.length > 0 && this.heap[0]!.compare(taken[0]!) === 0)
    return true
  }

  private take(): Cursor {
    const { heap } = this
    const first = heap[0]!
    const last = heap.pop()!
    if (heap.length === 0) return first
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && heap[child + 1]!.compare(heap[child]!) < 0) child++
      if (last.compare(heap[child]!) <= 0) break
      heap[at] = heap[child]!
      at = child
    }
    heap[at] = last
    return first
  }
}

/** The place of each in the order of falling frequency, equal ones as they come, and the frequencies in that order. */
function numberByFrequency(counts: Uint32Array): { numbers: Uint32Array; frequencies: Uint32Array } {
  const most = counts.reduce((high, count) => Math.max(high, count), 0)
  const starts = new Uint32Array(most + 2)
  for (const count of counts) starts[most - count + 1]!++
  for (let n = 0; n <= most; n++) starts[n + 1]! += starts[n]!
  const numbers = new Uint32Array(counts.length)
  const frequencies = new Uint32Array(counts.length)
  for (let n = 0; n < counts.length; n++) {
    const place = starts[most - counts[n]!]!++
    numbers[n] = place
    frequencies[place] = counts[n]!
  }
  return { numbers, frequencies }
}
