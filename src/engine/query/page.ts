import type { Snapshot } from '../segments/snapshot.ts'
import { emptyForwardText } from '../segments/text-part.ts'
import { type Cursor, readCursor, writeCursor } from './cursor.ts'
import type { EngineHit, EnginePage, EngineQuery } from './engine-query.ts'
import type { Matching } from './matching.ts'
import type { QueryWord } from './query-words.ts'

/** Hits with all that is needed to order and page them, best first. */
export type Ordered = { order: Cursor['order']; rows: { key: number; id: number; lexical: number; dense: number }[] }

/** The page of the query out of all hits. Throws `BadCursorError`. */
export function pageOf(
  snapshot: Snapshot,
  { limit, after, explain }: EngineQuery,
  words: readonly QueryWord[],
  { order, rows }: Ordered,
): EnginePage {
  const cursor = after === undefined ? undefined : readCursor(after, order)
  const start = cursor ? rows.findIndex((row) => comesAfter(row, cursor)) : 0
  const shown = start < 0 ? [] : rows.slice(start, start + limit)
  const hits = shown.map(({ id, key, lexical, dense }): EngineHit => {
    const score = order === 'relevance' ? key : 0
    return explain ? { id, score, why: { lexical, dense, words: wordsIn(snapshot, words, id) } } : { id, score }
  })
  const last = shown.at(-1)
  const isMore = last !== undefined && start + limit < rows.length
  return isMore ? { hits, next: writeCursor({ order, key: last.key, id: last.id }) } : { hits }
}

function comesAfter(row: { key: number; id: number }, { order, key, id }: Cursor): boolean {
  if (row.key !== key) return order === 'list' ? row.key > key : row.key < key
  return order === 'newest' ? row.id < id : row.id > id
}

/** All that match, the newest first; of one day, the higher id first. */
export function byDay(snapshot: Snapshot, found: Matching): Ordered {
  const rows: Ordered['rows'] = []
  for (const [n, { text }] of snapshot.segments.entries()) {
    const matches = found.segments[n]!
    for (let d = 0; d < matches.length; d++)
      if (matches[d]) rows.push({ key: text.days[d]!, id: text.ids[d]!, lexical: 0, dense: 0 })
  }
  rows.sort((a, b) => b.key - a.key || b.id - a.id)
  return { order: 'newest', rows }
}

/** Those of the list that match, in its order. */
export function byList(snapshot: Snapshot, found: Matching, ids: readonly number[]): Ordered {
  const rows: Ordered['rows'] = []
  for (const [key, id] of [...new Set(ids)].entries()) {
    const place = snapshot.find(id)
    if (place && found.segments[place.segment]?.[place.document]) rows.push({ key, id, lexical: 0, dense: 0 })
  }
  return { order: 'list', rows }
}

/** The words of the query, as typed, that a document holds. */
function wordsIn(snapshot: Snapshot, words: readonly QueryWord[], id: number): string[] {
  const place = snapshot.find(id)
  if (!place) return []
  const { text } = snapshot.segments[place.segment]!
  const terms = text.termsIn(place.document, emptyForwardText())
  const held = words.filter(({ alternatives }) =>
    alternatives.some((stems) => stems.every((one) => terms.has(text.dictionary.termOf(one)))),
  )
  return [...new Set(held.map(({ typed }) => typed))]
}
