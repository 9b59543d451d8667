import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, describe, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import type { EngineDocument } from '../document.ts'
import { buildSegment, openSegment } from '../segments/build-segment.ts'
import { Snapshot } from '../segments/snapshot.ts'
import { Arms } from './arms.ts'
import type { EngineQuery } from './engine-query.ts'
import { Searcher } from './search-snapshot.ts'
import { clearMeeting, createMeeting, SharedWork } from './shared-work.ts'
import { letters, reckless } from './test-letters.ts'

let state = 17
const random = (below: number) => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
  return Math.floor((state / 2 ** 32) * below)
}
/** Some words are in nearly all documents and some in one, so that scores tie and differ. */
const word = () => `term${'abcdefghij'[random(10)]}${random(2) === 0 ? random(4) : random(4_000)}`
const text = (words: number) => Array.from({ length: words }, word).join(' ')
/** More than are scored one by one, in segments of many sizes; one lies in near groups. */
const sizes = [6_000, 17_000, 3_000, 40, 700]
let id = 0
const document = (): EngineDocument => ({
  ...{ id: ++id, title: text(3), abstract: text(9), authors: [], categories: id % 3 ? ['cs.LG'] : ['math.AP'] },
  ...{ identifiers: [], day: id % 400, hasCode: false, isWithdrawn: false },
})
const made = sizes.map((size) =>
  buildSegment(Array.from({ length: size }, document), { model: letters, embedder: letters }),
)
const snapshot = new Snapshot(made.map((bytes) => openSegment(bytes)))
const queries: EngineQuery[] = Array.from({ length: 40 }, (_, n) => ({
  ...{ text: text(1 + (n % 5)), limit: 20, arms: (['both', 'lexical', 'dense'] as const)[n % 3]! },
  ...(n % 4 === 1 ? { filter: { categories: [['cs.LG']] } } : {}),
  ...(n % 8 === 6 ? { filter: { fromDay: 390 } } : {}),
}))

describe('a search that two threads share', () => {
  const helper = new Worker(new URL('shared-work.test-child.ts', import.meta.url), { workerData: made })
  after(() => helper.terminate())
  const meeting = createMeeting()
  const numbers = new Int32Array(meeting, 0, 1)

  const together = async (searcher: Searcher, query: EngineQuery, helperFirst: boolean) => {
    clearMeeting(meeting)
    const done = once(helper, 'message')
    helper.postMessage({ query, meeting })
    for (let n = 0; helperFirst && n < 60_000 && Atomics.load(numbers, 0) === 0; n++) await pause(1)
    const page = searcher.search(snapshot, query, meeting)
    const wasHelped = Atomics.load(numbers, 0) === 1
    await done
    return { page, wasHelped }
  }

  test('gives the answer that one thread gives: the same hits, scores and order', async () => {
    const [searcher, other] = [new Searcher(letters, new Arms(reckless())), new Searcher(letters)]
    for (const [n, query] of queries.entries()) {
      const alone = other.search(snapshot, query)
      const { page, wasHelped } = await together(searcher, query, n % 2 === 0)
      assert.deepEqual(page, alone, query.text)
      assert.ok(alone.hits.length > 0, query.text)
      if (n % 2 === 0) assert.ok(wasHelped, 'whoever comes before the leader takes part')
    }
  })

  test('goes on from a cursor as one thread does, and a wrong cursor keeps no helper waiting', async () => {
    const searcher = new Searcher(letters)
    const query = { ...queries[0]!, limit: 5 }
    const { next } = searcher.search(snapshot, query)
    assert.ok(next)
    const second = { ...query, after: next }
    assert.deepEqual((await together(searcher, second, true)).page, searcher.search(snapshot, second))
    clearMeeting(meeting)
    const done = once(helper, 'message')
    helper.postMessage({ query, meeting })
    assert.throws(() => searcher.search(snapshot, { ...query, after: 'nonsense' }, meeting), /no place in this list/)
    await done
  })

  test('is answered by the leader alone when the helper comes too late or does not come back', () => {
    const searcher = new Searcher(letters)
    searcher.patienceMs = 20
    const [query] = queries as [EngineQuery]
    const alone = searcher.search(snapshot, query)
    clearMeeting(meeting)
    assert.deepEqual(searcher.search(snapshot, query, meeting), alone)
    assert.equal(new SharedWork(meeting, 'helper', 20).come(), false, 'the leader has done it all')
    clearMeeting(meeting)
    assert.ok(new SharedWork(meeting, 'helper', 20).come())
    assert.deepEqual(searcher.search(snapshot, query, meeting), alone, 'after a wait')
  })
})
