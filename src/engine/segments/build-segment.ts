import type { EngineDocument } from '../document.ts'
import type { Embedder } from '../embed/embedder.ts'
import { documentVector } from '../vector/make-vector.ts'
import type { VectorMemory } from '../vector/vector-memory.ts'
import { VectorBuilder, VectorPart } from '../vector/vector-part.ts'
import type { ForwardPart } from './forward-index.ts'
import { mergedDocuments, mergeText } from './merge-text.ts'
import { type Allocate, allocateShared } from './sections.ts'
import type { Segment } from './snapshot.ts'
import { TextBuilder } from './text-builder.ts'
import { TextPart } from './text-part.ts'

/** The parts of a segment, as threads hand them to each other and files keep them. */
export type SegmentBytes = { text: Uint8Array; forward: ForwardPart; vectors?: VectorMemory | undefined }

/** Bytes of a segment in memory. */
export const memoryOf = ({ text, forward, vectors }: SegmentBytes): number =>
  text.length + (forward instanceof Uint8Array ? forward.length : 0) + (vectors?.bytes.length ?? 0)

/** Whose vectors an index holds: an embedder of the engine, or one outside that hands vectors over. */
export type Model = Pick<Embedder, 'id' | 'dims'>

/** What documents are built with. Without `model` they have no vectors; without `embedder` they must bring them. */
export type BuildOptions = { model?: Model | undefined; embedder?: Embedder | undefined; allocate?: Allocate }

/** A segment of new documents: the last of each id counts. At most `segmentCapacity` of them. */
export function buildSegment(documents: readonly EngineDocument[], options: BuildOptions): SegmentBytes {
  const { model, embedder, allocate = allocateShared } = options
  const sorted = [...new Map(documents.map((document) => [document.id, document])).values()].sort((a, b) => a.id - b.id)
  const text = new TextBuilder()
  const vectors = model && new VectorBuilder(model, sorted.length)
  for (const document of sorted) {
    text.add(document)
    vectors?.add(documentVector(document, embedder))
  }
  return { ...text.finish(allocate), vectors: vectors?.finish() }
}

/**
 * One segment with the documents of several that are still there; undefined when there are none. Vectors of another model
 * are left behind: their documents have none until they are put again.
 */
export function mergeSegments(segments: readonly Segment[], options: BuildOptions): SegmentBytes | undefined {
  const { model, allocate = allocateShared } = options
  const documents = mergedDocuments(segments)
  if (documents.length === 0) return undefined
  const text = mergeText(segments, documents, allocate)
  if (!model) return text
  const vectors = new VectorBuilder(model, documents.length)
  for (const { source, document } of documents) vectors.copy(segments[source]!.vectors, document)
  return { ...text, vectors: vectors.finish() }
}

/**
 * Reads the parts where they lie. `verify` compares checksums. Vectors of another model than `model` are left out, when that
 * is given.
 */
export function openSegment({ text, forward, vectors }: SegmentBytes, model?: Model, verify = false): Segment {
  const part = vectors && new VectorPart(vectors, verify)
  const fits = !model || (part?.model === model.id && part.dims === model.dims)
  return { text: new TextPart(text, forward, verify), vectors: fits ? part : undefined }
}
