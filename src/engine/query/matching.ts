import type { Snapshot } from '../segments/snapshot.ts'
import { holding } from './conditions.ts'
import { countOf, type Mask } from './filter-mask.ts'
import type { QueryWord } from './query-words.ts'

/** The documents that match, for each segment one byte a document, and how many they are. */
export type Matching = { segments: Uint8Array[]; total: number }

/**
 * The documents that hold every word of the query, of those that the masks allow; where no document does, those that hold
 * any. Words that no document holds do not count. Without words, all that the masks allow.
 */
export function matching(snapshot: Snapshot, words: readonly QueryWord[], masks: readonly Mask[]): Matching {
  const known = words.filter((word) =>
    word.alternatives.some((stems) => stems.every((one) => snapshot.documentFrequency(one) > 0)),
  )
  if (words.length > 0 && known.length === 0) return none(snapshot)
  const every = collect(snapshot, known, masks, true)
  return every.total > 0 || known.length < 2 ? every : collect(snapshot, known, masks, false)
}

function collect(snapshot: Snapshot, words: readonly QueryWord[], masks: readonly Mask[], every: boolean): Matching {
  let total = 0
  const segments = snapshot.segments.map(({ text }, n) => {
    const { allowed } = masks[n] as Mask
    const found = words.length > 0 ? holding(text, words, every) : new Uint8Array(text.count).fill(1)
    if (allowed) for (let d = 0; d < found.length; d++) found[d] = (found[d] as number) & (allowed[d] as number)
    total += countOf(found)
    return found
  })
  return { segments, total }
}

function none(snapshot: Snapshot): Matching {
  return { segments: snapshot.segments.map(({ text }) => new Uint8Array(text.count)), total: 0 }
}
