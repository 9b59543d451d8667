import type { Snapshot } from '../segments/snapshot.ts'
import { holding } from './conditions.ts'
import { listOf, noDocuments, those } from './document-lists.ts'
import type { Mask } from './filter-mask.ts'
import type { QueryWord } from './query-words.ts'

/** The documents that match, for each segment in rising order, and how many they are; whether they hold every word, or any. */
export type Matching = { segments: Uint16Array[]; total: number; holdsEvery: boolean }

/**
 * The documents that hold every word of the query, of those that the masks allow; where no document does, those that hold
 * any. Words that no document holds do not count. Without words, all that the masks allow.
 */
export function matching(snapshot: Snapshot, words: readonly QueryWord[], masks: readonly Mask[]): Matching {
  const known = words.filter((word) => isKnown(snapshot, word))
  if (words.length > 0 && known.length === 0)
    return { segments: snapshot.segments.map(() => noDocuments), total: 0, holdsEvery: false }
  const every = collect(snapshot, known, masks, true)
  return every.total > 0 || known.length < 2 ? every : collect(snapshot, known, masks, false)
}

/** Whether any document holds the word. */
export function isKnown(snapshot: Snapshot, { alternatives }: QueryWord): boolean {
  return alternatives.some((stems) => stems.every((one) => snapshot.documentFrequency(one) > 0))
}

/** The documents that hold every word, or any. */
export function collect(
  snapshot: Snapshot,
  words: readonly QueryWord[],
  masks: readonly Mask[],
  every: boolean,
): Matching {
  let total = 0
  const segments = snapshot.segments.map(({ text }, n) => {
    const { allowed } = masks[n]!
    const found =
      words.length === 0
        ? listOf(allowed ?? new Uint8Array(text.count).fill(1))
        : allowedOf(holding(text, words, every), allowed)
    total += found.length
    return found
  })
  return { segments, total, holdsEvery: every }
}

const allowedOf = (found: Uint16Array, allowed: Uint8Array | undefined) =>
  allowed ? those(found, (document) => allowed[document] === 1) : found
