const shortDayFormat = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
})
const instantFormat = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' })

/** A day in short, such as "2 Mar 2026"; days have no zone of their own, so they are read and written in UTC. */
export const shortDay = (day: string): string => shortDayFormat.format(new Date(`${day}T00:00:00Z`))
/** An instant with its zone, such as "2 Mar 2026, 18:30 UTC". */
export const instant = (iso: string): string => `${instantFormat.format(new Date(iso))} UTC`

/** An instant as a clock in a zone shows it, such as "Wed, 2 Mar 2026, 07:00"; say beside it which zone that is. */
export const instantIn = (instant: Date, zone: string): string =>
  new Intl.DateTimeFormat('en-GB', {
    ...{ weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' },
    ...{ hour: '2-digit', minute: '2-digit', timeZone: zone },
  }).format(instant)
