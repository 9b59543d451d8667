import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { EngineDocument } from '../document.ts'
import { buildSegment, openSegment } from '../segments/build-segment.ts'
import type { Segment } from '../segments/snapshot.ts'
import { DenseArm, denseQuery } from './dense-arm.ts'
import { filterMask } from './filter-mask.ts'
import { TopList } from './top-list.ts'

const dims = 64
const model = { id: 'test', dims }

let state = 5
const random = () => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
  return state / 2 ** 31 - 1
}
const vector = () => Float32Array.from({ length: dims }, random)
let id = 0
const document = (direction: Float32Array): EngineDocument => ({
  ...{ id: ++id, title: '', abstract: '', authors: [], categories: id % 2 ? ['odd'] : [], identifiers: [] },
  ...{ day: 0, hasCode: false, isWithdrawn: false, vector: direction },
})
const segmentOf = (directions: readonly Float32Array[]): Segment =>
  openSegment(buildSegment(directions.map(document), { model }))

/** As the arm finds them, and as it does when it trusts no sample. */
function both(segments: readonly Segment[], direction: Float32Array, categories: string[][] = []) {
  const arm = new DenseArm()
  const masks = segments.map((one) => filterMask(one, { categories }))
  const query = denseQuery(direction)!
  const top = () => new TopList(100)
  const [fast, sure] = [top(), top()]
  for (const stretch of arm.begin(segments, query, masks)) arm.look(stretch)
  const cut = arm.cut(undefined)
  if (cut !== undefined) arm.score(cut, fast)
  arm.begin(segments, query, masks)
  const sureCut = arm.lookAgain()
  arm.score(sureCut, sure)
  const hits = (list: TopList) => list.sorted().map((at) => [list.ids[at], list.scores[at]])
  return { cut, sureCut, fast: hits(fast), sure: hits(sure) }
}

describe('the dense arm', () => {
  const segments = [7_000, 5_000, 300].map((size) => segmentOf(Array.from({ length: size }, vector)))

  test('a threshold from a sample chooses the documents that looking at all of them chooses', () => {
    for (let n = 0; n < 10; n++) {
      const { cut, sureCut, fast, sure } = both(segments, vector())
      assert.equal(cut, sureCut)
      assert.deepEqual(fast, sure)
      assert.equal(fast.length, 100)
    }
  })

  test('so it does of those that a filter leaves', () => {
    const most = [...segments, segmentOf(Array.from({ length: 7_000 }, vector))]
    for (let n = 0; n < 5; n++) {
      const { cut, sureCut, fast, sure } = both(most, vector(), [['odd']])
      assert.equal(cut, sureCut)
      assert.deepEqual(fast, sure)
      assert.ok(fast.every(([hit]) => hit! % 2 === 1))
    }
  })

  test('a sample that misleads is noticed: what lies in it is near, and nothing else', () => {
    const near = vector()
    // Groups of 16 in the order of the segment; samples are 8 of 30.
    const far = Float32Array.from(near, (one) => -one)
    const lies = (group: number) => group % 30 >= 15 && group % 30 < 23
    const directions = Array.from({ length: 12_000 }, (_, n) =>
      (lies(n >> 4) ? near : far).map((one) => one + random()),
    )
    const few = directions.map((one, n) => (n > 3_500 ? far.map((value) => value + random() / 4) : one))
    const { cut, sureCut, sure } = both([segmentOf(few)], near)
    assert.equal(cut, undefined)
    assert.ok(sureCut > 0)
    assert.equal(sure.length, 100)
  })
})
