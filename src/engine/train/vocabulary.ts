import { beginningsOf, pairHash } from '../embed/item-table.ts'
import { createTokens, type Tokens, tokenize, wordAt } from '../embed/tokens.ts'
import type { TrainingText } from './corpus.ts'

export type VocabularySize = { words: number; pairs: number; beginnings: number; minDocuments: number }

/** Items in the order of their rows: words, pairs, beginnings, each by how many texts hold it. */
export type Vocabulary = { hashes: Uint32Array; labels: string[]; counts: Uint32Array }

/** Slots of the first, rough count of pairs; collisions only let a few candidates more through. */
const ROUGH_SLOTS = 1 << 24
const NO_WORD = ''

type Entry = { label: string; count: number; last: number }

/** Chooses the items worth a row. The same texts in the same order give the same vocabulary. */
export function buildVocabulary(texts: readonly TrainingText[], size: VocabularySize): Vocabulary {
  const words = new Map<number, Entry>()
  const rough = new Uint32Array(ROUGH_SLOTS)
  const lastIn = new Uint32Array(ROUGH_SLOTS)
  eachText(texts, (tokens, number) => {
    for (let i = 0; i < tokens.count; i++) {
      count(words, tokens.hashes[i]!, number, () => wordAt(tokens, i))
      const hash = pairHash(tokens, i)
      const slot = hash & (ROUGH_SLOTS - 1)
      if (hash === 0 || lastIn[slot] === number + 1) continue
      lastIn[slot] = number + 1
      rough[slot]! += 1
    }
  })
  const chosenWords = best(words, size.words, size.minDocuments)
  const isKnown = new Set(chosenWords.map(([hash]) => hash))
  const threshold = Math.max(size.minDocuments, roughThreshold(rough, size.pairs))
  const pairs = new Map<number, Entry>()
  const beginnings = new Map<number, Entry>()
  eachText(texts, (tokens, number) => {
    for (let i = 0; i < tokens.count; i++) {
      const hash = pairHash(tokens, i)
      if (hash !== 0 && rough[hash & (ROUGH_SLOTS - 1)]! >= threshold)
        count(pairs, hash, number, () => `${wordAt(tokens, i - 1)} ${wordAt(tokens, i)}`)
      if (isKnown.has(tokens.hashes[i]!)) continue
      for (const beginning of beginningsOf(tokens, i)) count(beginnings, beginning, number, () => NO_WORD)
    }
  })
  const chosen = [
    ...chosenWords,
    ...best(pairs, size.pairs, size.minDocuments),
    ...best(beginnings, size.beginnings, size.minDocuments),
  ]
  return {
    hashes: Uint32Array.from(chosen, ([hash]) => hash),
    labels: chosen.map(([, entry]) => entry.label),
    counts: Uint32Array.from(chosen, ([, entry]) => entry.count),
  }
}

function eachText(texts: readonly TrainingText[], visit: (tokens: Tokens, number: number) => void): void {
  const tokens = createTokens()
  texts.forEach(({ title, abstract }, number) => {
    tokenize(`${title}. ${abstract}`, tokens)
    visit(tokens, number)
  })
}

function count(entries: Map<number, Entry>, hash: number, number: number, label: () => string): void {
  const entry = entries.get(hash)
  if (!entry) entries.set(hash, { label: label(), count: 1, last: number })
  else if (entry.last !== number) {
    entry.count += 1
    entry.last = number
  }
}

const best = (entries: Map<number, Entry>, size: number, minimum: number): [number, Entry][] =>
  [...entries]
    .filter(([, entry]) => entry.count >= minimum)
    .sort(([a, first], [b, second]) => second.count - first.count || a - b)
    .slice(0, size)

/** The count that about twice as many pairs reach as have room. */
function roughThreshold(rough: Uint32Array, room: number): number {
  const LONGEST = 4096
  const histogram = new Uint32Array(LONGEST + 1)
  for (const value of rough) histogram[Math.min(value, LONGEST)]! += 1
  let reached = 0
  let threshold = LONGEST
  while (threshold > 1 && reached < room * 2) {
    reached += histogram[threshold]!
    threshold -= 1
  }
  return threshold
}
