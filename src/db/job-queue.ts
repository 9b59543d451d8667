import { randomUUID } from 'node:crypto'
import { type Selectable, sql } from 'kysely'
import { type Db, dialectOf } from './dialect.ts'
import type { JobTable } from './schema.ts'

// The queue of jobs: one table, leased rows. A job belongs to whoever holds its lease; a lease that ran out, because
// its worker was killed, lets another worker take the job. So whatever a job does must be safe to do twice.

export type JobRequest = {
  /** Which row of the table of jobs runs it, such as `gather-source`. */
  kind: string
  /** Two requests with one key are one job: it waits once, however often it was asked for. */
  key?: string
  /** Plain JSON. A later request with the same key replaces it. */
  payload?: unknown
  /** Not before this moment; now when left out. */
  runAfter?: Date
  /** Runs before it is given up; 8 when left out, which with the back-off takes about a day. */
  maxAttempts?: number
  /** Also cuts short the wait after a failure: for somebody who pressed a button. */
  hurry?: boolean
}

export type Job = { id: number; kind: string; key: string | null; payload: unknown; attempts: number; lease: string }
export type JobRow = Selectable<JobTable>

const DEFAULT_MAX_ATTEMPTS = 8

/**
 * Puts a job into the queue, inside the caller's transaction: it exists if and only if the change that wants it does.
 * Asking again with the same key while the job waits changes nothing but its payload and, if sooner, its time; while it
 * runs, it will run once more after; when it is done or given up, it starts anew.
 */
export async function enqueueJob(tx: Db, request: JobRequest, now: Date): Promise<void> {
  const runAfter = (request.runAfter ?? now).toISOString()
  const row = {
    kind: request.kind,
    key: request.key ?? null,
    payload: JSON.stringify(request.payload ?? {}),
    state: 'waiting',
    run_after: runAfter,
    max_attempts: request.maxAttempts ?? DEFAULT_MAX_ATTEMPTS,
    created_at: now.toISOString(),
  } as const
  const sooner = request.hurry
    ? sql<boolean>`job.state = 'waiting' and job.run_after > excluded.run_after`
    : sql<boolean>`job.state = 'waiting' and job.attempts = 0 and job.run_after > excluded.run_after`
  const isOver = sql<boolean>`job.state in ('done', 'failed')`
  await tx
    .insertInto('job')
    .values(row)
    .onConflict((conflict) =>
      conflict.column('key').doUpdateSet({
        payload: row.payload,
        max_attempts: row.max_attempts,
        run_after: sql`case when ${isOver} or (${sooner}) then excluded.run_after else job.run_after end`,
        attempts: sql`case when ${isOver} then 0 else job.attempts end`,
        again_at: sql`case when job.state = 'running' and (job.again_at is null or job.again_at > excluded.run_after)
          then excluded.run_after else job.again_at end`,
        state: sql`case when ${isOver} then 'waiting' else job.state end`,
      }),
    )
    .execute()
}

/** Whether a job could be taken now: one cheap look before asking for each lane. */
export async function hasDueJobs(db: Db, now: Date): Promise<boolean> {
  return (await dueQuery(db, now).select('id').limit(1).executeTakeFirst()) !== undefined
}

function dueQuery(db: Db, now: Date) {
  const at = now.toISOString()
  return db
    .selectFrom('job')
    .where((eb) =>
      eb.or([
        eb.and([eb('state', '=', 'waiting'), eb('run_after', '<=', at)]),
        eb.and([eb('state', '=', 'running'), eb('lease_until', '<=', at)]),
      ]),
    )
}

/** Takes the job of these kinds that has waited longest, one no other worker holds; undefined when none is due. */
export async function takeJob(
  db: Db,
  { kinds, leaseMs }: { kinds: readonly string[]; leaseMs: number },
  now: Date,
): Promise<Job | undefined> {
  if (kinds.length === 0) return undefined
  const lease = randomUUID()
  const due = dueQuery(db, now).select('id').where('kind', 'in', kinds).orderBy('run_after').orderBy('id').limit(1)
  const row = await db
    .updateTable('job')
    .set((eb) => ({
      state: 'running',
      lease,
      lease_until: new Date(now.getTime() + leaseMs).toISOString(),
      attempts: eb('attempts', '+', 1),
      started_at: now.toISOString(),
      again_at: null,
    }))
    .where('id', '=', dialectOf(db) === 'postgres' ? due.forUpdate().skipLocked() : due)
    .returning(['id', 'kind', 'key', 'payload', 'attempts'])
    .executeTakeFirst()
  return row && { ...row, payload: JSON.parse(row.payload), lease }
}

/** Holds the lease for longer; false when it was lost, and then the job belongs to somebody else. */
export async function extendLease(db: Db, job: Job, leaseMs: number, now: Date): Promise<boolean> {
  const { numUpdatedRows } = await held(db, job)
    .set({ lease_until: new Date(now.getTime() + leaseMs).toISOString() })
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

const held = (db: Db, job: Job) => db.updateTable('job').where('id', '=', job.id).where('lease', '=', job.lease)
const free = { lease: null, lease_until: null }

/** The job did its work. It waits again when `again` says so, or when somebody asked for it while it ran. */
export async function finishJob(
  db: Db,
  job: Job,
  { result, again }: { result?: unknown; again?: Date | undefined },
  now: Date,
): Promise<boolean> {
  const next = sql<string | null>`cast(${again?.toISOString() ?? null} as text)`
  const { numUpdatedRows } = await held(db, job)
    .set({
      ...free,
      state: sql`case when again_at is null and ${next} is null then 'done' else 'waiting' end`,
      run_after: sql`case when again_at is not null and (${next} is null or again_at < ${next}) then again_at
        else coalesce(${next}, run_after) end`,
      again_at: null,
      attempts: 0,
      succeeded_at: now.toISOString(),
      last_result: result === undefined ? null : JSON.stringify(result),
      last_error: null,
    })
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** The job failed: it waits until `retryAt`, or is given up without one. */
export async function failJob(
  db: Db,
  job: Job,
  { error, retryAt, isGivenUp }: { error: string; retryAt?: Date | undefined; isGivenUp: boolean },
  now: Date,
): Promise<boolean> {
  const next = retryAt?.toISOString() ?? null
  const { numUpdatedRows } = await held(db, job)
    .set({
      ...free,
      state: next === null ? 'failed' : 'waiting',
      ...(next === null ? {} : { run_after: next }),
      ...(isGivenUp ? { attempts: 0 } : {}),
      again_at: null,
      failed_at: now.toISOString(),
      last_error: error,
    })
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Gives a job back untouched, because its worker stops: the run does not count. */
export async function releaseJob(db: Db, job: Job, now: Date): Promise<void> {
  await held(db, job)
    .set((eb) => ({ ...free, state: 'waiting', run_after: now.toISOString(), attempts: eb('attempts', '-', 1) }))
    .execute()
}

/** Makes sure that a job of the schedule waits for its next time; a run that was missed is not put off. */
export async function scheduleJob(
  db: Db,
  { kind, runAfter }: { kind: string; runAfter: Date },
  now: Date,
): Promise<void> {
  await enqueueJob(db, { kind, key: kind, runAfter }, now)
}

/** All jobs that have a key, and the newest of the others that failed: for the status page and the administrator. */
export async function listJobs(db: Db): Promise<JobRow[]> {
  return db.selectFrom('job').selectAll().where('key', 'is not', null).orderBy('key').execute()
}

export async function findJob(db: Db, key: string): Promise<JobRow | undefined> {
  return db.selectFrom('job').selectAll().where('key', '=', key).executeTakeFirst()
}

/** How many jobs of each kind and state there are. */
export async function countJobs(db: Db): Promise<{ kind: string; state: JobTable['state']; count: number }[]> {
  const rows = await db
    .selectFrom('job')
    .select(['kind', 'state', (eb) => eb.fn.countAll<number>().as('count')])
    .groupBy(['kind', 'state'])
    .execute()
  return rows.map((row) => ({ ...row, count: Number(row.count) }))
}

/** Takes a job out of the queue unless it runs just now. */
export async function dropJob(db: Db, key: string): Promise<void> {
  await db.deleteFrom('job').where('key', '=', key).where('state', '!=', 'running').execute()
}

/** Removes finished jobs without a key, whose result nobody asks for any more. Returns how many. */
export async function forgetJobs(db: Db, before: Date): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('job')
    .where('key', 'is', null)
    .where('state', 'in', ['done', 'failed'])
    .where('created_at', '<', before.toISOString())
    .executeTakeFirst()
  return Number(numDeletedRows)
}
