import { type Db, type JobRow, listJobs } from '../db/index.ts'
import type { JobDefinition } from './job.ts'
import { isLate } from './schedule.ts'

/** How a job of the schedule is doing, in plain values for the status page, `/healthz` and the metrics. */
export type JobReport = {
  name: string
  about: string
  lastSuccess?: string
  nextRun?: string
  /** Runs since the last success that failed. */
  failures: number
  isLate: boolean
  isRunning: boolean
}

export async function jobReports(
  db: Db,
  jobs: readonly JobDefinition[],
  instanceZone: string,
  now: Date,
): Promise<JobReport[]> {
  const rows = new Map((await listJobs(db)).map((row) => [row.key, row]))
  return jobs.filter(({ schedule }) => schedule).map((job) => reportOf(job, rows.get(job.name), instanceZone, now))
}

function reportOf(job: JobDefinition, row: JobRow | undefined, zone: string, now: Date): JobReport {
  const { name, about } = job
  if (!row) return { name, about, failures: 0, isLate: false, isRunning: false }
  const lastSuccess = row.succeeded_at ? new Date(row.succeeded_at) : undefined
  return {
    name,
    about,
    ...(row.succeeded_at ? { lastSuccess: row.succeeded_at } : {}),
    ...(row.state === 'waiting' ? { nextRun: row.run_after } : {}),
    failures: row.last_error === null ? 0 : row.attempts,
    isLate: isLate(job, zone, { lastSuccess, scheduledSince: new Date(row.created_at) }, now),
    isRunning: row.state === 'running' && (row.lease_until ?? '') > now.toISOString(),
  }
}
