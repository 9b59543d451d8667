import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fc } from '../../tests/property.ts'
import { nextPeriod, parsePeriod, periodKinds, periodOf, periodPath, periodTitle, previousPeriod } from './period.ts'

test('the key of an address gives the first and the last day', () => {
  const span = (kind: 'day' | 'week' | 'month', text: string) => {
    const period = parsePeriod(kind, text)
    return period && [period.from, period.to]
  }
  assert.deepEqual(span('day', '2026-03-02'), ['2026-03-02', '2026-03-02'])
  assert.deepEqual(span('week', '2025-W01'), ['2024-12-30', '2025-01-05'])
  assert.deepEqual(span('week', '2026-W53'), ['2026-12-28', '2027-01-03'])
  assert.deepEqual(span('week', '1991-W01'), ['1990-12-31', '1991-01-06'])
  assert.deepEqual(span('month', '2024-02'), ['2024-02-01', '2024-02-29'])
  assert.deepEqual(span('month', '2025-12'), ['2025-12-01', '2025-12-31'])
})

test('P10: what names no period of 1991 to 2199 is undefined', () => {
  const wrong = {
    day: ['2026-3-2', '2026-02-30', '1990-12-31', '2200-01-01', '2026-03', '', 'today'],
    week: ['2026-W00', '2025-W53', '2026-W54', '2026-w10', '2026-W1', '2026-10', '1990-W10', '2200-W01', ''],
    month: ['2026-13', '2026-00', '2026-3', '1990-12', '2200-01', '2026-03-01', ''],
  }
  for (const kind of periodKinds) {
    for (const text of wrong[kind]) assert.equal(parsePeriod(kind, text), undefined, `${kind} ${text}`)
  }
})

test('the last days of December may belong to week 1 of the next year', () => {
  assert.equal(periodOf('week', '2024-12-30').key, '2025-W01')
  assert.equal(periodOf('week', '2027-01-03').key, '2026-W53')
  assert.throws(() => periodOf('month', '2026-3-1'), { code: 'bad_date' })
  assert.throws(() => periodOf('day', 'today'), { code: 'bad_date' })
})

test('titles read as people write dates', () => {
  const title = (kind: 'day' | 'week' | 'month', text: string) => periodTitle(parsePeriod(kind, text)!)
  assert.equal(title('day', '2026-03-02'), 'Monday, 2 March 2026')
  assert.equal(title('week', '2026-W10'), 'Week 10, 2–8 March 2026')
  assert.equal(title('week', '2026-W14'), 'Week 14, 30 March – 5 April 2026')
  assert.equal(title('week', '2025-W01'), 'Week 1, 30 December 2024 – 5 January 2025')
  assert.equal(title('month', '2026-03'), 'March 2026')
})

test('paths are those that bots and bookmarks already know', () => {
  assert.equal(periodPath(parsePeriod('day', '2026-03-02')!), '/papers/date/2026-03-02')
  assert.equal(periodPath(parsePeriod('week', '2025-W01')!), '/papers/week/2025-W01')
  assert.equal(periodPath(parsePeriod('month', '2025-03')!), '/papers/month/2025-03')
})

test('the walk ends at both ends of the years', () => {
  for (const kind of periodKinds) {
    const first = parsePeriod(kind, { day: '1991-01-01', week: '1991-W01', month: '1991-01' }[kind])!
    const last = parsePeriod(kind, { day: '2199-12-31', week: '2199-W52', month: '2199-12' }[kind])!
    assert.equal(previousPeriod(first), undefined)
    assert.equal(nextPeriod(last), undefined)
  }
})

test('every day lies in its period, keys are read back, neighbours touch without a gap', () => {
  const days = fc
    .date({ min: new Date('1991-02-01'), max: new Date('2199-11-30'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10))
  fc.assert(
    fc.property(days, fc.constantFrom(...periodKinds), (day, kind) => {
      const period = periodOf(kind, day)
      assert.ok(period.from <= day && day <= period.to)
      assert.deepEqual(parsePeriod(kind, period.key), period)
      const next = nextPeriod(period)!
      assert.ok(next.from > period.to)
      assert.equal(Date.parse(next.from) - Date.parse(period.to), 86_400_000)
      assert.deepEqual(previousPeriod(next), period)
    }),
    { numRuns: 500 },
  )
})
