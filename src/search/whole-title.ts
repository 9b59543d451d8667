import type { Db } from '../db/index.ts'
import { foldForKey } from '../lib/tex/index.ts'
import { type PaperId, titleHash } from '../papers/index.ts'
import type { SearchIndex, SearchPage, SearchQuery } from './port.ts'
import { papersOfTitleHash } from './queries.ts'
import { searchByRelevance } from './search-by-relevance.ts'

/** The place behind the papers of that title, when they fill a page by themselves. */
const BEHIND = 'x'

/**
 * What a query finds by relevance. Whoever types a whole title wants that paper, so papers of exactly that title come
 * first, wherever words and meaning would put them; all others keep their order, and no page repeats or loses one.
 */
export async function searchWithTitle(db: Db, index: SearchIndex, query: SearchQuery): Promise<SearchPage> {
  const ids = query.like ? [] : await papersTitled(db, query.text)
  if (ids.length === 0) return searchByRelevance(index, query)
  const { after, ...first } = query
  // The index says which of them meet the conditions, and why they were found.
  const own = { ...query.filter, ids }
  const found =
    after === undefined
      ? (await index.search({ ...first, filter: own, limit: ids.length, facets: false })).hits.slice(0, query.limit)
      : []
  const titled = found.map((hit) => (query.places ? { ...hit, place: BEHIND } : hit))
  const page = await searchByRelevance(index, {
    ...(after === BEHIND ? first : query),
    limit: query.limit - titled.length,
    filter: query.filter ?? {},
  })
  const others = page.hits.filter((hit) => !ids.includes(hit.id))
  const next = titled.length >= query.limit ? BEHIND : page.next
  const { next: _, ...rest } = page
  return { ...rest, hits: [...titled, ...others], ...(next ? { next } : {}) }
}

/** A title of one word is more often meant as a word. */
async function papersTitled(db: Db, text: string): Promise<PaperId[]> {
  const key = foldForKey(text)
  if (!key.includes(' ')) return []
  const rows = await papersOfTitleHash(db, titleHash(key))
  return rows.filter((row) => foldForKey(row.title) === key).map((row) => row.id)
}
