import type { Schedule } from './schedule.ts'

const weekdayNames = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

/** `on working days at 07:00 (Europe/Berlin)` */
export function scheduleSentence({ rhythm, weekdays, hour, zone }: Schedule): string {
  const when = {
    daily: 'on days with new papers, Monday to Friday,',
    weekdays: daysInWords(weekdays),
    weekly: `every ${nameOf(weekdays[0] ?? 1)}`,
    monthly: 'on the first of the month',
  }[rhythm]
  return `${when} at ${String(hour).padStart(2, '0')}:00 (${zone.replaceAll('_', ' ')})`
}

const nameOf = (day: number) => weekdayNames[day - 1]

function daysInWords(weekdays: readonly number[]): string {
  const sorted = [...weekdays].sort((a, b) => a - b)
  if (sorted.length === 7) return 'every day'
  if (sorted.join('') === '12345') return 'on working days'
  const names = sorted.map(nameOf)
  return names.length > 1 ? `on ${names.slice(0, -1).join(', ')} and ${names.at(-1)}` : `on ${names[0]}s`
}
