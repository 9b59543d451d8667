/**
 * BM25F (Robertson, Zaragoza, Taylor: Simple BM25 extension to multiple weighted fields, CIKM 2004, in the form with a
 * length normalisation per field): the frequencies of a term in the fields of a document are normalised by the length of
 * the field, weighted, added, and saturated once:
 *
 *     x = sum over fields of  weight * tf / (1 - b + b * length / usualLength)
 *     score(query, document) = sum over terms of  idf * x / (k1 + x)
 *
 * Unlike in the paper, `usualLength` is a constant of the field and not the average of the collection. The weight of a
 * term in a document is then a property of that document alone: it is computed once, kept in 8 bits, and stays
 * comparable in every segment, however the collection grows. Only the idf is taken from the collection, at query time.
 *
 * Tuned on SciFact-train, CACM and Cranfield (`docs/performance.md` has the table).
 */
export const k1 = 0.9
export type FieldRanking = { weight: number; b: number; usualLength: number }
export const fieldRanking = {
  title: { weight: 2, b: 0.4, usualLength: 11 },
  authors: { weight: 1, b: 0, usualLength: 8 },
  abstract: { weight: 1, b: 0.4, usualLength: 170 },
  tags: { weight: 1, b: 0, usualLength: 3 },
} as const satisfies Record<string, FieldRanking>

/** A saturated weight is kept as a whole number from 1 to this. */
export const highestImpact = 255
/** The idf of a query term is kept as a multiple of 1/1000, so that sums are whole numbers and exact in any order. */
export const idfScale = 1_000

/** The frequency of a term in a field, normalised by the field's length in words and weighted. */
export function fieldWeight(field: FieldRanking, frequency: number, length: number): number {
  return (field.weight * frequency) / (1 - field.b + (field.b * length) / field.usualLength)
}

/**
 * The saturated weight of a term in a document, as it is stored. `weight` is the sum of `fieldWeight`.
 *
 * @example impactOf(0.9) // 128, because k1 is 0.9
 */
export function impactOf(weight: number): number {
  return Math.max(1, Math.round((highestImpact * weight) / (k1 + weight)))
}

/**
 * How much a term of `documentFrequency` among `documents` says, as a whole number of `1 / idfScale`: at least 1.
 * The idf of Lucene's BM25, which is never negative: ln(1 + (N - df + 0.5) / (df + 0.5)).
 */
export function termWeight(documents: number, documentFrequency: number): number {
  const idf = Math.log1p((documents - documentFrequency + 0.5) / (documentFrequency + 0.5))
  return Math.max(1, Math.round(idf * idfScale))
}

/** A sum of term weights times impacts as the score of the formula above. */
export const scoreOf = (sum: number): number => sum / (idfScale * highestImpact)
