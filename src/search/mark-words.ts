import { type TermAt, termsOf } from '../engine/index.ts'
import type { ParsedQuery } from './query-language.ts'

/** Where the words of a query stand in a text: offsets, in order, never overlapping. */
export type Marker = (text: string) => [start: number, end: number][]

/**
 * Finds words as the index does: `network` also marks "Networks". A compound is marked where its parts stand in a row or as
 * one word: `l_2` marks "L^2" and "L2", and no 2 that stands elsewhere.
 */
export function createMarker(words: readonly string[], prefixes: readonly string[] = []): Marker {
  const terms = new Set<string>()
  const compounds: string[][] = []
  for (const word of words) {
    const { parts, closed } = partsOf(word)
    const [only] = closed
    if (closed.length === 1 && only?.start === parts[0]?.start && only?.end === parts.at(-1)?.end)
      compounds.push(parts.map(({ term }) => term))
    else for (const { term } of parts) terms.add(term)
    for (const { term } of closed) terms.add(term)
  }
  const beginnings = prefixes.map((prefix) => prefix.toLowerCase())
  if (terms.size === 0 && beginnings.length === 0) return () => []
  return (text) => {
    const { parts, closed } = partsOf(text)
    const found = [...parts, ...closed].filter(
      ({ term, start, end }) =>
        terms.has(term) ||
        (beginnings.length > 0 && beginnings.some((one) => text.slice(start, end).toLowerCase().startsWith(one))),
    )
    for (const compound of compounds)
      for (const [n, { start }] of parts.entries())
        if (compound.every((term, k) => parts[n + k]?.term === term))
          found.push({ term: '', start, end: parts[n + compound.length - 1]!.end })
    const spans: [number, number][] = []
    for (const { start, end } of found.sort((a, b) => a.start - b.start)) {
      const last = spans.at(-1)
      if (last && start < last[1]) last[1] = Math.max(last[1], end)
      else spans.push([start, end])
    }
    return spans
  }
}

/** The words of a text, and apart from them the closed spellings of its compounds, each of which spans its parts. */
function partsOf(text: string): { parts: TermAt[]; closed: TermAt[] } {
  const parts: TermAt[] = []
  const closed: TermAt[] = []
  for (const one of termsOf(text)) (one.start < (parts.at(-1)?.end ?? 0) ? closed : parts).push(one)
  return { parts, closed }
}

/** Marks what the index says a paper holds of the query, and the beginnings that were asked for. */
export function markerFor(query: ParsedQuery, held: readonly string[]): Marker {
  const prefixes = query.conditions.flatMap((one) => (one.kind === 'prefix' && !one.negated ? [one.text] : []))
  return createMarker(held, prefixes)
}
