import type { VectorPart } from '../vector/vector-part.ts'
import { emptyForwardText, type TextPart } from './text-part.ts'

/** An immutable segment and which of its documents have been replaced or removed since. */
export type Segment = {
  text: TextPart
  vectors?: VectorPart
  /** One byte a document, 1 for those no longer there. Absent: all are. */
  dead?: Uint8Array
}

/** What a search sees: segments, and counts over the documents that are there. Never changes. */
export class Snapshot {
  readonly segments: readonly Segment[]
  readonly live: number
  /** For each segment: how many removed documents hold a term. */
  private readonly deadFrequencies: Map<number, number>[]

  constructor(segments: readonly Segment[]) {
    this.segments = segments
    this.deadFrequencies = segments.map(deadFrequencyOf)
    this.live = segments.reduce((sum, { text, dead }) => sum + text.count - countOf(dead), 0)
  }

  /** How many documents hold the term of this stem. */
  documentFrequency(stem: string): number {
    let sum = 0
    for (const [n, { text }] of this.segments.entries()) {
      const term = text.dictionary.termOf(stem)
      if (term >= 0) sum += text.frequency(term) - (this.deadFrequencies[n]?.get(term) ?? 0)
    }
    return sum
  }

  /** Where a document lies. */
  find(id: number): { segment: number; document: number } | undefined {
    for (const [segment, { text, dead }] of this.segments.entries()) {
      const document = text.find(id)
      if (document >= 0 && !dead?.[document]) return { segment, document }
    }
    return undefined
  }
}

const known = new WeakMap<Uint8Array, Map<number, number>>()

/** Counted once for each set of removed documents; sets are never changed in place. */
function deadFrequencyOf({ text, dead }: Segment): Map<number, number> {
  if (!dead) return new Map()
  const found = known.get(dead)
  if (found) return found
  const counts = new Map<number, number>()
  const forward = emptyForwardText()
  for (let document = 0; document < text.count; document++) {
    if (!dead[document]) continue
    text.readForward(document, forward)
    const terms = new Set<number>()
    for (const [n, list] of forward.lists.entries())
      for (let i = 0; i < (forward.counts[n] as number); i++) terms.add((list[i] as number) - 1)
    terms.delete(-1)
    for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1)
  }
  known.set(dead, counts)
  return counts
}

function countOf(dead: Uint8Array | undefined): number {
  let sum = 0
  if (dead) for (const one of dead) sum += one
  return sum
}
