import type { Db } from '../db/index.ts'
import { AppError } from '../errors.ts'
import { type Card, canonicalCategory, cardsOf, type PaperId } from '../papers/index.ts'
import { bestSentences } from './best-sentence.ts'
import { foldCopies } from './fold-copies.ts'
import type { PaperSearch } from './open-search.ts'
import { orderByVotes } from './order-by-votes.ts'
import { BadCursorError, type SearchHit, type SearchIndex, type SearchPage, type SearchQuery } from './port.ts'
import { type ExcerptRow, excerptRows, storedCategories } from './queries.ts'
import { type ParsedQuery, parseQuery } from './query-language.ts'
import { unknownCategories } from './read-categories.ts'
import { searchByRelevance } from './whole-title.ts'

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
  const asked: SearchQuery = {
    text: query.text,
    conditions: query.conditions,
    filter: query.filter,
    ...(request.like ? { like: request.like } : {}),
    limit: request.limit,
    ...(request.after ? { after: request.after } : {}),
    explain: true,
    // They are the same on every page, and cost as much as the search itself.
    facets: request.after === undefined,
  }
  const page = await ask(db, index, asked, request.sort ?? 'relevance')
  const nearest = page.hits.length === 0 && !request.after ? await nearestTo(index, query) : []
  const hits = nearest.length > 0 ? nearest : page.hits
  const corrected = correctedQuery(query.typed, page.corrections ?? [])
  return {
    query,
    found: await describe(db, index, hits, request.like ?? [], query.text, today),
    ...(page.next ? { next: page.next } : {}),
    ...(page.total === undefined ? {} : { total: page.total }),
    ...(page.facets ? { facets: page.facets } : {}),
    ...(corrected === undefined ? {} : { corrected }),
    isNearest: nearest.length > 0,
  }
}

async function ask(db: Db, index: SearchIndex, query: SearchQuery, sort: Sorting): Promise<SearchPage> {
  try {
    if (sort === 'upvotes') return await orderByVotes(db, index, query)
    if (sort === 'relevance') return await searchByRelevance(db, index, query)
    return await index.search({ ...query, order: sort })
  } catch (cause) {
    if (!(cause instanceof BadCursorError)) throw cause
    const message =
      'This page address is damaged: its "after" value is no place in this list. Start again from the first page.'
    throw new AppError('bad_cursor', message, { cause })
  }
}

async function nearestTo(index: SearchIndex, query: ParsedQuery): Promise<SearchHit[]> {
  if (query.text === '') return []
  return (await index.search({ text: query.text, arms: 'dense', limit: NEAREST_SHOWN, explain: true })).hits
}

/** Loads what is shown of the hits; papers that went meanwhile are left out, copies stand behind their work. */
async function describe(
  db: Db,
  index: SearchIndex,
  hits: readonly SearchHit[],
  like: readonly PaperId[],
  text: string,
  today: string,
): Promise<FoundPaper[]> {
  if (hits.length === 0) return []
  const ids = hits.map((hit) => hit.id)
  const question = text || (like.length > 0 ? await excerptRows(db, like) : []).map((row) => row.title).join('. ')
  const cards = new Map((await cardsOf(db, ids, today)).map((card) => [card.id, card]))
  const rows = new Map((await excerptRows(db, ids)).map((row) => [row.id, row]))
  const works = foldCopies(
    hits.filter((hit) => cards.has(hit.id) && rows.has(hit.id)),
    (hit) => rows.get(hit.id),
  )
  const firsts = works.map(([first]) => first as SearchHit)
  const words = [...new Set(firsts.flatMap((hit) => hit.why?.words ?? []))]
  const texts = firsts.map((hit) => textOf(rows.get(hit.id) as ExcerptRow))
  const sentences = await bestSentences(index, question, words, texts)
  return works.map(([hit, ...copies], n) => ({
    card: cards.get((hit as SearchHit).id) as Card,
    copies: copies.map((copy) => cards.get(copy.id) as Card),
    ...(hit?.why ? { why: hit.why } : {}),
    ...(sentences[n] ? { sentence: sentences[n] } : {}),
  }))
}

const textOf = (row: ExcerptRow) => row.abstract ?? row.summary ?? ''

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
