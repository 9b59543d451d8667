import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readDate, readDay } from './read-date.ts'

const instants: [text: string, instant: string][] = [
  ['2026-03-02T18:30:14.000Z', '2026-03-02T18:30:14.000Z'],
  ['2026-03-02T18:30:14Z', '2026-03-02T18:30:14.000Z'],
  ['2026-03-02 18:30:14', '2026-03-02T18:30:14.000Z'],
  ['2026-03-02T18:30', '2026-03-02T18:30:00.000Z'],
  ['2026-03-02T23:30:00-05:00', '2026-03-03T04:30:00.000Z'],
  ['2026-03-02T23:30:00.123456+0000', '2026-03-02T23:30:00.123Z'],
  ['Mon, 2 Apr 2007 19:18:42 GMT', '2007-04-02T19:18:42.000Z'],
  ['Mon, 02 Apr 2007 19:18:42 -0400', '2007-04-02T23:18:42.000Z'],
]

for (const [text, instant] of instants) {
  test(`reads ${text} as an instant`, () => assert.equal(readDate('x', text)?.instant, instant))
}

test('a day is a day; of an instant it is the day in UTC', () => {
  assert.deepEqual(readDate('x', ' 2026-03-02 '), { day: '2026-03-02' })
  assert.equal(readDay('x', '2026-03-02T23:30:00-05:00'), '2026-03-03')
})

test('what is no full date says nothing', () => {
  for (const value of [undefined, null, 2024, '', '2024', '2024-05', 'spring', {}])
    assert.equal(readDate('x', value), undefined)
})

test('P10: full dates that are not padded or do not exist are mistakes', () => {
  for (const text of ['2026-6-30', '2026-02-30', '2026-13-01', '2026/03/02', '2026-03-02T25:00:00Z', '2026-03-02x']) {
    assert.throws(() => readDate('published', text), /^BadRecord: published: expected a date/)
  }
})
