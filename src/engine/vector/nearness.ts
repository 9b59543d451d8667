import type { Embedder } from '../embed/embedder.ts'

/** The cosine between the vector of a text and that of each passage; 0 where either has none. */
export function nearness(text: string, passages: readonly string[], embedder: Embedder | undefined): number[] {
  const wanted = embedder?.embed(text)
  return passages.map((passage) => {
    const vector = wanted && embedder?.embed(passage)
    if (!vector) return 0
    let sum = 0
    for (let n = 0; n < vector.length; n++) sum += vector[n]! * wanted[n]!
    return sum
  })
}
