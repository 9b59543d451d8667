import type { EngineDocument } from '../document.ts'
import { type Embedder, paperText } from '../embed/embedder.ts'

// The only two places where the vector of a document and that of a query are made.

/** The vector of a document: the one it brings, else the embedder's, of its title and abstract; undefined without both. */
export function documentVector(document: EngineDocument, embedder: Embedder | undefined): Float32Array | undefined {
  return document.vector?.slice() ?? embedder?.embed(paperText(document.title, document.abstract))
}

export function queryVector(text: string, embedder: Embedder): Float32Array {
  return embedder.embed(text)
}
