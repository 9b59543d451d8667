import { Cron } from 'croner'
import type { JobDefinition } from './job.ts'

const zoneOf = ({ zone }: { zone: string }, instanceZone: string) => (zone === 'instance' ? instanceZone : zone)

/** The next time after `from` that a schedule names; the arithmetic knows about summer time. No timer is set. */
export function nextRun(schedule: NonNullable<JobDefinition['schedule']>, instanceZone: string, from: Date): Date {
  // Without a function to call, croner only computes.
  const next = new Cron(schedule.cron, { timezone: zoneOf(schedule, instanceZone) }).nextRun(from)
  if (!next) throw new Error(`the schedule "${schedule.cron}" names no time after ${from.toISOString()}`)
  return next
}

/**
 * Whether a job is late: it was due after its last success (or after it was first put on the schedule), and the time it
 * may take has passed since.
 */
export function isLate(
  definition: JobDefinition,
  instanceZone: string,
  { lastSuccess, scheduledSince }: { lastSuccess?: Date | undefined; scheduledSince: Date },
  now: Date,
): boolean {
  if (!definition.schedule || definition.lateAfterMinutes === undefined) return false
  const due = nextRun(definition.schedule, instanceZone, lastSuccess ?? scheduledSince)
  return now.getTime() > due.getTime() + definition.lateAfterMinutes * 60_000
}
