import type { Schedule } from './schedule.ts'

const weekdayNames = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

/** `on working days at 07:00 (Europe/Berlin)` */
export function scheduleSentence({ rhythm, weekdays, hour, zone }: Schedule): string {
  const names = weekdays.map((day) => weekdayNames[day - 1])
  const when = {
    daily: 'on days with new papers, Monday to Friday,',
    weekdays: `on ${names.join(', ')}`,
    weekly: `every ${names[0]}`,
    monthly: 'on the first of the month',
  }[rhythm]
  return `${when} at ${String(hour).padStart(2, '0')}:00 (${zone.replaceAll('_', ' ')})`
}
