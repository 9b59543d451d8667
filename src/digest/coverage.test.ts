import assert from 'node:assert/strict'
import { test } from 'node:test'
import { coverage, withLookBack } from './coverage.ts'

const at = (instant: string) => new Date(`${instant}:00Z`)
const inWords = (range: { from: string; to: string } | undefined) => range && `${range.from}..${range.to}`

test('a mail is about the days since the last that got through; before any did, since the first that was promised', () => {
  const friday = at('2026-03-06T07:00')
  assert.equal(inWords(coverage('daily', friday, { through: '2026-03-05' })), '2026-03-06..2026-03-06')
  assert.equal(inWords(coverage('daily', friday, { through: '2026-03-03' })), '2026-03-04..2026-03-06')
  assert.equal(coverage('daily', friday, { through: '2026-03-06' }), undefined)
  assert.equal(inWords(coverage('daily', friday, { through: '2026-01-01' })), '2026-02-28..2026-03-06', 'not for ever')
  assert.equal(inWords(coverage('daily', friday, { firstSlot: friday })), '2026-03-06..2026-03-06')
  assert.equal(inWords(coverage('daily', friday, { firstSlot: at('2026-03-04T07:00') })), '2026-03-04..2026-03-06')
  assert.equal(inWords(coverage('weekly', friday, { firstSlot: friday })), '2026-02-28..2026-03-06')
  const later = at('2026-03-09T07:00')
  assert.equal(
    inWords(coverage('daily', friday, { firstSlot: later })),
    '2026-03-06..2026-03-06',
    'promised anew since',
  )
})

test('what came late to its day is looked for in the week before, but not before somebody subscribed', () => {
  const range = { from: '2026-03-06', to: '2026-03-06' }
  assert.equal(inWords(withLookBack(range, 'daily', '2026-01-01', false)), '2026-02-27..2026-03-06')
  assert.equal(inWords(withLookBack(range, 'daily', '2026-03-04', false)), '2026-03-04..2026-03-06')
  assert.equal(inWords(withLookBack(range, 'daily', '2026-01-01', true)), '2026-03-06..2026-03-06', 'a first mail')
})
