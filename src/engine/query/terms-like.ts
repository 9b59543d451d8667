import { emptyForwardText } from '../segments/forward-text.ts'
import type { Snapshot } from '../segments/snapshot.ts'
import type { QueryWord } from './query-words.ts'
import { type RankedTerm, rankedTerms } from './ranked-terms.ts'

/** Terms that stand for documents searched by, where there are no vectors. */
const likeTerms = 24

/** The terms that say most about the documents: idf times how many of the documents hold the term. */
export function termsLike(snapshot: Snapshot, ids: readonly number[]): RankedTerm[] {
  const words: QueryWord[] = []
  for (const id of ids) {
    const place = snapshot.find(id)
    if (!place) continue
    const { text } = snapshot.segments[place.segment]!
    const forward = text.readForward(place.document, emptyForwardText())
    const terms = new Set<number>()
    for (const list of [0, 4]) for (let i = 0; i < forward.counts[list]!; i++) terms.add(forward.lists[list]![i]! - 1)
    terms.delete(-1) // gaps
    for (const term of terms) words.push({ typed: '', alternatives: [[text.dictionary.stemOf(term)]] })
  }
  return rankedTerms(words, snapshot).slice(0, likeTerms)
}
