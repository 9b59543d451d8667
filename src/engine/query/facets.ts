import type { Snapshot } from '../segments/snapshot.ts'
import type { EnginePage } from './engine-query.ts'
import type { Matching } from './matching.ts'

/** How many of the matching documents are in each category (most first) and each year (newest first). */
export function countFacets(snapshot: Snapshot, { segments }: Matching): NonNullable<EnginePage['facets']> {
  const categories = new Map<string, number>()
  const days = new Map<number, number>()
  for (const [n, { text }] of snapshot.segments.entries()) {
    const found = segments[n] as Uint8Array
    for (const [c, name] of text.categoryNames.entries()) {
      let count = 0
      for (const document of text.categoryAt(c)) count += found[document] as number
      if (count > 0) categories.set(name, (categories.get(name) ?? 0) + count)
    }
    for (let d = 0; d < found.length; d++) {
      if (found[d]) days.set(text.days[d] as number, (days.get(text.days[d] as number) ?? 0) + 1)
    }
  }
  const years = new Map<number, number>()
  for (const [day, count] of days) {
    const year = new Date(day * 86_400_000).getUTCFullYear()
    years.set(year, (years.get(year) ?? 0) + count)
  }
  return {
    categories: [...categories].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)),
    years: [...years].sort(([a], [b]) => b - a),
  }
}
