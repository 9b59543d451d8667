import type { Db } from '../db/index.ts'
import { AppError } from '../errors.ts'
import { type Card, canonicalCategory, cardsOf, type PaperId } from '../papers/index.ts'
import { bestSentences } from './best-sentence.ts'
import type { PaperSearch } from './open-search.ts'
import { orderByVotes } from './order-by-votes.ts'
import { pageOfWorks, type Work, type WorkPage } from './page-of-works.ts'
import { BadCursorError, type SearchHit, type SearchIndex, type SearchPage, type SearchQuery } from './port.ts'
import { excerptRows, storedCategories } from './queries.ts'
import { type ParsedQuery, parseQuery } from './query-language.ts'
import { unknownCategories } from './read-categories.ts'
import { isRest } from './search-by-relevance.ts'
import { searchWithTitle } from './whole-title.ts'

export const sortings = ['relevance', 'newest', 'upvotes'] as const
export type Sorting = (typeof sortings)[number]

export type SearchRequest = {
  /** As the reader typed it. */
  q: string
  sort?: Sorting
  limit: number
  after?: string
  /** Papers like these; with `q`, among those that it finds. */
  like?: readonly PaperId[]
}

/** A work that was found. `copies` are other papers here that are the same work. */
export type FoundPaper = {
  card: Card
  copies: Card[]
  why?: NonNullable<SearchHit['why']>
  /** The sentence that answers best, in display form. */
  sentence?: string
  /** It holds the words, but is not among those that were ranked: from here on the newest come first. */
  isRest?: true
}

export type SearchAnswer = {
  query: ParsedQuery
  found: FoundPaper[]
  next?: string
  /** On the first page only. */
  total?: number
  facets?: NonNullable<SearchPage['facets']>
  /** The query with its unknown words put right. */
  corrected?: string
  /** Nothing holds what was asked; these are nearest by meaning to its words, whatever else was asked. */
  isNearest: boolean
}

/** How many papers stand in when nothing was found. */
const NEAREST_SHOWN = 5

/** One page of the papers that a query finds. Throws `unavailable` while there is no index, `bad_cursor` for a wrong place. */
export async function searchPapers(
  db: Db,
  search: PaperSearch,
  request: SearchRequest,
  today: string,
): Promise<SearchAnswer> {
  const query = parseQuery(request.q, await knownBeyondArxiv(db, request.q))
  const index = await search.index()
  const { limit, after, like = [], sort = 'relevance' } = request
  const asked: Omit<SearchQuery, 'limit'> = {
    text: query.text,
    conditions: query.conditions,
    filter: query.filter,
    ...(like.length > 0 ? { like } : {}),
    explain: true,
    places: true,
    // They are the same on every page.
    facets: after === undefined,
  }
  const ask = (page: { after?: string; limit: number }) => inOrder(db, index, { ...asked, ...page }, sort)
  const page = await worksOf(db, ask, limit, after)
  const nearest = page.works.length === 0 && !after ? await nearestTo(db, index, query) : []
  const works = nearest.length > 0 ? nearest : page.works
  const corrected = correctedQuery(query.typed, page.corrections ?? [])
  return {
    query,
    found: await describe(db, index, works, like, query.text, today),
    ...(page.next ? { next: page.next } : {}),
    ...(page.total === undefined ? {} : { total: page.total }),
    ...(page.facets ? { facets: page.facets } : {}),
    ...(corrected === undefined ? {} : { corrected }),
    isNearest: nearest.length > 0,
  }
}

function inOrder(db: Db, index: SearchIndex, query: SearchQuery, sort: Sorting): Promise<SearchPage> {
  if (sort === 'upvotes') return orderByVotes(db, index, query)
  if (sort === 'relevance') return searchWithTitle(db, index, query)
  return index.search({ ...query, order: sort })
}

async function worksOf(...asked: Parameters<typeof pageOfWorks>): Promise<WorkPage> {
  try {
    return await pageOfWorks(...asked)
  } catch (cause) {
    if (!(cause instanceof BadCursorError)) throw cause
    const message =
      'This page address is damaged: its "after" value is no place in this list. Start again from the first page.'
    throw new AppError('bad_cursor', message, { cause })
  }
}

async function nearestTo(db: Db, index: SearchIndex, { text }: ParsedQuery): Promise<Work[]> {
  if (text === '') return []
  const ask = () => index.search({ text, arms: 'dense', limit: NEAREST_SHOWN, explain: true })
  return (await pageOfWorks(db, ask, NEAREST_SHOWN)).works
}

/** Loads what is shown of the works; papers that went meanwhile are left out. */
async function describe(
  db: Db,
  index: SearchIndex,
  works: readonly Work[],
  like: readonly PaperId[],
  text: string,
  today: string,
): Promise<FoundPaper[]> {
  if (works.length === 0) return []
  const question = text || (like.length > 0 ? await excerptRows(db, like) : []).map((row) => row.title).join('. ')
  const ids = works.flatMap(({ hit, copies }) => [hit.id, ...copies])
  const cards = new Map((await cardsOf(db, ids, today)).map((card) => [card.id, card]))
  const words = [...new Set(works.flatMap(({ hit }) => hit.why?.words ?? []))]
  const texts = works.map(({ row }) => row.abstract ?? row.summary ?? '')
  const sentences = await bestSentences(index, question, words, texts)
  return works.flatMap(({ hit, copies }, n): FoundPaper[] => {
    const card = cards.get(hit.id)
    if (!card) return []
    return [
      {
        card,
        copies: copies.flatMap((copy) => cards.get(copy) ?? []),
        ...(hit.why ? { why: hit.why } : {}),
        ...(sentences[n] ? { sentence: sentences[n] } : {}),
        ...(isRest(hit.place) ? { isRest: true } : {}),
      },
    ]
  })
}

/** Categories of papers here that arXiv does not have: asked of the database only when a query names such. */
async function knownBeyondArxiv(db: Db, q: string): Promise<Set<string>> {
  return storedCategories(db, unknownCategories(q).map(canonicalCategory))
}

/** Whole words are put right, wherever they stand; `car` is not part of "cart". They hold letters only. */
function correctedQuery(typed: string, corrections: readonly (readonly [string, string])[]): string | undefined {
  let corrected = typed
  for (const [word, suggested] of corrections)
    corrected = corrected.replace(new RegExp(`(?<![\\p{L}\\p{N}])${word}(?![\\p{L}\\p{N}])`, 'gu'), suggested)
  return corrected === typed ? undefined : corrected
}
