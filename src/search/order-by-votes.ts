import type { Db } from '../db/index.ts'
import type { SearchIndex, SearchPage, SearchQuery } from './port.ts'
import { votedIds } from './queries.ts'

/** Which part of the list a place is in: the papers with upvotes, or those without. */
const VOTED = 'v'
const REST = 'r'

/** What a query finds, papers with upvotes first, most first; then those without, by relevance. */
export async function orderByVotes(db: Db, index: SearchIndex, query: SearchQuery): Promise<SearchPage> {
  const voted = await votedIds(db)
  const [part, after] = [query.after?.[0] ?? VOTED, query.after?.slice(1)]
  const { after: _, ...first } = query
  const rest = (limit: number, from?: string): Promise<SearchPage> =>
    index.search({
      ...first,
      limit,
      ...(from ? { after: from } : {}),
      filter: { ...query.filter, withoutIds: voted },
      facets: false,
      order: 'relevance',
    })
  if (part === REST) return placed(REST, await rest(query.limit, after))

  const page = await index.search({ ...first, ...(after ? { after } : {}), order: voted })
  if (page.next || page.hits.length >= query.limit) return page.next ? placed(VOTED, page) : { ...page, next: REST }
  const more = await rest(query.limit - page.hits.length)
  return {
    ...placed(REST, more),
    total: page.total,
    facets: page.facets,
    corrections: page.corrections,
    hits: [...page.hits, ...more.hits],
  } as SearchPage
}

function placed(part: string, page: SearchPage): SearchPage {
  return page.next ? { ...page, next: part + page.next } : page
}
