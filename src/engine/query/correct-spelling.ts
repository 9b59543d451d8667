import type { Snapshot } from '../segments/snapshot.ts'
import type { QueryWord } from './query-words.ts'

/** Shorter words have too many neighbours; longer ones are no words. */
const shortest = 4
const longest = 32
/** From this length on, two mistakes are believed. */
const twoMistakesFrom = 8
/** A suggestion stands in at least so many documents: a word seen once may be a mistake itself. */
const leastDocuments = 2
const mostCorrected = 5
/** The largest segments know nearly all words; looking through more of them takes time and finds rarities. */
const segmentsRead = 3

/**
 * For words that no document holds, the nearest word that some hold: by mistakes (a letter missing, added, changed, two
 * neighbours swapped), then by number of documents. The first letter is taken to be right.
 */
export function correctSpelling(words: readonly QueryWord[], snapshot: Snapshot): [typed: string, suggested: string][] {
  const found: [string, string][] = []
  for (const word of words) {
    const typed = word.typed.toLowerCase()
    if (found.length === mostCorrected) break
    if (typed.length < shortest || typed.length > longest || !/^\p{L}+$/u.test(typed)) continue
    if (word.alternatives.some((stems) => stems.every((one) => snapshot.documentFrequency(one) > 0))) continue
    const suggested = nearest(typed, snapshot)
    if (suggested) found.push([word.typed, suggested])
  }
  return found
}

function nearest(typed: string, snapshot: Snapshot): string | undefined {
  const most = typed.length >= twoMistakesFrom ? 2 : 1
  const largest = [...snapshot.segments].sort((a, b) => b.text.count - a.text.count).slice(0, segmentsRead)
  const seen = new Map<string, { mistakes: number; documents: number }>()
  const first = String.fromCodePoint(typed.codePointAt(0)!)
  const codes = encoder.encode(typed)
  for (const { text } of largest) {
    const [from, to] = text.dictionary.withPrefix(first)
    for (let entry = from; entry < to; entry++) {
      if (!text.dictionary.isWord(entry)) continue
      const mistakes = distance(codes, text.dictionary.bytesAt(entry), most)
      if (mistakes > most) continue
      const word = text.dictionary.wordAt(entry)
      if (!/^\p{L}+$/u.test(word)) continue
      const documents = (seen.get(word)?.documents ?? 0) + text.frequency(text.dictionary.termAt(entry))
      seen.set(word, { mistakes, documents })
    }
  }
  const least = snapshot.live < 1_000 ? 1 : leastDocuments
  return [...seen]
    .filter(([, { documents }]) => documents >= least)
    .sort(([a, x], [b, y]) => x.mistakes - y.mistakes || y.documents - x.documents || (a < b ? -1 : 1))
    .at(0)?.[0]
}

const encoder = new TextEncoder()
/** Three rows of the table of distances: that of the letter before last, of the last, and of the present one. */
const rows = [0, 1, 2].map(() => new Uint8Array(2 * longest + 1))

/**
 * Damerau-Levenshtein distance of two words in UTF-8 with neighbours swapped once (optimal string alignment); `most + 1`
 * when it is more, or when a word is longer than what a word can be.
 */
export function distance(a: Uint8Array, b: Uint8Array, most: number): number {
  if (Math.abs(a.length - b.length) > most || a.length > 2 * longest || b.length > 2 * longest) return most + 1
  let [before, previous, row] = rows as [Uint8Array, Uint8Array, Uint8Array]
  for (let j = 0; j <= b.length; j++) previous[j] = j
  for (let i = 1; i <= a.length; i++) {
    row[0] = i
    let least = i
    for (let j = 1; j <= b.length; j++) {
      let cost = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      if (previous[j]! + 1 < cost) cost = previous[j]! + 1
      if (row[j - 1]! + 1 < cost) cost = row[j - 1]! + 1
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] && before[j - 2]! + 1 < cost)
        cost = before[j - 2]! + 1
      row[j] = cost
      if (cost < least) least = cost
    }
    if (least > most) return most + 1
    ;[before, previous, row] = [previous, row, before]
  }
  return Math.min(previous[b.length]!, most + 1)
}
