import type { AdaptedEmbedder } from '../embed/adapted-embedder.ts'
import { fitLocal, MAX_FITTED, type TermList } from '../embed/fit-local.ts'
import type { LocalEmbedding } from '../embed/local-embedding.ts'
import { emptyForwardText, type ForwardText } from '../segments/forward-text.ts'
import { liveCount, type Segment, type Snapshot } from '../segments/snapshot.ts'
import type { VectorMemory } from './vector-memory.ts'
import { VectorBuilder } from './vector-part.ts'

// Fitting the local embedding on what is indexed, and making the vectors of a segment anew with it: both need no texts, only
// the terms that the index keeps of each document.

/** Lists of `ForwardText` that are embedded: the words of title and abstract, in order. */
const EMBEDDED_LISTS = [0, 4] as const

/** Fits on the documents of a snapshot that are there. Undefined when they are too few. Takes at most some seconds. */
export function fitSnapshot({ segments }: Pick<Snapshot, 'segments'>): LocalEmbedding | undefined {
  const lists: TermList[] = []
  const live = segments.reduce((sum, segment) => sum + liveCount(segment), 0)
  const step = Math.max(1, live / MAX_FITTED)
  let seen = 0
  for (const segment of segments) {
    const read = createTermReader(segment)
    for (let document = 0; document < segment.text.count; document++) {
      if (segment.gone?.dead[document]) continue
      if (seen >= Math.ceil(lists.length * step)) lists.push(read(document).slice())
      seen += 1
    }
  }
  return fitLocal(lists)
}

/**
 * A vector part with the embedder's vectors of all documents of a segment, whose vectors are the base's or an
 * earlier adaptation's; undefined when they are of another model. About 100,000 documents a second.
 */
export function adaptVectors(segment: Segment, embedder: AdaptedEmbedder): VectorMemory | undefined {
  const { vectors, text } = segment
  const { base } = embedder
  if (!vectors || (vectors.model !== base.id && !vectors.model.startsWith(`${base.id}+`))) return undefined
  const read = createTermReader(segment)
  const builder = new VectorBuilder(embedder, text.count)
  const trained = new Float32Array(base.dims)
  const combined = new Float32Array(embedder.dims)
  for (let document = 0; document < text.count; document++) {
    const start = vectors.placeOf(document) * vectors.dims
    let squares = 0
    for (let k = 0; k < base.dims; k++) {
      const value = vectors.rows[start + k] as number
      trained[k] = value
      squares += value * value
    }
    const factor = squares > 0 ? 1 / Math.sqrt(squares) : 0
    for (let k = 0; k < base.dims; k++) trained[k] = (trained[k] as number) * factor
    const terms = read(document)
    embedder.combine(trained, terms, terms.length, combined)
    builder.add(terms.length > 0 || squares > 0 ? combined : undefined)
  }
  return builder.finish()
}

/** Reads the terms of a document as hashes; the list is good until the next call. */
function createTermReader({ text }: Segment): (document: number) => Uint32Array {
  const hashes = new Uint32Array(text.termCount)
  const forward: ForwardText = emptyForwardText()
  let terms = new Uint32Array(1024)
  return (document) => {
    text.readForward(document, forward)
    let count = 0
    for (const list of EMBEDDED_LISTS) {
      const length = forward.counts[list] as number
      if (count + length > terms.length) {
        const longer = new Uint32Array((count + length) * 2)
        longer.set(terms)
        terms = longer
      }
      for (let i = 0; i < length; i++) {
        const term = ((forward.lists[list] as Uint32Array)[i] as number) - 1
        if (term < 0) continue // a gap
        if (hashes[term] === 0) hashes[term] = text.dictionary.hashOfStem(term)
        terms[count++] = hashes[term] as number
      }
    }
    return terms.subarray(0, count)
  }
}
