import assert from 'node:assert/strict'
import { test } from 'node:test'
import { buildSegment, memoryOf } from '../segments/build-segment.ts'
import { HeldSegments } from './held.ts'

const segment = (...ids: number[]) =>
  buildSegment(
    ids.map((id) => ({
      ...{ id, title: `Paper ${id}`, abstract: '', authors: [], categories: [], identifiers: [], day: 0 },
      ...{ hasCode: false, isWithdrawn: false },
    })),
    {},
  )

test('what searches do not see any more is told with its size', () => {
  const told: number[] = []
  const segments = new HeldSegments((unusedBytes) => told.push(unusedBytes))
  const [one, two, both] = [segment(1), segment(2), segment(1, 2)]
  segments.install([], [segments.hold(one)])
  segments.install(segments.list, [segments.hold(two)])
  segments.install(segments.without([99]))
  assert.deepEqual(told, [0, 0, 0])
  segments.replace(segments.list, both)
  assert.deepEqual(told.slice(3), [memoryOf(one) + memoryOf(two)])
  segments.clear()
  assert.equal(segments.documents, 0)
  assert.equal(told.length, 4)
})
