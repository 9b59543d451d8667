/** What the engine keeps of one document. Texts are plain or display form; TeX in them is read past. */
export type EngineDocument = {
  /** 1 to 2^32 - 1, the caller's own number. Equal scores are ordered by it. */
  id: number
  title: string
  authors: readonly string[]
  abstract: string
  categories: readonly string[]
  /** Found as whole terms, whatever the case: `2401.00001`, `10.1145/3292500`. */
  identifiers: readonly string[]
  /** Whole days from 1970-01-01; may be negative. */
  day: number
  hasCode: boolean
  isWithdrawn: boolean
  /** From an embedder outside; left out, the index makes its own. Need not have unit length. */
  vector?: Float32Array
}

export const engineFields = ['title', 'authors', 'abstract', 'categories'] as const
export type EngineField = (typeof engineFields)[number]
