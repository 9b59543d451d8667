import type { Db } from '../db/index.ts'
import type { SearchIndex, SearchPage, SearchQuery } from './port.ts'
import { votedIds } from './queries.ts'
import { searchByRelevance } from './search-by-relevance.ts'

/** Which part of the list a place is in: the papers with upvotes, or those without. */
const VOTED = 'v'
const REST = 'r'

/** What a query finds, papers with upvotes first, most first; then those without, by relevance. */
export async function orderByVotes(db: Db, index: SearchIndex, query: SearchQuery): Promise<SearchPage> {
  const voted = await votedIds(db)
  const { after: given, ...first } = query
  const [part, after] = [given?.[0] ?? VOTED, given?.slice(1)]
  const rest = async (limit: number, from?: string): Promise<SearchPage> =>
    placed(
      REST,
      await searchByRelevance(index, {
        ...first,
        limit,
        ...(from ? { after: from } : {}),
        filter: { ...query.filter, withoutIds: [...(query.filter?.withoutIds ?? []), ...voted] },
        facets: false,
      }),
    )
  if (part === REST) return rest(query.limit, after)

  const page = placed(VOTED, await index.search({ ...first, ...(after ? { after } : {}), order: voted }))
  if (page.next) return page
  if (page.hits.length >= query.limit) return { ...page, next: REST }
  const more = await rest(query.limit - page.hits.length)
  return { ...page, ...(more.next ? { next: more.next } : {}), hits: [...page.hits, ...more.hits] }
}

/** The page with its places told apart from those of the other part. */
function placed(part: string, page: SearchPage): SearchPage {
  const hits = page.hits.map((hit) => (hit.place === undefined ? hit : { ...hit, place: part + hit.place }))
  return { ...page, hits, ...(page.next ? { next: part + page.next } : {}) }
}
