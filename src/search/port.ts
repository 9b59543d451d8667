import type { PaperId } from '../papers/index.ts'

// What this room needs of an index, in ids and plain values: no rows, people, requests. Whoever implements it must
// pass `contract.ts`. What an implementation cannot do it refuses with `UnsupportedQueryError`, never answers wrongly.

export const searchFields = ['title', 'authors', 'abstract', 'categories'] as const
export type SearchField = (typeof searchFields)[number]

/** All that the index knows of a paper. Texts are display form (Unicode, maths as `$...$`). */
export type SearchDocument = {
  id: PaperId
  title: string
  authors: readonly string[]
  /** The abstract, else the summary, else empty. */
  abstract: string
  categories: readonly string[]
  /** Found as whole terms: `2401.00001`, `hep-th/9901001`, a DOI. */
  identifiers: readonly string[]
  /** Whole days from 1970-01-01 to the best known day of the paper. */
  day: number
  hasCode: boolean
  isWithdrawn: boolean
  /** Only from an embedder outside the engine; left out, the index makes its own from the texts. */
  vector?: Float32Array
}

/** A condition that a hit must (or must not) meet. Text is as the reader typed it. */
export type SearchCondition = { field?: SearchField; negated?: boolean } & (
  | { kind: 'word'; text: string }
  | { kind: 'phrase'; text: string }
  | { kind: 'prefix'; text: string }
)

/** Everything given must hold. Days are inclusive, counted as in `SearchDocument.day`. */
export type SearchFilter = {
  /** The paper has at least one category of every list. */
  categories?: readonly (readonly string[])[]
  /** It has none of these. */
  withoutCategories?: readonly string[]
  fromDay?: number
  toDay?: number
  hasCode?: boolean
  /** Withdrawn papers are left out unless asked for. */
  withdrawn?: 'hidden' | 'shown' | 'only'
  ids?: readonly PaperId[]
  withoutIds?: readonly PaperId[]
}

/**
 * `relevance`: best first, as deep as the index ranks (some hundred papers); with nothing to rank by, `newest`. `newest`: all
 * that `total` counts, by day, then the higher id first. A list of ids: those of them that `total` counts, in its order.
 */
export type SearchOrder = 'relevance' | 'newest' | readonly PaperId[]

export type SearchQuery = {
  /** Words in any number: ranked by words and by meaning. May be empty when conditions, filters or `like` are there. */
  text: string
  /**
   * `text` is what somebody is typing: papers of which the title, or the name of one author, holds all its words, the last of
   * which may go on. Those that begin so come first, of equal ones the newest. A bounded number of papers is looked
   * through, so that the answer is there at once; of the rest of the query only `limit` counts.
   */
  typing?: 'title' | 'authors'
  conditions?: readonly SearchCondition[]
  filter?: SearchFilter
  /** Papers like these taken together; they themselves are left out. */
  like?: readonly PaperId[]
  /** The meaning of `text` by an embedder outside the engine. */
  vector?: Float32Array
  /** Which scores count: both (default), words only, meaning only. */
  arms?: 'both' | 'lexical' | 'dense'
  order?: SearchOrder
  /** 0 asks for `total` and `facets` alone. */
  limit: number
  /** `next` of the page before. */
  after?: string
  explain?: boolean
  /** Each hit comes with the `after` of a page that begins behind it. */
  places?: boolean
  facets?: boolean
}

export type SearchHit = {
  id: PaperId
  /** 0 to 1, comparable within one answer only. */
  score: number
  /** With `explain`: each arm's part of the score, and the words of the query that the paper holds, as the reader typed them. */
  why?: { lexical: number; dense: number; words: string[] }
  /** With `places`. */
  place?: string
}

export type SearchPage = {
  hits: SearchHit[]
  next?: string
  /**
   * With `facets`, or in another order than relevance: papers that hold every word (where none does: any word) and meet
   * the conditions, whatever the page; nearest by meaning alone are not counted. Words nobody uses do not count.
   */
  total?: number
  /** With `facets`: counts within `total`, most first for categories, newest first for years. */
  facets?: { categories: [category: string, count: number][]; years: [year: number, count: number][] }
  /** Words nobody uses here, with the nearest word somebody does. */
  corrections?: [typed: string, suggested: string][]
}

export type SearchStatus = {
  documents: number
  /** Number of the last change applied. A lower one than before: something was lost, and what comes after is to be put again. */
  appliedSeq: number
  model: string
  state: 'ready' | 'building' | 'failed'
  /** In `building`: share done, 0 to 1. */
  progress?: number
  memoryMb: number
  diskMb: number
  /** What an administrator should know though nothing is wrong: that another model takes over soon. */
  notice?: string
  problem?: string
}

/** An index of papers. All calls may run at once; `put` and `remove` are visible to every search that starts after. */
export interface SearchIndex {
  /** Adds papers or replaces those of the same id. `seq`: number of the last change this takes in. */
  put(documents: readonly SearchDocument[], seq?: number): Promise<void>
  /** Ids that are not there are fine. */
  remove(ids: readonly PaperId[], seq?: number): Promise<void>
  search(query: SearchQuery): Promise<SearchPage>
  /** How near each passage (at most some hundred) is to a text by meaning: -1 to 1, 0 where no word is known. */
  closeness(text: string, passages: readonly string[]): Promise<number[]>
  status(): Promise<SearchStatus>
  close(): Promise<void>
}

/** The index at hand cannot do this; says what, and what to do. */
export class UnsupportedQueryError extends Error {
  override name = 'UnsupportedQueryError'
}

/** `after` is no `next` of the same order. */
export class BadCursorError extends Error {
  override name = 'BadCursorError'
}
