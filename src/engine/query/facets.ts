import type { Snapshot } from '../segments/snapshot.ts'
import type { TextPart } from '../segments/text-part.ts'
import type { EnginePage } from './engine-query.ts'
import type { Matching } from './matching.ts'

/** How many of the matching documents are in each category (most first) and each year (newest first). */
export function countFacets(snapshot: Snapshot, { segments }: Matching): NonNullable<EnginePage['facets']> {
  const categories = new Map<string, number>()
  const years = new Map<number, number>()
  for (const [n, { text }] of snapshot.segments.entries()) {
    const found = segments[n]!
    if (found.length === 0) continue
    const { offsets, of, yearNumbers, yearNames } = subjectsOf(text)
    const inCategory = new Uint32Array(text.categoryNames.length)
    const inYear = new Uint32Array(yearNames.length)
    for (let i = 0; i < found.length; i++) {
      const document = found[i]!
      for (let at = offsets[document]!; at < offsets[document + 1]!; at++) inCategory[of[at]!]!++
      inYear[yearNumbers[document]!]!++
    }
    addCounts(categories, text.categoryNames, inCategory)
    addCounts(years, yearNames, inYear)
  }
  return {
    categories: [...categories].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)),
    years: [...years].sort(([a], [b]) => b - a),
  }
}

function addCounts<Name>(sums: Map<Name, number>, names: readonly Name[], counts: Uint32Array): void {
  for (const [n, name] of names.entries()) if (counts[n]! > 0) sums.set(name, (sums.get(name) ?? 0) + counts[n]!)
}

/** The categories and the year of each document by their numbers: some 9 bytes a document, made when first asked for. */
type Subjects = { offsets: Uint32Array; of: Uint16Array; yearNumbers: Uint16Array; yearNames: number[] }
const kept = new WeakMap<TextPart, Subjects>()

function subjectsOf(text: TextPart): Subjects {
  const known = kept.get(text)
  if (known) return known
  const offsets = new Uint32Array(text.count + 1)
  for (const n of text.categoryNames.keys()) for (const document of text.categoryAt(n)) offsets[document + 1]!++
  for (let document = 0; document < text.count; document++) offsets[document + 1]! += offsets[document]!
  const of = new Uint16Array(offsets[text.count]!)
  const next = offsets.slice()
  for (const n of text.categoryNames.keys()) for (const document of text.categoryAt(n)) of[next[document]!++] = n
  const yearNumbers = new Uint16Array(text.count)
  const yearNames: number[] = []
  const numbers = new Map<number, number>()
  for (let document = 0; document < text.count; document++) {
    const year = new Date(text.days[document]! * 86_400_000).getUTCFullYear()
    let number = numbers.get(year)
    if (number === undefined) {
      number = yearNames.push(year) - 1
      numbers.set(year, number)
    }
    yearNumbers[document] = number
  }
  const made = { offsets, of, yearNumbers, yearNames }
  kept.set(text, made)
  return made
}
