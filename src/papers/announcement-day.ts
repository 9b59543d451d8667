import shippedCalendar from '../../data/arxiv-calendar.json' with { type: 'json' }
import { AppError } from '../errors.ts'
import { localTime } from '../lib/zone-clock.ts'

/** A calendar day `YYYY-MM-DD`: always padded, so that the order of the texts is the order of time. */
export type Day = string

/**
 * What arXiv has said about its announcements: `years` is the range (both ends in) whose holidays are known, `deferred`
 * gives each put-off day its name. arXiv does not say whether it means the evening or the label: an observed list wins.
 */
export type ArxivCalendar = {
  source: string
  years: readonly [number, number]
  deferred: Readonly<Record<Day, string>>
}

const { source, years, deferred } = shippedCalendar
export const arxivCalendar: ArxivCalendar = { source, years: [years[0]!, years[1]!], deferred }

export type Announcement = { day: Day; at: Date }

/** Why a day shows no papers, with words for a reader; `next` where a list is still to come. */
export type EmptyDay = {
  reason: 'weekend' | 'holiday' | 'not_yet_announced' | 'future' | 'nothing_stored'
  text: string
  next?: Announcement
}

const hour = 3_600_000
const dayLength = 24 * hour
const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']
const months = 'January February March April May June July August September October November December'.split(' ')

/** Whether the text is a real calendar day, written padded: `2026-6-30` and `2026-02-30` are refused. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false
  const time = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(time) && dayAt(time) === text
}

export function addDays(day: Day, count: number): Day {
  return dayAt(midnight(day) + count * dayLength)
}

/** 1 is Monday, 7 is Sunday. */
export function weekdayOf(day: Day): number {
  return new Date(midnight(day)).getUTCDay() || 7
}

/** `2 March 2026` */
export function dateInWords(day: Day): string {
  const date = new Date(midnight(day))
  return `${date.getUTCDate()} ${months[date.getUTCMonth()]} ${date.getUTCFullYear()}`
}

/** `Monday, 2 March 2026` */
export function dayInWords(day: Day): string {
  return `${weekdayName(day)}, ${dateInWords(day)}`
}

/** The calendar day in New York, arXiv's zone, at an instant. */
export function newYorkDay(instant: Date): Day {
  return dayAt(newYorkTime(instant))
}

/** The newest label that arXiv should have announced by now. Days known to be put off are passed over. */
export function currentAnnouncementDay(now: Date, calendar = arxivCalendar): Day {
  let day = labelInTheMaking(now)
  while (!isRegular(day, calendar)) day = addDays(day, -1)
  return day
}

/** The announcement that follows the current one: its label and the instant, 20:00 New York on the evening before. */
export function nextAnnouncement(now: Date, calendar = arxivCalendar): Announcement {
  return announcementAfter(labelInTheMaking(now), calendar)
}

/** The instant at which a label is announced. */
export function announcedAt(day: Day): Date {
  const wanted = midnight(day) - 4 * hour
  const winterTime = wanted + 5 * hour
  return new Date(winterTime - (newYorkTime(new Date(winterTime)) - wanted))
}

/** What arrives after this hour in New York is announced a working day later (since January 2017; before, 16:00). */
const CUTOFF_HOUR = 14

/**
 * The label under which a paper was announced, if it was not held and no holiday came between: a guess from its
 * submission, for days whose lists are gone. To be shown as such, and never stored as a fact.
 */
export function estimatedAnnouncementDay(submittedAt: Date): Day {
  const nextWorkday = (day: Day): Day => (weekdayOf(day) > 5 ? nextWorkday(addDays(day, 1)) : day)
  const receivedOn = nextWorkday(dayAt(newYorkTime(submittedAt) + (24 - CUTOFF_HOUR) * hour))
  return nextWorkday(addDays(receivedOn, 1))
}

/** Whether arXiv prints this day as a label. `maybe`: put off by its calendar; `unknown_year`: no calendar for it. */
export function expectedOn(day: Day, calendar = arxivCalendar): 'expected' | 'weekend' | 'maybe' | 'unknown_year' {
  if (weekdayOf(day) > 5) return 'weekend'
  if (calendar.deferred[day] !== undefined) return 'maybe'
  const year = Number(day.slice(0, 4))
  return year < calendar.years[0] || year > calendar.years[1] ? 'unknown_year' : 'expected'
}

/** For a day of which nothing is stored: an empty day is explained, never shown as an error. */
export function whyEmpty(day: Day, now: Date, calendar = arxivCalendar): EmptyDay {
  const expected = expectedOn(day, calendar)
  const current = currentAnnouncementDay(now, calendar)
  if (expected === 'weekend' || expected === 'maybe') {
    const after = announcementAfter(day, calendar)
    const next = after.day > current ? after : undefined
    const cause =
      expected === 'weekend'
        ? 'arXiv announces nothing on Saturdays and Sundays.'
        : `By its calendar, arXiv puts off the announcement of ${dayInWords(day)} (${calendar.deferred[day]}).`
    const reason = expected === 'weekend' ? 'weekend' : 'holiday'
    return next ? { reason, text: `${cause} ${expectation(next)}`, next } : { reason, text: cause }
  }
  if (day <= current) return { reason: 'nothing_stored', text: nothingStored(day, day === current, expected) }
  const next = nextAnnouncement(now, calendar)
  return day === next.day
    ? { reason: 'not_yet_announced', text: `The list of ${dayInWords(day)} is not out yet: ${evening(next)}.`, next }
    : { reason: 'future', text: `${dayInWords(day)} is still to come. ${expectation(next)}`, next }
}

function expectation(next: Announcement): string {
  return `The next list is expected on ${dayInWords(next.day)}: ${evening(next)}.`
}

function evening(next: Announcement): string {
  return `arXiv announces it the evening before, on ${weekdayName(addDays(next.day, -1))} at 20:00 New York time`
}

function nothingStored(day: Day, isNewest: boolean, expected: 'expected' | 'unknown_year'): string {
  if (isNewest) return `The list of ${dayInWords(day)} is due, but none of its papers have arrived here yet.`
  const cause =
    expected === 'expected'
      ? 'arXiv was due to announce papers; they were not gathered here, or none is of a subject that is followed.'
      : `arXiv may have paused that day: its holidays of ${day.slice(0, 4)} are not known here.`
  return `No papers of ${dayInWords(day)} are stored here. ${cause}`
}

/** The first announcement after a day: its label, and the instant from which the day's list is the list of the past. */
export function announcementAfter(label: Day, calendar = arxivCalendar): Announcement {
  let day = addDays(label, 1)
  while (!isRegular(day, calendar)) day = addDays(day, 1)
  return { day, at: announcedAt(day) }
}

function isRegular(day: Day, calendar: ArxivCalendar): boolean {
  const expected = expectedOn(day, calendar)
  return expected === 'expected' || expected === 'unknown_year'
}

/** From 20:00 on the evening belongs to the next day's label. */
function labelInTheMaking(now: Date): Day {
  return dayAt(newYorkTime(now) + 4 * hour)
}

const newYorkTime = (instant: Date): number => localTime(instant.getTime(), 'America/New_York')

function midnight(day: Day): number {
  if (!isDay(day)) {
    throw new AppError(
      'bad_date',
      `A day is written like 2026-03-02, with zeros; "${day}" is not a day of the calendar.`,
    )
  }
  return Date.parse(`${day}T00:00:00Z`)
}

function dayAt(time: number): Day {
  return new Date(time).toISOString().slice(0, 10)
}

function weekdayName(day: Day): string {
  return weekdays[weekdayOf(day) - 1]!
}
