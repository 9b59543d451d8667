import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instantAt, isZone, localDay } from './local-time.ts'

test('hours that a clock leaves out or repeats, and days that end early', () => {
  const at = (day: string, hour: number, zone: string) => instantAt(day, hour, zone).toISOString().slice(0, 16)
  assert.equal(at('2026-03-29', 2, 'Europe/Berlin'), '2026-03-29T01:00', 'left out: the first minute after')
  assert.equal(at('2026-10-25', 2, 'Europe/Berlin'), '2026-10-25T00:00', 'twice: the first time')
  assert.equal(at('2026-03-08', 2, 'America/New_York'), '2026-03-08T07:00')
  assert.equal(at('2026-07-01', 7, 'Asia/Kathmandu'), '2026-07-01T01:15')
  assert.equal(at('2026-03-28', 23, 'America/Nuuk'), '2026-03-29T00:59', 'the day ends before its last hour')
  assert.equal(localDay(instantAt('2026-03-28', 23, 'America/Nuuk'), 'America/Nuuk'), '2026-03-28')
  assert.deepEqual(['Europe/Berlin', 'UTC', '+02:00', 'Mars/Base', ''].map(isZone), [true, true, false, false, false])
})
