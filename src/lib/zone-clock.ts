// Making a formatter costs a thousand times as much as using it; there are some 400 zones.
const formatters = new Map<string, Intl.DateTimeFormat>()

/** What a clock in an IANA zone shows, in milliseconds as if that were UTC. Throws RangeError for a zone nobody knows. */
export function localTime(instant: number, zone: string): number {
  if (zone === 'UTC') return instant
  const [month, day, year, hour, minute, second] = formatterOf(zone).format(instant).split(/\D+/).map(Number)
  return Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second)
}

function formatterOf(zone: string): Intl.DateTimeFormat {
  let formatter = formatters.get(zone)
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
    formatters.set(zone, formatter)
  }
  return formatter
}
