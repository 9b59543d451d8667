import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fc } from '../../tests/property.ts'
import { explainHotness, HOURS_PER_DECADE, hotness } from './hotness.ts'

const day = new Date('2026-03-02T12:00:00.000Z')
const later = (hours: number) => new Date(day.getTime() + hours * 3_600_000)
const counts = fc.record({ upvotes: fc.nat(10_000), comments: fc.nat(1_000) })

test('nine upvotes make up for being listed 22 hours earlier', () => {
  assert.equal(hotness({ upvotes: 9, comments: 0 }, day), hotness({ upvotes: 0, comments: 0 }, later(HOURS_PER_DECADE)))
})

test('one more upvote never lowers a paper, whatever is said about it', () => {
  fc.assert(
    fc.property(
      counts,
      ({ upvotes, comments }) => hotness({ upvotes: upvotes + 1, comments }, day) > hotness({ upvotes, comments }, day),
    ),
  )
})

test('with the same counts the younger paper is never lower', () => {
  fc.assert(
    fc.property(counts, fc.nat(100_000), (points, hours) => hotness(points, later(hours)) >= hotness(points, day)),
  )
})

test('comments weigh half, and never more than the upvotes: a quarrel does not trend', () => {
  const of = (upvotes: number, comments: number) => hotness({ upvotes, comments }, day)
  assert.equal(of(0, 500), of(0, 0))
  assert.equal(of(4, 8), of(4, 800))
  assert.ok(of(10, 4) > of(10, 0))
})

test('the explanation has the numbers a reader can check', () => {
  assert.deepEqual(explainHotness({ upvotes: 9, comments: 0 }, day, later(41.5)), {
    upvotes: 9,
    comments: 0,
    ageHours: 41,
    votesWorthHours: 22,
  })
})
