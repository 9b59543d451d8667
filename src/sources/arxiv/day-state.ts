import { announcedAt, type Day } from '../../papers/index.ts'

/**
 * How far a day is in one subject. `pending`: not out yet, or not read yet. `stale`: overdue, somebody should look.
 * `broken`: what arXiv showed does not add up. `none`: arXiv announced nothing that day. The rest are done.
 */
export const dayStates = ['pending', 'stale', 'broken', 'complete', 'empty', 'none'] as const
export type DayState = (typeof dayStates)[number]

const done: readonly string[] = ['complete', 'empty', 'none']
/** arXiv's lists turn within half an hour as a rule; a list is overdue after this. */
export const OVERDUE_HOURS = 4
/** Lists turn some minutes after 20:00; asking at 20:00 sharp would only meet everybody else. */
export const FIRST_LOOK_MINUTES = 10
/** A list that is not out is looked at again after this. */
export const LOOK_AGAIN_MINUTES = 20

/**
 * A list that was read soon after it turned is looked at once more after this: pages that add up and are not whole yet
 * were seen. Nearly always arXiv answers that nothing has changed.
 */
export const SECOND_LOOK_HOURS = 3

export function isDone(state: string | undefined): boolean {
  return state !== undefined && done.includes(state)
}

/** A day that is not there yet: pending at first, stale once it is overdue. */
export function waitingState(day: Day, now: Date): DayState {
  return now.getTime() > announcedAt(day).getTime() + OVERDUE_HOURS * 3_600_000 ? 'stale' : 'pending'
}
