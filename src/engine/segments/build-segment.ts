import type { EngineDocument } from '../document.ts'
import type { Embedder } from '../embed/embedder.ts'
import { documentVector } from '../vector/make-vector.ts'
import { VectorBuilder, type VectorPart } from '../vector/vector-part.ts'
import { mergedDocuments, mergeText } from './merge-text.ts'
import type { Allocate } from './sections.ts'
import type { Segment } from './snapshot.ts'
import { TextBuilder } from './text-builder.ts'

/** The bytes of a segment's parts. */
export type SegmentBytes = { text: Uint8Array; vectors?: Uint8Array }

/** A segment of new documents: the last of each id counts. At most `segmentCapacity` of them. */
export function buildSegment(
  documents: readonly EngineDocument[],
  embedder: Embedder | undefined,
  allocate: Allocate,
): SegmentBytes {
  const sorted = [...new Map(documents.map((document) => [document.id, document])).values()].sort((a, b) => a.id - b.id)
  const text = new TextBuilder()
  const vectors = embedder && new VectorBuilder(embedder.id, embedder.dims, sorted.length)
  for (const document of sorted) {
    text.add(document)
    if (embedder) vectors?.add(documentVector(document, embedder))
  }
  return vectors ? { text: text.finish(allocate), vectors: vectors.finish(allocate) } : { text: text.finish(allocate) }
}

/** One segment with the documents of several that are still there. Undefined when there are none. */
export function mergeSegments(segments: readonly Segment[], allocate: Allocate): SegmentBytes | undefined {
  const documents = mergedDocuments(segments)
  if (documents.length === 0) return undefined
  const text = mergeText(segments, documents, allocate)
  const parts = segments.map(({ vectors }) => vectors)
  const model = parts.find((part) => part !== undefined)
  if (!model || parts.some((part) => part?.model !== model.model || part.dims !== model.dims)) return { text }
  const vectors = new VectorBuilder(model.model, model.dims, documents.length)
  for (const { source, document } of documents) vectors.copy(parts[source] as VectorPart, document)
  return { text, vectors: vectors.finish(allocate) }
}
