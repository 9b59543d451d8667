// How good a ranking is, by the judgements of a relevance set. The formulas are those of the TREC and BEIR evaluations.

/** Degree of relevance by document id; what is not in it, or 0, is not relevant. */
export type Judgements = ReadonlyMap<string, number>
export type Quality = { ndcg10: number; recall100: number; mrr10: number }

/**
 * nDCG@10 with gain 2^rel - 1 and discount log2(rank + 1), Recall@100, and the reciprocal rank of the first relevant document
 * among ten.
 *
 * @example qualityOf(['b', 'a'], new Map([['a', 1]])) // ndcg10 0.631, recall100 1, mrr10 0.5
 */
export function qualityOf(ranked: readonly string[], judgements: Judgements): Quality {
  const gain = (degree: number) => (degree > 0 ? 2 ** degree - 1 : 0)
  const discounted = (degrees: readonly number[]) =>
    degrees.slice(0, 10).reduce((sum, degree, n) => sum + gain(degree) / Math.log2(n + 2), 0)
  const degrees = ranked.map((id) => judgements.get(id) ?? 0)
  const ideal = discounted([...judgements.values()].sort((a, b) => b - a))
  const relevant = [...judgements.values()].filter((degree) => degree > 0).length
  const first = degrees.slice(0, 10).findIndex((degree) => degree > 0)
  return {
    ndcg10: ideal > 0 ? discounted(degrees) / ideal : 0,
    recall100: relevant > 0 ? degrees.slice(0, 100).filter((degree) => degree > 0).length / relevant : 0,
    mrr10: first < 0 ? 0 : 1 / (first + 1),
  }
}

/** The value below which the share `q` of the sorted values lies, by the nearest rank; 0 of none. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(q * sorted.length) - 1))] ?? 0
}
