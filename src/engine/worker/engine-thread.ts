// The entry of a thread of the engine: a program of its own, which the build puts beside the main one. It answers one
// message with one message and does one thing at a time.
import { parentPort, workerData } from 'node:worker_threads'
import { type AdaptedEmbedder, adaptEmbedder } from '../embed/adapted-embedder.ts'
import { type Embedder, openShared } from '../embed/index.ts'
import { openLocalEmbedding } from '../embed/local-embedding.ts'
import { Searcher } from '../query/search-snapshot.ts'
import { buildSegment, memoryOf, mergeSegments, openSegment } from '../segments/build-segment.ts'
import { inShared } from '../segments/sections.ts'
import { type Segment, Snapshot, withGone } from '../segments/snapshot.ts'
import { loadSegment } from '../store/load-segment.ts'
import { adaptVectors, fitSnapshot } from '../vector/adapt-vectors.ts'
import { nearness } from '../vector/nearness.ts'
import type { FromThread, JobName, Jobs, LocalPart, SharedSegment, ThreadSetup, ToThread } from './messages.ts'
import { collectThoroughly, UnusedMemory } from './unused-memory.ts'

if (!parentPort) throw new Error('expected to be started as a thread by the engine; this file is no command')
const port = parentPort
const { embedding, model: baseModel } = workerData as ThreadSetup
const base = embedding && openShared(embedding)
let embedder: Embedder | undefined = base
let model = baseModel
const searcher = new Searcher()
searcher.embedder = embedder
let snapshot = new Snapshot([])
/** Segments stay open from one snapshot to the next. */
let opened = new Map<number, { vectorKey: number; segment: Segment; memory: number }>()
const unused = new UnusedMemory()

const jobs: { [Name in JobName]: (order: Jobs[Name][0]) => Jobs[Name][1] } = {
  search: ({ query, meeting }) => searcher.search(snapshot, query, meeting),
  assist({ query, meeting }) {
    searcher.assist(snapshot, query, meeting)
    return undefined
  },
  // Sentences are short: the base knows enough of them, and is faster.
  closeness: ({ text, passages }) => nearness(text, passages, base),
  build(documents) {
    const built = buildSegment(documents, { model, embedder })
    unused.add(memoryOf(built))
    return built
  },
  merge(segments) {
    const merged = mergeSegments(segments.map(open), { model })
    unused.add(sum(segments.map(memoryOf)) + (merged ? memoryOf(merged) : 0))
    return merged
  },
  fit(segments) {
    const local = base && fitSnapshot(new Snapshot(segments.map(open)))
    unused.add(sum(segments.map(memoryOf)))
    if (!base || !local) return undefined
    const { id, dims } = adaptEmbedder(base, local)
    return { id, dims, bytes: inShared(local.toBytes()) }
  },
  adapt({ segment, local }) {
    unused.add(2 * memoryOf(segment))
    return base ? adaptVectors(open(segment), adapted(base, local)) : undefined
  },
  recall: (texts) => searcher.recall(snapshot, texts),
  load: loadSegment,
}

const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0)

let lastAdapted: AdaptedEmbedder | undefined

function adapted(own: Embedder, { id, bytes }: LocalPart): AdaptedEmbedder {
  if (lastAdapted?.id !== id) lastAdapted = adaptEmbedder(own, openLocalEmbedding(Uint8Array.from(bytes)))
  return lastAdapted
}

function useLocal(local: LocalPart | undefined): void {
  const next = base && local ? adapted(base, local) : base
  if (next?.id === embedder?.id) return
  embedder = next
  model = next ? { id: next.id, dims: next.dims } : baseModel
  searcher.embedder = embedder
}

function open(shared: SharedSegment): Segment {
  const known = opened.get(shared.key)
  const isSame =
    known?.vectorKey === shared.vectorKey &&
    known.segment.text.isForwardInMemory === shared.forward instanceof Uint8Array
  const segment = isSame ? known.segment : openSegment(shared)
  return shared.dead ? withGone(segment, shared.dead) : segment
}

/** Vectors of another model cannot be compared with queries: such documents are found by their words only. */
function ofModel(segment: Segment): Segment {
  return segment.vectors?.model === model?.id ? segment : { ...segment, vectors: undefined }
}

port.on('message', (message: ToThread) => {
  if (message.kind === 'snapshot') {
    useLocal(message.local)
    const segments = message.segments.map(open)
    const next = new Map(
      message.segments.map((one, n) => [
        one.key,
        { vectorKey: one.vectorKey, segment: segments[n]!, memory: memoryOf(one) },
      ]),
    )
    const isStill = (key: number, { vectorKey, memory }: { vectorKey: number; memory: number }) =>
      next.get(key)?.vectorKey === vectorKey && next.get(key)?.memory === memory
    unused.add(sum(Array.from(opened, ([key, one]) => (isStill(key, one) ? 0 : one.memory))))
    opened = next
    snapshot = new Snapshot(segments.map(ofModel))
    return
  }
  if (message.kind === 'collect') {
    collectThoroughly()
    return
  }
  const { id, name, order } = message
  try {
    const result = (jobs[name] as (order: unknown) => Jobs[JobName][1])(order)
    port.postMessage({ kind: 'done', id, result } satisfies FromThread)
  } catch (error) {
    const { name: kind, message: text, stack = '' } = error as Error
    port.postMessage({ kind: 'failed', id, name: kind, message: text, stack } satisfies FromThread)
  }
})
