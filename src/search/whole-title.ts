import type { Db } from '../db/index.ts'
import { foldForKey } from '../lib/tex/index.ts'
import { type PaperId, titleHash } from '../papers/index.ts'
import type { SearchIndex, SearchPage, SearchQuery } from './port.ts'
import { papersOfTitleHash } from './queries.ts'

/** The place behind the papers of that title, when they fill a page by themselves. */
const BEHIND = 'x'

/**
 * What a query finds by relevance. Whoever types a whole title wants that paper, so papers of exactly that title come
 * first, wherever words and meaning would put them; all others keep their order, and no page repeats or loses one.
 */
export async function searchByRelevance(db: Db, index: SearchIndex, query: SearchQuery): Promise<SearchPage> {
  const ids = query.like ? [] : await papersTitled(db, query.text)
  if (ids.length === 0) return index.search({ ...query, order: 'relevance' })
  const { after, ...first } = query
  const isFirst = after === undefined
  // The index says which of them meet the conditions, and why they were found.
  const filter = { ...query.filter, ids }
  const titled = isFirst ? (await index.search({ ...first, filter, limit: ids.length, facets: false })).hits : []
  const isFull = titled.length >= query.limit
  const page = await index.search({
    ...query,
    ...(after === BEHIND ? { after: undefined } : {}),
    limit: isFull ? 0 : query.limit - titled.length,
    order: 'relevance',
  } as SearchQuery)
  const others = page.hits.filter((hit) => !ids.includes(hit.id))
  const { next: _, ...rest } = page
  const next = isFull ? BEHIND : page.next
  return { ...rest, hits: [...titled, ...others].slice(0, query.limit), ...(next ? { next } : {}) }
}

/** A title of one word is more often meant as a word. */
async function papersTitled(db: Db, text: string): Promise<PaperId[]> {
  const key = foldForKey(text)
  if (!key.includes(' ')) return []
  const rows = await papersOfTitleHash(db, titleHash(key))
  return rows.filter((row) => foldForKey(row.title) === key).map((row) => row.id)
}
