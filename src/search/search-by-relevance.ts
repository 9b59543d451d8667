import type { SearchIndex, SearchPage, SearchQuery } from './port.ts'

/** Marks places in the list behind the ranked papers. */
const REST = 'd'
/** More than any index ranks. */
const ALL_RANKED = 1_000

/**
 * What a query finds by relevance, to the very end: the papers that the index ranks, some hundred, then the rest of those that
 * hold the words, the newest first. `isRest` tells hits of the latter apart by their place.
 */
export async function searchByRelevance(index: SearchIndex, query: SearchQuery): Promise<SearchPage> {
  const { after } = query
  if (after?.startsWith(REST)) return theRest(index, { ...query, after: after.slice(REST.length) })
  const page = await index.search({ ...query, order: 'relevance' })
  // Without words there is nothing behind: what is like some papers has no end, and conditions alone are listed whole.
  if (page.next || page.hits.length >= query.limit || query.text.trim() === '') return page
  const { after: _, ...first } = query
  const rest = await theRest(index, { ...first, limit: query.limit - page.hits.length })
  return { ...page, hits: [...page.hits, ...rest.hits], ...(rest.next ? { next: rest.next } : {}) }
}

export const isRest = (place: string | undefined) => place?.startsWith(REST) ?? false

async function theRest(index: SearchIndex, query: SearchQuery): Promise<SearchPage> {
  const { after: _, explain: __, places: ___, ...first } = query
  const ranked = await index.search({ ...first, limit: ALL_RANKED, order: 'relevance', facets: false })
  const withoutIds = [...(query.filter?.withoutIds ?? []), ...ranked.hits.map((hit) => hit.id)]
  const page = await index.search({ ...query, filter: { ...query.filter, withoutIds }, order: 'newest', facets: false })
  const hits = page.hits.map((hit) => (hit.place === undefined ? hit : { ...hit, place: REST + hit.place }))
  return { hits, ...(page.next ? { next: REST + page.next } : {}) }
}
