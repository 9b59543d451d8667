import type { Snapshot } from '../segments/snapshot.ts'
import type { TextPart } from '../segments/text-part.ts'
import { stem } from '../text/stem.ts'
import { collect, isKnown } from './matching.ts'
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
 * A word that some documents hold is doubted only beside one that so many times as many hold: more where nothing else speaks
 * for a mistake, because the words are found together, or there is but one.
 */
const timesMore = { doubtful: 50, fine: 1_000 }
/** Words that so many documents hold together are found together. */
const togetherIsFine = 3
/** The words put in their place stand together in at least so many. */
const farMore = 20
/** Words looked up in the dictionary for a query, each some 1 ms at 200,000 documents. */
const mostLookedUp = 8
/** A word that hardly any document holds may lack its space. */
const mostOfUnparted = 5
/** Both parts of a word that lacks its space stand in at least so many documents. */
const leastOfParts = 20

export type Correction = [typed: string, suggested: string]

/**
 * What a query may have meant. A word that no document holds: the nearest word that some hold, by mistakes (a letter
 * missing, added, changed, two neighbours swapped), then by number of documents; the first letter is taken to be right. Or
 * two words without their space. A word that documents hold is doubted when far more hold a word next to it, and the words
 * of the query together stand in far more: `deap lerning`. What has a digit, or capitals inside (`DEAP`), stays.
 *
 * `more`: words of conditions, which are put right only when nobody uses them. `holdAll`: how many documents hold all words,
 * where that is known.
 */
export function correctSpelling(
  words: readonly QueryWord[],
  snapshot: Snapshot,
  more: readonly QueryWord[] = [],
  holdAll?: number,
): Correction[] {
  const unknown: Correction[] = []
  for (const word of [...words, ...more]
    .filter((one) => isSpelt(one) && !isKnown(snapshot, one))
    .slice(0, mostLookedUp)) {
    const typed = word.typed.toLowerCase()
    const suggested = nearest(typed, snapshot, leastOf(snapshot)) ?? parted(typed, snapshot, leastOfParts)
    if (suggested && unknown.length < mostCorrected) unknown.push([word.typed, suggested])
  }
  const known = words.filter((word) => isSpelt(word) && !isName(word.typed) && isKnown(snapshot, word))
  // Of many words no document need hold all.
  if (known.length === 0 || words.length > mostLookedUp) return unknown
  // Counting takes longer than all look-ups, which are remembered: only where a word might be doubted at all.
  if (unknown.length === 0 && !known.some((word) => mayBeDoubted(word, snapshot))) return unknown
  const counted = unknown.length === 0 ? holdAll : undefined
  const together = words.length > 1 ? (counted ?? countOf(withCorrections(words, unknown), snapshot)) : 0
  const isFine = unknown.length === 0 && (words.length === 1 || together >= togetherIsFine)
  const times = isFine ? timesMore.fine : timesMore.doubtful
  const doubtful = known.flatMap((word): Correction[] => {
    const suggested = better(word, snapshot, times)
    return suggested ? [[word.typed, suggested]] : []
  })
  if (doubtful.length === 0) return unknown
  const all = [...unknown, ...doubtful]
  const least = words.length > 1 ? Math.max(farMore, times * together) : farMore
  return countOf(withCorrections(words, all), snapshot) >= least ? all : unknown
}

/** Whether far more documents hold a word next to this one, or its two parts; `better` says whether enough do. */
function mayBeDoubted(word: QueryWord, snapshot: Snapshot): boolean {
  const own = Math.max(1, frequencyOf(snapshot, word))
  if (own * timesMore.doubtful > snapshot.live) return false
  const typed = word.typed.toLowerCase()
  return nearest(typed, snapshot, own * timesMore.doubtful) !== undefined || own <= mostOfUnparted
}

/** What may be meant by a word that some documents hold, if so many times as many hold it. */
function better(word: QueryWord, snapshot: Snapshot, times: number): string | undefined {
  const typed = word.typed.toLowerCase()
  const own = Math.max(1, frequencyOf(snapshot, word))
  if (own * times > snapshot.live) return undefined
  const suggested = nearest(typed, snapshot, own * times)
  if (suggested) return stem(suggested) === stem(typed) ? undefined : suggested
  return own <= mostOfUnparted ? parted(typed, snapshot, timesMore.fine) : undefined
}

/** `DEAP` and `DeiT` are written so on purpose. */
const isName = (typed: string) => /\p{L}\p{Lu}/u.test(typed)

const isSpelt = ({ typed }: QueryWord) => typed.length >= shortest && typed.length <= longest && /^\p{L}+$/u.test(typed)

/** In a small collection a word that one paper uses is as good as any. */
const leastOf = (snapshot: Snapshot) => (snapshot.live < 1_000 ? 1 : leastDocuments)

const frequencyOf = (snapshot: Snapshot, { alternatives }: QueryWord) =>
  Math.max(...alternatives.map((stems) => Math.min(...stems.map((one) => snapshot.documentFrequency(one)))))

function withCorrections(words: readonly QueryWord[], corrections: readonly Correction[]): QueryWord[] {
  const suggestions = new Map(corrections)
  return words.map((word) => {
    const suggested = suggestions.get(word.typed)
    return suggested === undefined
      ? word
      : { typed: suggested, alternatives: [suggested.split(' ').map((one) => stem(one))] }
  })
}

function countOf(words: readonly QueryWord[], snapshot: Snapshot): number {
  const everything = snapshot.segments.map(({ text }) => ({ count: text.count }))
  return collect(snapshot, words, everything, true).total
}

/** Look-ups that are remembered: people ask with the same words again and again. */
const mostRemembered = 10_000
const remembered = new WeakMap<Snapshot, Map<string, string | undefined>>()

/** The word nearest to one, of those that `least` documents hold. */
function nearest(typed: string, snapshot: Snapshot, least: number): string | undefined {
  const known = remembered.get(snapshot) ?? new Map<string, string | undefined>()
  remembered.set(snapshot, known)
  const key = `${typed} ${least}`
  if (!known.has(key)) {
    if (known.size >= mostRemembered) known.clear()
    known.set(key, findNearest(typed, snapshot, least))
  }
  return known.get(key)
}

function findNearest(typed: string, snapshot: Snapshot, least: number): string | undefined {
  const most = typed.length >= twoMistakesFrom ? 2 : 1
  const largest = [...snapshot.segments].sort((a, b) => b.text.count - a.text.count).slice(0, segmentsRead)
  const seen = new Map<string, { mistakes: number; documents: number }>()
  const codes = encoder.encode(typed)
  for (const { text } of largest) {
    // A frequent word is frequent in every large part of a collection.
    const leastHere = Math.ceil((least * text.count) / (4 * snapshot.live))
    for (const entry of candidates(text, typed, codes, most, leastHere)) {
      const mistakes = distance(codes, text.dictionary.bytesAt(entry), most)
      if (mistakes > most || mistakes === 0) continue
      const word = text.dictionary.wordAt(entry)
      if (!/^\p{L}+$/u.test(word)) continue
      const documents = (seen.get(word)?.documents ?? 0) + text.frequency(text.dictionary.termAt(entry))
      seen.set(word, { mistakes, documents })
    }
  }
  return [...seen]
    .filter(([, { documents }]) => documents >= least)
    .sort(([a, x], [b, y]) => x.mistakes - y.mistakes || y.documents - x.documents || (a < b ? -1 : 1))
    .at(0)?.[0]
}

/** Words with the same first letter that may be near: by length, by frequency and by the letters they are made of. */
function* candidates(text: TextPart, typed: string, codes: Uint8Array, most: number, least: number): Generator<number> {
  const { dictionary } = text
  const letters = lettersOf(codes)
  const [from, to] = dictionary.withPrefix(String.fromCodePoint(typed.codePointAt(0)!))
  for (let entry = from; entry < to; entry++) {
    const bytes = dictionary.lengthAt(entry)
    if (bytes < codes.length - most || bytes > codes.length + most || !dictionary.isWord(entry)) continue
    if (text.frequency(dictionary.termAt(entry)) < least) continue
    // A letter added, missing or changed makes a difference of at most two letters.
    if (bitsOf(letters ^ lettersOf(dictionary.bytesAt(entry))) <= 2 * most) yield entry
  }
}

/** The set of letters as bits. */
function lettersOf(bytes: Uint8Array): number {
  let letters = 0
  for (let n = 0; n < bytes.length; n++) letters |= 1 << (bytes[n]! & 31)
  return letters
}

function bitsOf(value: number): number {
  let rest = value
  let count = 0
  for (; rest !== 0; count++) rest &= rest - 1
  return count
}

/** Two frequent words written as one: `machinelearning`. */
function parted(typed: string, snapshot: Snapshot, least: number): string | undefined {
  let best: { text: string; documents: number } | undefined
  for (let at = 3; at <= typed.length - 3; at++) {
    const [left, right] = [typed.slice(0, at), typed.slice(at)]
    const documents = Math.min(snapshot.documentFrequency(stem(left)), snapshot.documentFrequency(stem(right)))
    if (documents >= least && documents > (best?.documents ?? 0)) best = { text: `${left} ${right}`, documents }
  }
  return best?.text
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
