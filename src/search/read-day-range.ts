/** Days counted from 1970-01-01, inclusive; an end that is left out is open. */
export type DayRange = { fromDay?: number; toDay?: number }

const MS_PER_DAY = 86_400_000
const pattern = /^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$/

/** `2025`, `2025-03`, `2025-03-07`, ranges of these with `..`, open at either end. A sentence when it is none of them. */
export function readDayRange(text: string): DayRange | string {
  const [first = '', second, ...more] = text.split('..')
  if (more.length > 0 || (second !== undefined && first === '' && second === '')) return unreadable(text)
  if (second === undefined) {
    const day = readPeriod(first)
    return day ? { fromDay: day[0], toDay: day[1] } : unreadable(text)
  }
  const from = first === '' ? undefined : readPeriod(first)
  const to = second === '' ? undefined : readPeriod(second)
  if ((first !== '' && !from) || (second !== '' && !to)) return unreadable(text)
  if (from && to && to[1] < from[0]) return `The range ${text} ends before it begins.`
  return { ...(from ? { fromDay: from[0] } : {}), ...(to ? { toDay: to[1] } : {}) }
}

/** First and last day of a day, month or year. */
function readPeriod(text: string): [number, number] | undefined {
  const match = pattern.exec(text)
  if (!match) return undefined
  const [, year, month, day] = match
  const first = Date.UTC(Number(year), month ? Number(month) - 1 : 0, day ? Number(day) : 1)
  const date = new Date(first)
  // Date.UTC turns the 30th of February into March; a reader who writes it is told.
  if (month && date.getUTCMonth() !== Number(month) - 1) return undefined
  if (day && date.getUTCDate() !== Number(day)) return undefined
  const after = day ? first + MS_PER_DAY : Date.UTC(Number(year) + (month ? 0 : 1), month ? Number(month) : 0, 1)
  return [first / MS_PER_DAY, after / MS_PER_DAY - 1]
}

function unreadable(text: string): string {
  return `"${text.slice(0, 40)}" is no date: write a year, month or day, or a range of them, such as date:2025, date:2025-03 or date:2025-03..2025-06.`
}
