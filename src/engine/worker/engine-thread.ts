// The entry of a thread of the engine: a program of its own, which the build puts beside the main one. It answers one
// message with one message and does one thing at a time.
import { readFileSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { loadEmbedder } from '../embed/index.ts'
import { Searcher } from '../query/search-snapshot.ts'
import { buildSegment, mergeSegments, openSegment } from '../segments/build-segment.ts'
import { type Allocate, allocateShared } from '../segments/sections.ts'
import { type Segment, Snapshot, withGone } from '../segments/snapshot.ts'
import { nearness } from '../vector/nearness.ts'
import { allocateVectors, type VectorMemory } from '../vector/vector-memory.ts'
import type { FromThread, JobName, Jobs, SharedSegment, ThreadSetup, ToThread } from './messages.ts'

if (!parentPort) throw new Error('expected to be started as a thread by the engine; this file is no command')
const port = parentPort
const { modelFolder, model } = workerData as ThreadSetup
const embedder = modelFolder === undefined ? undefined : loadEmbedder(modelFolder)
const searcher = new Searcher(embedder)
let snapshot = new Snapshot([])
/** Segments stay open from one snapshot to the next. */
let opened = new Map<number, Segment>()

const jobs: { [Name in JobName]: (order: Jobs[Name][0]) => Jobs[Name][1] } = {
  search: (query) => searcher.search(snapshot, query),
  closeness: ({ text, passages }) => nearness(text, passages, embedder),
  build: (documents) => buildSegment(documents, { model, embedder }),
  merge: (segments) => mergeSegments(segments.map(open), { model }),
  load({ text, vectors }) {
    const bytes = {
      text: readInto(text, allocateShared),
      vectors: vectors === undefined ? undefined : readVectors(vectors),
    }
    openSegment(bytes, model, true)
    return bytes
  },
}

function open(shared: SharedSegment): Segment {
  const segment = opened.get(shared.key) ?? openSegment(shared, model)
  return shared.dead ? withGone(segment, shared.dead) : segment
}

function readVectors(path: string): VectorMemory {
  let memory: VectorMemory | undefined
  const bytes = readInto(path, (length) => {
    memory = allocateVectors(length)
    return memory.bytes
  })
  return { bytes, memory: memory?.memory }
}

function readInto(path: string, allocate: Allocate): Uint8Array {
  const content = readFileSync(path)
  const bytes = allocate(content.length)
  bytes.set(content)
  return bytes
}

port.on('message', (message: ToThread) => {
  if (message.kind === 'snapshot') {
    const next = new Map(message.segments.map((shared) => [shared.key, open(shared)]))
    opened = next
    snapshot = new Snapshot([...next.values()])
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
