import { termWeight } from '../ranking/bm25f.ts'
import type { Snapshot } from '../segments/snapshot.ts'
import type { QueryWord } from './query-words.ts'

/** A term that ranks: its weight times a document's impact is what it adds to the document's sum. */
export type RankedTerm = { stem: string; weight: number }

/**
 * Of a longer query only the terms that say most are ranked by. Sums stay below 2^31: 64 terms of the highest idf there
 * can be, about 22 * idfScale, times impact 255.
 */
const mostTerms = 64
/** A term said more often than this in a query counts as said so often. */
const mostOften = 4

/** The terms of the words, each once, with idf times how often it was said; unknown ones are left out. */
export function rankedTerms(words: readonly QueryWord[], snapshot: Snapshot): RankedTerm[] {
  const said = new Map<string, number>()
  for (const word of words)
    for (const stem of new Set(word.alternatives.flat())) said.set(stem, Math.min(mostOften, (said.get(stem) ?? 0) + 1))
  const terms: RankedTerm[] = []
  for (const [stem, times] of said) {
    const frequency = snapshot.documentFrequency(stem)
    if (frequency > 0) terms.push({ stem, weight: times * termWeight(snapshot.live, frequency) })
  }
  terms.sort((a, b) => b.weight - a.weight || (a.stem < b.stem ? -1 : 1))
  return terms.slice(0, mostTerms)
}
