import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fc } from '../../tests/property.ts'
import {
  addDays,
  announcedAt,
  arxivCalendar,
  currentAnnouncementDay,
  dayInWords,
  expectedOn,
  isDay,
  newYorkDay,
  nextAnnouncement,
  weekdayOf,
  whyEmpty,
} from './announcement-day.ts'

const at = (text: string) => new Date(text)

test('P10: a day is a real calendar day, padded; anything else is refused', () => {
  for (const day of ['2026-03-02', '2024-02-29', '1991-08-14']) assert.equal(isDay(day), true, day)
  for (const text of ['2026-6-30', '2026-02-30', '2025-02-29', '2026-13-01', '2026-00-10', '26-03-02', '', 'today']) {
    assert.equal(isDay(text), false, text)
  }
  assert.equal(isDay('2026-03-02T00:00:00Z'), false)
  assert.equal(isDay(' 2026-03-02'), false)
  assert.equal(isDay('2026-03-02\n'), false)
  assert.throws(() => addDays('2026-6-30', 1), { code: 'bad_date', message: /2026-6-30/ })
  assert.throws(() => expectedOn('tomorrow'), { code: 'bad_date' })
})

test('days are counted over the ends of months and leap days', () => {
  assert.equal(addDays('2024-02-28', 1), '2024-02-29')
  assert.equal(addDays('2026-01-01', -1), '2025-12-31')
  assert.equal(dayInWords('2026-03-02'), 'Monday, 2 March 2026')
})

test('a day in New York follows summer time', () => {
  assert.equal(newYorkDay(at('2026-08-12T03:59:59Z')), '2026-08-11')
  assert.equal(newYorkDay(at('2026-08-12T04:00:00Z')), '2026-08-12')
  assert.equal(newYorkDay(at('2026-01-12T04:59:59Z')), '2026-01-11')
  assert.equal(newYorkDay(at('2026-01-12T05:00:00Z')), '2026-01-12')
})

test('the label changes at 20:00 in New York, summer and winter', () => {
  assert.equal(currentAnnouncementDay(at('2026-08-11T23:59:59Z')), '2026-08-11')
  assert.equal(currentAnnouncementDay(at('2026-08-12T00:00:00Z')), '2026-08-12')
  assert.equal(currentAnnouncementDay(at('2026-02-11T00:59:59Z')), '2026-02-10')
  assert.equal(currentAnnouncementDay(at('2026-02-11T01:00:00Z')), '2026-02-11')
})

test('P2: from Thursday evening to Sunday evening the label stays Friday', () => {
  for (const now of ['2026-03-06T01:00:00Z', '2026-03-07T02:00:00Z', '2026-03-08T12:00:00Z', '2026-03-08T23:59:00Z']) {
    assert.equal(currentAnnouncementDay(at(now)), '2026-03-06', now)
    assert.equal(nextAnnouncement(at(now)).day, '2026-03-09', now)
  }
  // Clocks were put forward that Sunday: 20:00 is 00:00 UTC again.
  assert.equal(currentAnnouncementDay(at('2026-03-09T00:00:00Z')), '2026-03-09')
})

test('a label is announced at 20:00 New York on the evening before, also around the change of clocks', () => {
  assert.equal(announcedAt('2026-08-12').toISOString(), '2026-08-12T00:00:00.000Z')
  assert.equal(announcedAt('2026-02-11').toISOString(), '2026-02-11T01:00:00.000Z')
  assert.equal(announcedAt('2026-03-06').toISOString(), '2026-03-06T01:00:00.000Z')
  assert.equal(announcedAt('2026-03-09').toISOString(), '2026-03-09T00:00:00.000Z')
  assert.equal(announcedAt('2026-10-30').toISOString(), '2026-10-30T00:00:00.000Z')
  assert.equal(announcedAt('2026-11-02').toISOString(), '2026-11-02T01:00:00.000Z')
})

test('days known to be put off are passed over on both sides', () => {
  const thanksgivingNoon = at('2026-11-26T17:00:00Z')
  assert.equal(currentAnnouncementDay(thanksgivingNoon), '2026-11-25')
  assert.deepEqual(nextAnnouncement(thanksgivingNoon), { day: '2026-11-27', at: at('2026-11-27T01:00:00Z') })
  assert.equal(nextAnnouncement(at('2026-09-05T12:00:00Z')).day, '2026-09-08')
})

test('the current label has been announced, the next has not, and nothing lies between them', () => {
  const instants = fc.date({ min: at('1991-01-01T00:00:00Z'), max: at('2199-12-31T00:00:00Z'), noInvalidDate: true })
  fc.assert(
    fc.property(instants, (now) => {
      const current = currentAnnouncementDay(now)
      const next = nextAnnouncement(now)
      assert.ok(announcedAt(current) <= now && now < next.at)
      assert.ok(weekdayOf(current) <= 5 && weekdayOf(next.day) <= 5)
      assert.equal(currentAnnouncementDay(next.at), next.day)
      for (let day = addDays(current, 1); day < next.day; day = addDays(day, 1)) {
        assert.match(expectedOn(day), /weekend|maybe/)
      }
    }),
    { numRuns: 500 },
  )
})

test('each day is expected, a weekend, maybe, or of a year without a calendar', () => {
  assert.equal(expectedOn('2026-03-02'), 'expected')
  assert.equal(expectedOn('2026-03-07'), 'weekend')
  assert.equal(expectedOn('2026-11-26'), 'maybe')
  assert.equal(expectedOn('2025-03-03'), 'unknown_year')
  assert.equal(expectedOn('2025-03-01'), 'weekend')
})

test('a calendar that was extended is obeyed', () => {
  const extended = { ...arxivCalendar, deferred: { ...arxivCalendar.deferred, '2026-03-03': 'a power failure' } }
  assert.equal(expectedOn('2026-03-03', extended), 'maybe')
  assert.equal(nextAnnouncement(at('2026-03-02T12:00:00Z'), extended).day, '2026-03-04')
  assert.match(whyEmpty('2026-03-03', at('2026-03-03T12:00:00Z'), extended).text, /a power failure/)
})

test('the shipped calendar holds weekdays of its own years only', () => {
  const [first, last] = arxivCalendar.years
  for (const day of Object.keys(arxivCalendar.deferred)) {
    assert.ok(isDay(day) && weekdayOf(day) <= 5, day)
    assert.ok(Number(day.slice(0, 4)) >= first && Number(day.slice(0, 4)) <= last, day)
  }
})

test('P1: an empty weekend says that arXiv pauses and when the next list is expected', () => {
  const answer = whyEmpty('2026-11-28', at('2026-11-28T15:00:00Z'))
  assert.equal(answer.reason, 'weekend')
  assert.equal(
    answer.text,
    'arXiv announces nothing on Saturdays and Sundays. The next list is expected on Monday, 30 November 2026: ' +
      'arXiv announces it the evening before, on Sunday at 20:00 New York time.',
  )
  assert.deepEqual(answer.next, { day: '2026-11-30', at: at('2026-11-30T01:00:00Z') })
})

test('a weekend long ago promises no next list', () => {
  assert.deepEqual(whyEmpty('2025-03-01', at('2026-11-28T15:00:00Z')), {
    reason: 'weekend',
    text: 'arXiv announces nothing on Saturdays and Sundays.',
  })
})

test('P1: an empty holiday gives its name and the list that follows', () => {
  const answer = whyEmpty('2026-11-26', at('2026-11-26T15:00:00Z'))
  assert.equal(answer.reason, 'holiday')
  assert.match(answer.text, /puts off the announcement of Thursday, 26 November 2026 \(Thanksgiving\)/)
  assert.equal(answer.next?.day, '2026-11-27')
})

test('the coming list is not out yet, later ones are future, announced ones are not stored', () => {
  const mondayNoon = at('2026-03-02T17:00:00Z')
  const coming = whyEmpty('2026-03-03', mondayNoon)
  assert.equal(coming.reason, 'not_yet_announced')
  assert.match(coming.text, /Tuesday, 3 March 2026 is not out yet.*on Monday at 20:00 New York time/)
  assert.equal(coming.next?.at.toISOString(), '2026-03-03T01:00:00.000Z')

  const later = whyEmpty('2026-03-04', mondayNoon)
  assert.equal(later.reason, 'future')
  assert.equal(later.next?.day, '2026-03-03')

  assert.equal(whyEmpty('2026-03-02', mondayNoon).reason, 'nothing_stored')
  assert.match(whyEmpty('2026-03-02', mondayNoon).text, /is due, but none of its papers have arrived here yet/)
  assert.match(whyEmpty('2026-02-26', mondayNoon).text, /were not gathered here/)
  assert.match(whyEmpty('2025-02-26', mondayNoon).text, /its holidays of 2025 are not known here/)
})
