import type { EngineDocument } from './document.ts'
import type { Embedder } from './embed/embedder.ts'
import { buildSegment, mergeSegments, type SegmentBytes } from './segments/build-segment.ts'
import { chooseMerge } from './segments/choose-merge.ts'
import { allocateShared } from './segments/sections.ts'
import { type Segment, Snapshot } from './segments/snapshot.ts'
import { segmentCapacity } from './segments/text-builder.ts'
import { TextPart } from './segments/text-part.ts'
import { VectorPart } from './vector/vector-part.ts'

/** An index in memory, in this thread: for small collections, tests and measuring. `Searcher` searches its snapshots. */
export class LiveIndex {
  snapshot = new Snapshot([])
  private readonly embedder: Embedder | undefined

  constructor(embedder?: Embedder) {
    this.embedder = embedder
  }

  /** Adds documents or replaces those of the same id. Searches of snapshots taken before do not see them. */
  put(documents: readonly EngineDocument[]): void {
    if (documents.length === 0) return
    for (let start = 0; start < documents.length; start += segmentCapacity) {
      const some = documents.slice(start, start + segmentCapacity)
      const made = openSegment(buildSegment(some, this.embedder, allocateShared))
      this.snapshot = new Snapshot([
        ...without(
          this.snapshot.segments,
          some.map(({ id }) => id),
        ),
        made,
      ])
    }
    this.tidy()
  }

  /** Ids that are not there are fine. */
  remove(ids: readonly number[]): void {
    this.snapshot = new Snapshot(without(this.snapshot.segments, ids))
    this.tidy()
  }

  private tidy(): void {
    for (;;) {
      const { segments } = this.snapshot
      const chosen = chooseMerge(segments.map(sizeOf))
      if (!chosen) return
      const merged = mergeSegments(
        chosen.map((n) => segments[n] as Segment),
        allocateShared,
      )
      const rest = segments.filter((_, n) => !chosen.includes(n))
      this.snapshot = new Snapshot(merged ? [...rest, openSegment(merged)] : rest)
    }
  }
}

export function openSegment({ text, vectors }: SegmentBytes, verify = false): Segment {
  return vectors
    ? { text: new TextPart(text, verify), vectors: new VectorPart(vectors, verify) }
    : { text: new TextPart(text, verify) }
}

/** The segments with the documents of these ids marked as gone; a segment without any of them stays the same object. */
export function without(segments: readonly Segment[], ids: readonly number[]): Segment[] {
  return segments.map((segment) => {
    const gone = ids.map((id) => segment.text.find(id)).filter((n) => n >= 0 && !segment.dead?.[n])
    if (gone.length === 0) return segment
    const dead = new Uint8Array(new SharedArrayBuffer(segment.text.count))
    if (segment.dead) dead.set(segment.dead)
    for (const n of gone) dead[n] = 1
    return { ...segment, dead }
  })
}

export function sizeOf({ text, dead }: Segment): { live: number; dead: number } {
  let gone = 0
  if (dead) for (const one of dead) gone += one
  return { live: text.count - gone, dead: gone }
}
