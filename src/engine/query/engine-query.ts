import type { EngineField } from '../document.ts'

/** What must, or with `negated` must not, be in a hit. Text is as typed. */
export type EngineCondition = {
  kind: 'word' | 'phrase' | 'prefix'
  text: string
  field?: EngineField
  negated?: boolean
}

/** Everything given must hold. Days are inclusive. */
export type EngineFilter = {
  /** Of every inner list, at least one. */
  categories?: readonly (readonly string[])[]
  /** None of these. */
  withoutCategories?: readonly string[]
  fromDay?: number
  toDay?: number
  hasCode?: boolean
  /** `hidden` when left out. */
  withdrawn?: 'hidden' | 'shown' | 'only'
  ids?: readonly number[]
  withoutIds?: readonly number[]
}

export type EngineQuery = {
  text: string
  /** `text` is being typed: see `beginnings`. Of the rest only `limit` counts. */
  typing?: 'title' | 'authors'
  conditions?: readonly EngineCondition[]
  filter?: EngineFilter
  like?: readonly number[]
  vector?: Float32Array
  arms?: 'both' | 'lexical' | 'dense'
  order?: 'relevance' | 'newest' | readonly number[]
  limit: number
  after?: string
  explain?: boolean
  /** Each hit comes with the cursor of a page that begins behind it. */
  places?: boolean
  facets?: boolean
}

export type EngineHit = {
  id: number
  score: number
  why?: { lexical: number; dense: number; words: string[] }
  place?: string
}

export type EnginePage = {
  hits: EngineHit[]
  next?: string
  total?: number
  facets?: { categories: [category: string, count: number][]; years: [year: number, count: number][] }
  corrections?: [typed: string, suggested: string][]
}

/** A cursor that no answer gave, or that belongs to another order. */
export class BadCursorError extends Error {
  override name = 'BadCursorError'
}
