import { emptyForwardText } from '../segments/forward-text.ts'
import type { TextPart } from '../segments/text-part.ts'
import { listsOf } from './field-lists.ts'

/** Fields short enough to know by heart which documents hold a term in them. */
export type ShortField = 'title' | 'authors'

/**
 * Documents for which a thread keeps these lists, some 35 bytes each for a field, from the first question about it on. In a
 * larger collection those of the segments asked for longest ago are made again each time, and such questions take seconds.
 */
const mostDocuments = 4_000_000

/** In which documents a segment's field holds a term; its words and closed spellings alike. */
export type FieldPostings = { offsets: Uint32Array; documents: Uint16Array }
const kept: Record<ShortField, Map<TextPart, FieldPostings>> = { title: new Map(), authors: new Map() }

/** The documents that hold a term in the field, in rising order. Lists are made when a field is first asked for. */
export function inField(text: TextPart, field: ShortField, term: number): Uint16Array {
  const { offsets, documents } = fieldPostings(text, field)
  return documents.subarray(offsets[term], offsets[term + 1])
}

export function fieldPostings(text: TextPart, field: ShortField): FieldPostings {
  const known = kept[field].get(text)
  const postings = known ?? makePostings(text, field)
  if (known) kept[field].delete(text)
  kept[field].set(text, postings)
  if (!known) forgetOldest(kept[field])
  return postings
}

/** Segments that were merged are not asked for any more, so they are the first to go. */
function forgetOldest(parts: Map<TextPart, FieldPostings>): void {
  let documents = 0
  for (const part of parts.keys()) documents += part.count
  for (const part of parts.keys()) {
    if (documents <= mostDocuments) return
    documents -= part.count
    parts.delete(part)
  }
}

function makePostings(text: TextPart, field: ShortField): FieldPostings {
  const list = listsOf[field]
  const forward = emptyForwardText()
  const last = new Int32Array(text.termCount + 1)
  /** Calls `take` with each term of each document's field, once. */
  const each = (take: (term: number, document: number) => void) => {
    last.fill(-1)
    for (let document = 0; document < text.count; document++) {
      text.readForward(document, forward, list + 2)
      for (const one of [list, list + 1]) {
        const words = forward.lists[one]!
        for (let i = 0, count = forward.counts[one]!; i < count; i++) {
          const term = words[i]!
          if (term === 0 || last[term] === document) continue
          last[term] = document
          take(term - 1, document)
        }
      }
    }
  }
  const offsets = new Uint32Array(text.termCount + 1)
  each((term) => {
    offsets[term + 1]!++
  })
  for (let term = 0; term < text.termCount; term++) offsets[term + 1]! += offsets[term]!
  const documents = new Uint16Array(offsets[text.termCount]!)
  const next = offsets.slice()
  each((term, document) => {
    documents[next[term]!++] = document
  })
  return { offsets, documents }
}
