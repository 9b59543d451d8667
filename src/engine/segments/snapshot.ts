import type { VectorPart } from '../vector/vector-part.ts'
import { emptyForwardText } from './forward-text.ts'
import type { TextPart } from './text-part.ts'

/** An immutable segment, and which of its documents have been replaced or removed since. */
export type Segment = {
  readonly text: TextPart
  readonly vectors?: VectorPart | undefined
  readonly gone?: Gone | undefined
}

export type Gone = {
  /** One byte a document, 1 for those no longer there. */
  readonly dead: Uint8Array
  readonly count: number
  /** For each term, how many of these hold it. */
  readonly frequencies: Uint16Array
}

export const liveCount = ({ text, gone }: Segment): number => text.count - (gone?.count ?? 0)

/** The segment with more of its documents gone: `dead` has a 1 wherever it had one before. */
export function withGone(segment: Segment, dead: Uint8Array): Segment {
  const { text, gone: before } = segment
  if (before?.dead === dead) return segment
  const frequencies = before ? before.frequencies.slice() : new Uint16Array(text.termCount)
  let count = before?.count ?? 0
  const forward = emptyForwardText()
  for (let document = 0; document < text.count; document++) {
    if (!dead[document] || before?.dead[document]) continue
    count++
    for (const term of text.termsIn(document, forward)) frequencies[term]!++
  }
  return count > 0 ? { ...segment, gone: { dead, count, frequencies } } : segment
}

/** The documents of these ids marked as gone, in a new array that threads can share; undefined when none is here. */
export function markGone({ text, gone }: Segment, ids: readonly number[]): Uint8Array | undefined {
  const found = ids.map((id) => text.find(id)).filter((document) => document >= 0 && !gone?.dead[document])
  if (found.length === 0) return undefined
  const dead = new Uint8Array(new SharedArrayBuffer(text.count))
  if (gone) dead.set(gone.dead)
  for (const document of found) dead[document] = 1
  return dead
}

/** What a search sees: segments, and counts over the documents that are there. Never changes. */
export class Snapshot {
  readonly segments: readonly Segment[]
  readonly live: number

  constructor(segments: readonly Segment[]) {
    this.segments = segments
    this.live = segments.reduce((sum, segment) => sum + liveCount(segment), 0)
  }

  /** How many documents hold the term of this stem. */
  documentFrequency(stem: string): number {
    let sum = 0
    for (const { text, gone } of this.segments) {
      const term = text.dictionary.termOf(stem)
      if (term >= 0) sum += text.frequency(term) - (gone?.frequencies[term] ?? 0)
    }
    return sum
  }

  /** Where a document lies. */
  find(id: number): { segment: number; document: number } | undefined {
    for (const [segment, { text, gone }] of this.segments.entries()) {
      const document = text.find(id)
      if (document >= 0 && !gone?.dead[document]) return { segment, document }
    }
    return undefined
  }
}
