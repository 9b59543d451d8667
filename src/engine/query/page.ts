import type { Snapshot } from '../segments/snapshot.ts'
import { type Cursor, readCursor, writeCursor } from './cursor.ts'
import { includes } from './document-lists.ts'
import type { EngineHit, EnginePage, EngineQuery } from './engine-query.ts'
import type { Matching } from './matching.ts'
import { newestOf } from './newest.ts'
import type { QueryWord } from './query-words.ts'

/** Hits with all that is needed to order and page them, best first. */
export type Ordered = { order: Cursor['order']; rows: { key: number; id: number; lexical: number; dense: number }[] }

/** The page of the query out of all hits. Throws `BadCursorError`. */
export function pageOf(
  snapshot: Snapshot,
  { limit, after, explain, places }: EngineQuery,
  words: readonly QueryWord[],
  { order, rows }: Ordered,
): EnginePage {
  const cursor = after === undefined || limit === 0 ? undefined : readCursor(after, order)
  const start = cursor ? rows.findIndex((row) => comesAfter(row, cursor)) : 0
  const shown = start < 0 ? [] : rows.slice(start, start + limit)
  const hits = shown.map(({ id, key, lexical, dense }): EngineHit => {
    const hit: EngineHit = { id, score: order === 'relevance' ? key : 0 }
    if (explain) hit.why = { lexical, dense, words: wordsIn(snapshot, words, id) }
    if (places) hit.place = writeCursor({ order, key, id })
    return hit
  })
  const last = shown.at(-1)
  const isMore = last !== undefined && start + limit < rows.length
  return isMore ? { hits, next: writeCursor({ order, key: last.key, id: last.id }) } : { hits }
}

function comesAfter(row: { key: number; id: number }, { order, key, id }: Cursor): boolean {
  if (row.key !== key) return order === 'list' ? row.key > key : row.key < key
  return order === 'newest' ? row.id < id : row.id > id
}

/** Those that match, the newest first: as many as the page shows, and one more. */
export function byDay(snapshot: Snapshot, found: Matching, { limit, after }: EngineQuery): Ordered {
  const rows = newestOf(snapshot, found, limit, after === undefined ? undefined : readCursor(after, 'newest'))
  return { order: 'newest', rows: rows.map((row) => ({ ...row, lexical: 0, dense: 0 })) }
}

/** Those of the list that match, in its order. */
export function byList(snapshot: Snapshot, found: Matching, ids: readonly number[]): Ordered {
  const rows: Ordered['rows'] = []
  for (const [key, id] of [...new Set(ids)].entries()) {
    const place = snapshot.find(id)
    if (place && includes(found.segments[place.segment]!, place.document)) rows.push({ key, id, lexical: 0, dense: 0 })
  }
  return { order: 'list', rows }
}

/** The words of the query, as typed, that a document holds. */
function wordsIn(snapshot: Snapshot, words: readonly QueryWord[], id: number): string[] {
  const place = snapshot.find(id)
  if (!place) return []
  const { text } = snapshot.segments[place.segment]!
  const held = words.filter(({ alternatives }) =>
    alternatives.some((stems) => stems.every((one) => text.impactIn(text.dictionary.termOf(one), place.document) > 0)),
  )
  return [...new Set(held.map(({ typed }) => typed))]
}
