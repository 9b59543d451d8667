// A month of digests in little time: readers in many zones, days without papers, clocks that change; and, worked out in
// another way, what each of them was promised.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import type { Db } from '../src/db/index.ts'
import { runDigests, type SubscriptionSettings } from '../src/digest/index.ts'
import { announcedAt } from '../src/papers/index.ts'
import { clockAt, digestTools, fillEdition, subscribed } from './digests.ts'
import type { MailServer } from './mail-server.ts'

export const zones = [
  ...['Pacific/Kiritimati', 'Pacific/Pago_Pago', 'Pacific/Chatham', 'Pacific/Auckland', 'Australia/Lord_Howe'],
  ...['Australia/Sydney', 'Australia/Adelaide', 'Asia/Tokyo', 'Asia/Shanghai', 'Asia/Kathmandu', 'Asia/Kolkata'],
  ...[
    'Asia/Tehran',
    'Asia/Dubai',
    'Europe/Moscow',
    'Europe/Istanbul',
    'Africa/Cairo',
    'Europe/Berlin',
    'Europe/London',
  ],
  ...['Africa/Lagos', 'Atlantic/Azores', 'America/Nuuk', 'America/Sao_Paulo', 'America/St_Johns', 'America/Santiago'],
  ...['America/New_York', 'America/Chicago', 'America/Denver', 'America/Los_Angeles', 'Pacific/Honolulu', 'UTC'],
]

export type Month = { from: string; to: string; readers: number; papersADay: number; withoutPapers: readonly string[] }
type Reader = Pick<SubscriptionSettings, 'rhythm' | 'weekdays' | 'hour' | 'zone'> & { email: string }

const QUARTER_MS = 15 * 60_000
const DAY_MS = 86_400_000

export function readersOf(count: number): Reader[] {
  const rhythms = [
    { rhythm: 'daily', weekdays: [1, 2, 3, 4, 5] },
    { rhythm: 'daily', weekdays: [1, 2, 3, 4, 5] },
    { rhythm: 'weekdays', weekdays: [2, 6, 7] },
    { rhythm: 'weekly', weekdays: [1] },
    { rhythm: 'weekly', weekdays: [7] },
    { rhythm: 'monthly', weekdays: [1] },
  ] as const
  return Array.from({ length: count }, (_, n) => {
    const { rhythm, weekdays } = rhythms[n % rhythms.length] as (typeof rhythms)[number]
    // Two and three o'clock are the hours that clocks leave out or repeat.
    const hour = [7, 2, 3, 0, 18, 23, 9][Math.floor(n / zones.length) % 7] as number
    return {
      email: `reader${n}@example.org`,
      rhythm,
      weekdays: [...weekdays],
      hour,
      zone: zones[n % zones.length] as string,
    }
  })
}

/** Runs the month, a quarter of an hour at a time, over a real SMTP server, and checks every reader's mail. */
export async function simulateMonth(
  t: Pick<TestContext, 'after'>,
  db: Db,
  server: MailServer,
  month: Month,
  onDay: (day: string) => void = () => {},
): Promise<{ mails: number }> {
  const start = Date.parse(`${month.from}T00:00:00Z`)
  const end = Date.parse(`${month.to}T00:00:00Z`)
  const readers = readersOf(month.readers)
  const since = new Date(start)
  for (const { email, ...settings } of readers) await subscribed(db, email, { ...settings, length: 50 }, since)
  const editions = weekdaysBetween(start - 2 * DAY_MS, end + DAY_MS).filter((day) => !month.withoutPapers.includes(day))
  const waiting = [...editions]
  const clock = clockAt(since.toISOString())
  const tools = digestTools(t, db, server, clock)
  const sentAt = new Map<string, { at: number; raw: string }[]>()
  let seen = 0
  for (let now = start; now <= end; now += QUARTER_MS) {
    clock.now = new Date(now)
    while (waiting[0] && announcedAt(waiting[0]).getTime() <= now)
      await fillEdition(db, waiting.shift() as string, month.papersADay, clock.now)
    await runDigests(tools, { worker: 'month' })
    for (const { to, raw } of server.delivered.slice(seen)) {
      const text = raw.toString('latin1')
      const list = sentAt.get(to) ?? []
      list.push({ at: now, raw: text })
      sentAt.set(to, list)
    }
    seen = server.delivered.length
    if (now % DAY_MS === 0) onDay(clock.now.toISOString().slice(0, 10))
  }
  for (const reader of readers) checkReader(reader, sentAt.get(reader.email) ?? [], editions, start, end)
  return { mails: server.delivered.length }
}

function checkReader(
  reader: Reader,
  mails: { at: number; raw: string }[],
  editions: string[],
  start: number,
  end: number,
) {
  const name = `${reader.email} ${JSON.stringify(reader)}`
  const expected: number[] = []
  let had: string | undefined
  for (const slot of slotsOf(reader, start, end)) {
    const announced = labelsUntil(slot)
    const newest = announced.at(-1) as string
    const firstDays = { daily: 1, weekdays: 4, weekly: 7, monthly: 31 }[reader.rhythm]
    const from = had ?? new Date(Date.parse(newest) - firstDays * DAY_MS).toISOString().slice(0, 10)
    const fresh = editions.filter((day) => day > from && day <= newest)
    if (fresh.length === 0) continue
    expected.push(slot)
    had = newest
  }
  const inWords = (times: number[]) => times.map((time) => new Date(time).toISOString().slice(0, 16))
  assert.deepEqual(inWords(mails.map(({ at }) => at)), inWords(expected), name)
  const papers = mails.flatMap(({ raw }) => [...raw.matchAll(/papers\/(\d{4}\.\d{5})\r?\n/g)].map(([, id]) => id))
  assert.equal(new Set(papers).size, papers.length, `${name}: a paper came twice`)
  const ids = mails.map(({ raw }) => /^Message-ID:\s*(<[^>]+>)/im.exec(raw)?.[1])
  assert.equal(new Set(ids).size, mails.length, `${name}: a mail came twice`)
}

/** arXiv's labels up to an instant; here every weekday is one. */
function labelsUntil(instant: number): string[] {
  return weekdaysBetween(instant - 40 * DAY_MS, instant + 2 * DAY_MS).filter(
    (day) => announcedAt(day).getTime() <= instant,
  )
}

function weekdaysBetween(from: number, to: number): string[] {
  const days: string[] = []
  for (let time = from - (from % DAY_MS); time <= to; time += DAY_MS) {
    const weekday = new Date(time).getUTCDay()
    if (weekday > 0 && weekday < 6) days.push(new Date(time).toISOString().slice(0, 10))
  }
  return days
}

const walls = new Map<string, { instant: number; day: string; minutes: number }[]>()

/** What clocks of a zone show at every quarter of an hour: slow and simple, to be compared with the quick way. */
function wallOf(zone: string, start: number, end: number) {
  const key = `${zone} ${start} ${end}`
  let wall = walls.get(key)
  if (!wall) {
    const format = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      dateStyle: 'short',
      timeStyle: 'short',
      hourCycle: 'h23',
    })
    wall = []
    for (let instant = start - DAY_MS; instant <= end; instant += QUARTER_MS) {
      const [day = '', time = ''] = format.format(instant).split(', ')
      const [hour = 0, minute = 0] = time.split(':').map(Number)
      wall.push({ instant, day, minutes: hour * 60 + minute })
    }
    walls.set(key, wall)
  }
  return wall
}

function slotsOf({ rhythm, weekdays, hour, zone }: Reader, start: number, end: number): number[] {
  const done = new Set<string>()
  const slots: number[] = []
  const wall = wallOf(zone, start, end)
  for (const [index, { instant, day, minutes }] of wall.entries()) {
    // A day that ends before its hour: the quarter that holds its last minute is sent in the next.
    const isLast = minutes < hour * 60 && wall[index + 1]?.day !== undefined && wall[index + 1]?.day !== day
    if (isLast && !done.has(day)) {
      done.add(day)
      if (falls(day, { rhythm, weekdays }) && instant + QUARTER_MS > start) slots.push(instant + QUARTER_MS)
    }
    if (done.has(day) || minutes < hour * 60) continue
    done.add(day)
    if (falls(day, { rhythm, weekdays }) && instant > start) slots.push(instant)
  }
  return slots
}

function falls(day: string, { rhythm, weekdays }: Pick<Reader, 'rhythm' | 'weekdays'>): boolean {
  const weekday = new Date(`${day}T12:00:00Z`).getUTCDay() || 7
  if (rhythm === 'monthly') return day.endsWith('-01')
  return rhythm === 'daily' ? weekday < 6 : weekdays.includes(weekday)
}
