import { periodOf } from '../feed/index.ts'
import { type Day, weekdayOf } from '../papers/index.ts'
import { daysFrom, instantAt, localDay } from './local-time.ts'

export const rhythms = ['daily', 'weekdays', 'weekly', 'monthly'] as const
export type Rhythm = (typeof rhythms)[number]

/**
 * When mail is promised, in the reader's own zone: weekdays are theirs, not UTC's. `daily` is Monday to Friday and only
 * when arXiv announced something new; `weekdays` the chosen ones; `weekly` the first chosen one; `monthly` the first of
 * the month.
 */
export type Schedule = {
  rhythm: Rhythm
  /** 1 is Monday, 7 is Sunday. */
  weekdays: readonly number[]
  hour: number
  zone: string
}

export const workingDays: readonly number[] = [1, 2, 3, 4, 5]
/** The longest wait is a month; a zone may leave a day out. */
const LONGEST_WAIT_DAYS = 40
const SLOTS_KEPT = 20_000

const keptSlots = new Map<string, Date>()

/** The first promised moment after an instant. */
export function nextSlot(schedule: Schedule, after: Date): Date {
  const key = `${schedule.rhythm}|${schedule.weekdays.join('')}|${schedule.hour}|${schedule.zone}|${after.getTime()}`
  let slot = keptSlots.get(key)
  if (!slot) {
    slot = findSlot(schedule, after)
    if (keptSlots.size >= SLOTS_KEPT) keptSlots.clear()
    keptSlots.set(key, slot)
  }
  return slot
}

function findSlot(schedule: Schedule, after: Date): Date {
  const today = localDay(after, schedule.zone)
  for (const day of daysFrom(today, LONGEST_WAIT_DAYS)) {
    if (!falls(schedule, day)) continue
    const slot = instantAt(day, schedule.hour, schedule.zone)
    if (slot > after) return slot
  }
  throw new Error(`a schedule without a next time: ${JSON.stringify(schedule)}`)
}

function falls({ rhythm, weekdays }: Schedule, day: Day): boolean {
  if (rhythm === 'monthly') return day.endsWith('-01')
  const weekday = weekdayOf(day)
  if (rhythm === 'daily') return workingDays.includes(weekday)
  if (rhythm === 'weekly') return weekday === (weekdays[0] ?? 1)
  return weekdays.includes(weekday)
}

/** The name of the period a slot belongs to: one mail for each, whatever else changes. */
export function periodKey({ rhythm, zone }: Schedule, slot: Date): string {
  const day = localDay(slot, zone)
  if (rhythm === 'weekly') return periodOf('week', day).key
  return rhythm === 'monthly' ? day.slice(0, 7) : day
}
