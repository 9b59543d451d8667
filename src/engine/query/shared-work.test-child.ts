// A thread that assists in the searches of shared-work.test.ts.
import { parentPort, workerData } from 'node:worker_threads'
import { openSegment, type SegmentBytes } from '../segments/build-segment.ts'
import { Snapshot } from '../segments/snapshot.ts'
import { Arms } from './arms.ts'
import type { EngineQuery } from './engine-query.ts'
import { Searcher } from './search-snapshot.ts'
import { letters, reckless } from './test-letters.ts'

const snapshot = new Snapshot((workerData as SegmentBytes[]).map((bytes) => openSegment(bytes)))
const searcher = new Searcher(letters, new Arms(reckless()))
parentPort!.on('message', ({ query, meeting }: { query: EngineQuery; meeting: SharedArrayBuffer }) => {
  searcher.assist(snapshot, query, meeting)
  parentPort!.postMessage('done')
})
