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

type Hit = [id: number, score: number]

/** As the arm finds them, and as scoring every document does. `most`: hits that are kept. */
function both(segments: readonly Segment[], direction: Float32Array, most: number, categories: string[][] = []) {
  const arm = new DenseArm()
  const masks = segments.map((one) => filterMask(one, { categories }))
  const find = (exhaustive: boolean): Hit[] => {
    const top = new TopList(most, (segment, document) => segments[segment]!.text.ids[document]!)
    for (const stretch of arm.beginAlone(segments, denseQuery(direction)!, masks, exhaustive)) arm.look(stretch)
    arm.score(undefined, top)
    return top.sorted().map((at) => [top.ids[at]!, top.scores[at]!])
  }
  return { fast: find(false), all: find(true) }
}

const shareOf = (all: readonly Hit[], fast: readonly Hit[]) => {
  const found = new Set(fast.map(([hit]) => hit))
  return all.filter(([hit]) => found.has(hit)).length / all.length
}

describe('the dense arm', () => {
  const small = [4_000, 3_000, 4_000, 1_000, 300].map((size) => segmentOf(Array.from({ length: size }, vector)))

  test('of segments in the order of their documents it finds the ten nearest of all', () => {
    for (let n = 0; n < 10; n++) {
      const { fast, all } = both(small, vector(), 10)
      assert.deepEqual(fast, all)
    }
  })

  test('so it does of those that a filter leaves', () => {
    const most = [...small, ...[3_500, 3_500].map((size) => segmentOf(Array.from({ length: size }, vector)))]
    for (let n = 0; n < 5; n++) {
      const { fast, all } = both(most, vector(), 10, [['odd']])
      assert.deepEqual(fast, all)
      assert.ok(fast.every(([hit]) => hit % 2 === 1))
    }
  })

  // Documents of some hundred subjects, each near the direction of its own.
  const subjects = Array.from({ length: 300 }, vector)
  const about = () => {
    const subject = subjects[Math.floor(((random() + 1) / 2) * subjects.length)]!
    return subject.map((one) => one + 0.8 * random())
  }
  const large = segmentOf(Array.from({ length: 40_000 }, about))

  test('of a large segment it looks through few groups and finds nearly all of the nearest', () => {
    assert.ok(large.vectors?.middles, 'a segment of this size lies in groups')
    const segments = [large, ...small]
    for (const categories of [[], [['odd']]]) {
      let [ten, hundred] = [0, 0]
      for (let n = 0; n < 20; n++) {
        const { fast, all } = both(segments, about(), 100, categories)
        ten += shareOf(all.slice(0, 10), fast.slice(0, 10)) / 20
        hundred += shareOf(all, fast) / 20
      }
      assert.ok(ten >= 0.98, `ten nearest: ${ten}`)
      assert.ok(hundred >= 0.9, `hundred nearest: ${hundred}`)
    }
    const arm = new DenseArm()
    const masks = segments.map((one) => filterMask(one, {}))
    const looked = arm.beginAlone(segments, denseQuery(about())!, masks).filter(({ segment }) => segment === 0)
    const groups = looked.reduce((sum, { from, to }) => sum + to - from, 0)
    assert.ok(groups > 0 && groups < 40_000 / 16 / 2, `${groups} groups`)
  })

  test('what it finds has the scores that its document has, wherever the row lies', () => {
    const direction = about()
    const { fast, all } = both([large], direction, 10)
    const scores = new Map(all)
    for (const [hit, score] of fast) if (scores.has(hit)) assert.equal(score, scores.get(hit))
    const arm = new DenseArm()
    arm.beginAlone([large], denseQuery(direction)!, [filterMask(large, {})])
    const places = fast.map(([hit]) => large.text.find(hit))
    assert.deepEqual(
      arm.cosines(0, places),
      fast.map(([, score]) => score),
    )
  })

  test('a filter that leaves few of a large segment finds all of them', () => {
    const marked = new Uint8Array(40_000)
    for (let n = 0; n < 50; n++) marked[n * 731] = 1
    const arm = new DenseArm()
    const top = new TopList(100)
    for (const stretch of arm.beginAlone([large], denseQuery(about())!, [{ allowed: marked, count: 50 }]))
      arm.look(stretch)
    arm.score(undefined, top)
    assert.equal(top.length, 50)
    assert.ok(top.sorted().every((at) => marked[top.documents[at]!] === 1))
  })
})
