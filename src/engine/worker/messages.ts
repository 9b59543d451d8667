import type { EngineDocument } from '../document.ts'
import type { SharedEmbedding } from '../embed/index.ts'
import type { EnginePage, EngineQuery } from '../query/engine-query.ts'
import type { Model, SegmentBytes } from '../segments/build-segment.ts'
import type { VectorMemory } from '../vector/vector-memory.ts'

/** What a thread is started with. */
export type ThreadSetup = {
  /** What makes the vectors, in memory that all threads share. */
  embedding?: SharedEmbedding | undefined
  /** Whose vectors the index holds; those of the embedding, or of a model outside. */
  model?: Model | undefined
}

/** A segment on its way between threads: shared memory, so nothing is copied. `key` tells it from all others. */
export type SharedSegment = SegmentBytes & {
  key: number
  /** Tells the vectors from those the segment had before. */
  vectorKey: number
  dead?: Uint8Array | undefined
}

/** The part of the embedding that was fitted on the collection: `id` of the whole embedder, and the bytes of the part. */
export type LocalPart = Model & { bytes: Uint8Array }

/** The files of a segment. */
export type SegmentPaths = { text: string; forward: string; vectors?: string | undefined }

/** The jobs of a thread, by name: what goes in and what comes out. */
export type Jobs = {
  /** `meeting`: another thread was asked to `assist` there. */
  search: [{ query: EngineQuery; meeting?: SharedArrayBuffer | undefined }, EnginePage]
  /** Does a part of a search that another thread answers. */
  assist: [{ query: EngineQuery; meeting: SharedArrayBuffer }, undefined]
  closeness: [{ text: string; passages: readonly string[] }, number[]]
  build: [readonly EngineDocument[], SegmentBytes]
  merge: [readonly SharedSegment[], SegmentBytes | undefined]
  /** Fits the local part on the documents of the segments; undefined when they are too few. */
  fit: [readonly SharedSegment[], LocalPart | undefined]
  /** The vectors of a segment with a local part; undefined when its vectors are another model's. */
  adapt: [{ segment: SharedSegment; local: LocalPart }, VectorMemory | undefined]
  /** The share of the ten nearest documents that a search by meaning finds, over some queries. */
  recall: [readonly string[], number]
  /**
   * Reads the files of a segment and verifies their checksums. `leastInFile`: with so many documents, the words of each in
   * order stay in their file.
   */
  load: [SegmentPaths & { leastInFile?: number | undefined }, SegmentBytes]
}
export type JobName = keyof Jobs

export type ToThread =
  | { kind: 'job'; id: number; name: JobName; order: Jobs[JobName][0] }
  /** What searches see from now on, and the local part of the embedding that its vectors are made with. */
  | { kind: 'snapshot'; segments: readonly SharedSegment[]; local?: LocalPart | undefined }

  /** Much was built and building is over: what it left behind goes back to the system. */
  | { kind: 'collect' }

export type FromThread =
  | { kind: 'done'; id: number; result: Jobs[JobName][1] }
  | { kind: 'failed'; id: number; name: string; message: string; stack: string }
