import { isDay } from '../../papers/index.ts'
import { BadRecord, excerpt } from './import-item.ts'

const months = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ')
const isoPattern = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,3})\d{0,6})?)?\s?(Z|[+-]\d\d:?\d\d)?)?$/
/** As in mail and in arXiv's versions: `Mon, 2 Apr 2007 19:18:42 GMT`. */
const mailPattern = /^(?:[A-Z][a-z]{2}, )?(\d{1,2}) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d):(\d\d) ?(GMT|UTC|[+-]\d{4})?$/
/** Meant as a full date, so that one that cannot be read is a mistake and not just something else. */
const meantAsDate = /^\d{4}[-/]\d{1,2}[-/]\d/

/** A date as stated: `day` alone where no time of day was given. Times without a zone are UTC. */
export type StatedDate = { day: string; instant?: string }

/**
 * Reads a date. Absent values, years, months and other words say nothing that could be kept: undefined. Throws
 * `BadRecord` for a full date that does not exist or is not padded (`2026-6-30`), which would sort wrongly.
 */
export function readDate(field: string, value: unknown): StatedDate | undefined {
  if (typeof value !== 'string') return undefined
  const text = value.trim()
  const iso = isoPattern.exec(text)
  const date = iso ? ofIso(iso) : ofMail(mailPattern.exec(text))
  if (date === undefined && meantAsDate.test(text)) {
    throw new BadRecord(field, `expected a date such as 2026-03-02 or 2026-03-02T18:30:00Z, got ${excerpt(text)}`)
  }
  return date
}

/** The same as `isDay` for a padded date, quicker where the answer is plain. */
function isRealDay(day: string): boolean {
  const [month, date] = [Number(day.slice(5, 7)), Number(day.slice(8))]
  return (month >= 1 && month <= 12 && date >= 1 && date <= 28) || isDay(day)
}

/** Reads a calendar day; of an instant the day in UTC. */
export function readDay(field: string, value: unknown): string | undefined {
  const date = readDate(field, value)
  return date?.instant?.slice(0, 10) ?? date?.day
}

function ofIso([, day, hour, minute, second, fraction, zone]: RegExpExecArray): StatedDate | undefined {
  if (!isRealDay(day!)) return undefined
  if (hour === undefined) return { day: day! }
  const time = `${hour}:${minute}:${second ?? '00'}.${(fraction ?? '').padEnd(3, '0')}`
  const offset = zone === undefined ? 'Z' : zone.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2')
  return ofInstant(day!, Date.parse(`${day}T${time}${offset}`))
}

function ofMail(match: RegExpExecArray | null): StatedDate | undefined {
  if (!match) return undefined
  const [, date, monthName, year, hour, minute, second, zone] = match
  const month = months.indexOf(monthName!.toLowerCase()) + 1
  const day = `${year}-${String(month).padStart(2, '0')}-${date!.padStart(2, '0')}`
  if (!isDay(day)) return undefined
  const offset = zone?.startsWith('+') || zone?.startsWith('-') ? `${zone.slice(0, 3)}:${zone.slice(3)}` : 'Z'
  return ofInstant(day, Date.parse(`${day}T${hour}:${minute}:${second}${offset}`))
}

function ofInstant(day: string, milliseconds: number): StatedDate | undefined {
  return Number.isNaN(milliseconds) ? undefined : { day, instant: new Date(milliseconds).toISOString() }
}
