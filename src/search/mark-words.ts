import { termsOf } from '../engine/index.ts'
import type { ParsedQuery } from './query-language.ts'

/** Where the words of a query stand in a text: offsets, in order, never overlapping. */
export type Marker = (text: string) => [start: number, end: number][]

/** Finds words as the index does: `network` also marks "Networks". */
export function createMarker(words: readonly string[], prefixes: readonly string[] = []): Marker {
  const terms = new Set(words.flatMap((word) => termsOf(word).map(({ term }) => term)))
  const beginnings = prefixes.map((prefix) => prefix.toLowerCase())
  if (terms.size === 0 && beginnings.length === 0) return () => []
  return (text) => {
    const spans: [number, number][] = []
    for (const { term, start, end } of termsOf(text)) {
      const isMeant =
        terms.has(term) ||
        (beginnings.length > 0 && beginnings.some((one) => text.slice(start, end).toLowerCase().startsWith(one)))
      if (!isMeant) continue
      const last = spans.at(-1)
      if (last && start < last[1]) last[1] = Math.max(last[1], end)
      else spans.push([start, end])
    }
    return spans
  }
}

/** Marks what the index says a paper holds of the query, and the beginnings that were asked for. */
export function markerFor(query: ParsedQuery, held: readonly string[]): Marker {
  const prefixes = query.conditions.flatMap((one) => (one.kind === 'prefix' && !one.negated ? [one.text] : []))
  return createMarker(held, prefixes)
}
