import { addDays, type Day, dateInWords, dayInWords, isDay, weekdayOf } from '../papers/index.ts'

export const periodKinds = ['day', 'week', 'month'] as const
export type PeriodKind = (typeof periodKinds)[number]

/** A stretch of days, both ends in. `key` is `2026-03-02`, `2026-W10` (ISO week and its own year) or `2026-03`. */
export type Period = { kind: PeriodKind; key: string; from: Day; to: Day }

// Pages outside these years do not exist: a crawler that follows "previous" comes to an end.
const firstYear = 1991
const lastYear = 2199

/** Reads the key of a page's address; undefined for anything that names no period of the years 1991 to 2199. */
export function parsePeriod(kind: PeriodKind, text: string): Period | undefined {
  const day = firstDayOf(kind, text)
  if (day === undefined || !isDay(day)) return undefined
  const period = periodOf(kind, day)
  return period.key === text && isInRange(period) ? period : undefined
}

/** The period that a day falls into. The last days of December may be in week 1 of the next year, and the reverse. */
export function periodOf(kind: PeriodKind, day: Day): Period {
  if (kind === 'week') return weekOf(day)
  if (kind === 'month') return monthOf(day)
  return { kind, key: addDays(day, 0), from: day, to: day }
}

/** Undefined where the years end. */
export function previousPeriod(period: Period): Period | undefined {
  const previous = periodOf(period.kind, addDays(period.from, -1))
  return isInRange(previous) ? previous : undefined
}

/** Undefined where the years end. */
export function nextPeriod(period: Period): Period | undefined {
  const next = periodOf(period.kind, addDays(period.to, 1))
  return isInRange(next) ? next : undefined
}

/** `Monday, 2 March 2026`, `Week 10, 2–8 March 2026`, `March 2026` */
export function periodTitle(period: Period): string {
  if (period.kind === 'day') return dayInWords(period.from)
  if (period.kind === 'month') return dateInWords(period.from).slice(2)
  return `Week ${Number(period.key.slice(6))}, ${span(period.from, period.to)}`
}

/** The address of the period's page. */
export function periodPath(period: Period): string {
  return `/papers/${period.kind === 'day' ? 'date' : period.kind}/${period.key}`
}

function firstDayOf(kind: PeriodKind, text: string): Day | undefined {
  if (kind === 'day') return text
  if (kind === 'month') return `${text}-01`
  const [, year, week] = /^(\d{4})-W(\d\d)$/.exec(text) ?? []
  const fourthOfJanuary = `${year}-01-04` // always in week 1
  return isDay(fourthOfJanuary) ? addDays(fourthOfJanuary, (Number(week) - 1) * 7) : undefined
}

function weekOf(day: Day): Period {
  const from = addDays(day, 1 - weekdayOf(day))
  const thursday = addDays(from, 3) // a week belongs to the year of its Thursday
  const year = thursday.slice(0, 4)
  const daysIntoYear = (Date.parse(thursday) - Date.parse(`${year}-01-01`)) / 86_400_000
  const week = String(Math.floor(daysIntoYear / 7) + 1).padStart(2, '0')
  return { kind: 'week', key: `${year}-W${week}`, from, to: addDays(from, 6) }
}

function monthOf(day: Day): Period {
  const key = addDays(day, 0).slice(0, 7)
  const from = `${key}-01`
  const inNextMonth = addDays(from, 31)
  return { kind: 'month', key, from, to: addDays(inNextMonth, -Number(inNextMonth.slice(8))) }
}

function isInRange(period: Period): boolean {
  const year = Number(period.key.slice(0, 4))
  return year >= firstYear && year <= lastYear
}

/** `2–8 March 2026`, `30 March – 5 April 2026`, `30 December 2024 – 5 January 2025` */
function span(from: Day, to: Day): string {
  const [day, month, year] = dateInWords(from).split(' ')
  const end = dateInWords(to)
  if (from.slice(0, 7) === to.slice(0, 7)) return `${day}–${end}`
  return from.slice(0, 4) === to.slice(0, 4) ? `${day} ${month} – ${end}` : `${day} ${month} ${year} – ${end}`
}
