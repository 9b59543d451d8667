import type { EngineDocument } from '../document.ts'
import type { AdaptedEmbedder } from '../embed/adapted-embedder.ts'
import { type Embedder, paperText } from '../embed/embedder.ts'

// The only two places where the vector of a document and that of a query are made.

/** The vector of a document: the one it brings, else the embedder's, of its title and abstract; undefined without both. */
export function documentVector(document: EngineDocument, embedder: Embedder | undefined): Float32Array | undefined {
  return document.vector?.slice() ?? embedder?.embed(paperText(document.title, document.abstract))
}

/**
 * The direction of a query of so many words. In a few words the fitted part has little to go by: what it knows of each is the
 * company that the word keeps here, which may be anything. There the trained part counts more.
 */
export function queryVector(text: string, words: number, embedder: Embedder): Float32Array {
  const vector = embedder.embed(text)
  const lean = words <= 3 ? 0.4 : words <= 5 ? 0.2 : 0
  if (lean === 0 || !('local' in embedder)) return vector
  const { base } = embedder as AdaptedEmbedder
  for (let k = 0; k < vector.length; k++) vector[k]! *= k < base.dims ? 1 + lean : 1 - lean
  return vector
}
