import { localTime } from '../lib/zone-clock.ts'
import { addDays, type Day } from '../papers/index.ts'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

/** Whether this program knows a zone by this IANA name. */
export function isZone(name: string): boolean {
  // Offsets such as "+02:00" are accepted by the formatter, but know nothing of summer.
  if (!/^(UTC|[A-Z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+){1,2})$/.test(name)) return false
  try {
    localTime(0, name)
    return true
  } catch {
    return false // there is no such zone
  }
}

/** Names to choose from, in the order of the alphabet. */
export const zoneNames = (): string[] => ['UTC', ...Intl.supportedValuesOf('timeZone').filter((name) => name !== 'UTC')]

/** The calendar day that a clock in the zone shows. */
export function localDay(instant: Date, zone: string): Day {
  return new Date(localTime(instant.getTime(), zone)).toISOString().slice(0, 10)
}

/** The full hour that a clock in the zone shows, with its minutes: `07:00`. */
export function localClock(instant: Date, zone: string): string {
  return new Date(localTime(instant.getTime(), zone)).toISOString().slice(11, 16)
}

/**
 * The instant at which it is `hour` o'clock on a day in a zone, always within that day. Where the clock jumps over it,
 * the first minute after the jump; where the hour comes twice, its first time.
 */
export function instantAt(day: Day, hour: number, zone: string): Date {
  const wanted = Date.parse(`${day}T00:00:00Z`) + hour * 60 * MINUTE_MS
  const before = offsetAt(wanted - DAY_MS, zone)
  const after = offsetAt(wanted + DAY_MS, zone)
  // With the offset of the day before: right until the clock changes, and exactly the jump when the hour is left out.
  const early = wanted - before
  if (before === after || localTime(early, zone) === wanted) return new Date(early)
  const late = wanted - after
  if (localTime(late, zone) === wanted) return new Date(late)
  const jump = jumpAfter(late, early, zone)
  // Nuuk leaves out the last hour of a day: then the last minute before the jump, for the next day has its own hour.
  return new Date(localDay(new Date(jump), zone) === day ? jump : jump - MINUTE_MS)
}

/** The first minute of the new time between two instants around a jump forward. */
function jumpAfter(from: number, to: number, zone: string): number {
  const old = offsetAt(from, zone)
  let [low, high] = [from, to]
  while (high - low > MINUTE_MS) {
    const middle = low + Math.floor((high - low) / 2 / MINUTE_MS) * MINUTE_MS
    if (offsetAt(middle, zone) === old) low = middle
    else high = middle
  }
  return high
}

const offsetAt = (instant: number, zone: string) => localTime(instant, zone) - instant

/** The days from one to another, both in, at most `limit` of them. */
export function* daysFrom(first: Day, limit: number): Iterable<Day> {
  for (let count = 0; count < limit; count++) yield addDays(first, count)
}
