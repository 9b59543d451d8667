import type { Segment } from '../segments/snapshot.ts'
import { normalize, quantize, queryLevels } from '../vector/int8.ts'
import type { Mask } from './filter-mask.ts'
import type { TopList } from './top-list.ts'

/** A query's direction in whole numbers, or nothing when it has none. */
export type DenseQuery = { codes: Int16Array; scale: number }

export function denseQuery(vector: Float32Array): DenseQuery | undefined {
  const codes = new Int16Array(vector.length)
  const scale = quantize(normalize(vector.slice()), queryLevels, codes)
  return scale > 0 ? { codes, scale } : undefined
}

/** Scores the documents of one segment by the cosine between their vector and the query's. */
export class DenseArm {
  score(segment: number, one: Segment, query: DenseQuery, mask: Mask, top: TopList): void {
    const { text, vectors } = one
    if (!vectors || vectors.dims !== query.codes.length) return
    for (let document = 0; document < text.count; document++) {
      if (mask.allowed && !mask.allowed[document]) continue
      const score = cosine(one, query, document)
      if (score !== undefined) top.offer(score, text.ids[document] as number, segment, document)
    }
  }
}

/** The cosine between a document and the query, to the precision of their codes; undefined for a document without vector. */
export function cosine({ vectors }: Segment, query: DenseQuery, document: number): number | undefined {
  if (!vectors || vectors.dims !== query.codes.length) return undefined
  const scale = vectors.scales[document] as number
  if (scale === 0) return undefined
  const { codes } = query
  const { rows } = vectors
  const start = document * codes.length
  let sum = 0
  for (let i = 0; i < codes.length; i++) sum += (codes[i] as number) * (rows[start + i] as number)
  return sum * scale * query.scale
}
