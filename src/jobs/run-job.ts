import { extendLease, failJob, finishJob, type Job, releaseJob } from '../db/index.ts'
import { backOffMs } from './back-off.ts'
import { type JobDefinition, type JobOutcome, type JobTools, retryAtOf } from './job.ts'
import { nextRun } from './schedule.ts'

const DEFAULT_TIME_LIMIT_MINUTES = 30
const DEFAULT_MAX_ATTEMPTS = 8
/** A job that does not end when told to is given up after this; its lease runs out by itself. */
const ABORT_GRACE_MS = 20_000
const MAX_ERROR_LENGTH = 1_000

type RunOptions = {
  tools: JobTools
  toolsNow?: (tools: JobTools) => Promise<JobTools>
  instanceZone: string
  leaseMs: number
  stopping: AbortSignal
  chance?: () => number
}

/** Runs one leased job to its end and writes down what came of it. Never throws. */
export async function runJob(job: Job, definition: JobDefinition, options: RunOptions): Promise<void> {
  const { tools, leaseMs, stopping } = options
  const { db, clock, log } = tools
  const own = new AbortController()
  const limitMs = (definition.timeLimitMinutes ?? DEFAULT_TIME_LIMIT_MINUTES) * 60_000
  const timeLimit = setTimeout(
    () => own.abort(new Error(`took longer than the ${limitMs / 60_000} minutes it may`)),
    limitMs,
  )
  const heartbeat = setInterval(async () => {
    try {
      if (!(await extendLease(db, job, leaseMs, clock()))) own.abort(new Error('its lease was lost to another worker'))
    } catch (error) {
      log.warn({ err: error, job: job.kind }, 'a lease could not be extended; trying again')
    }
  }, leaseMs / 3)
  try {
    const attempts = definition.maxAttempts ?? DEFAULT_MAX_ATTEMPTS
    if (job.attempts > attempts) throw new Error(`the program ended ${attempts} times while this job ran`)
    const signal = AbortSignal.any([own.signal, stopping])
    const current = (await options.toolsNow?.(tools)) ?? tools
    const outcome = await orAbandon(
      definition.run(current, { payload: job.payload, attempt: job.attempts, signal }),
      own.signal,
    )
    await finish(job, definition, outcome, options)
  } catch (error) {
    if (stopping.aborted) await releaseJob(db, job, clock()).catch((cause) => complain(cause))
    else await fail(job, definition, error, options).catch((cause) => complain(cause))
  } finally {
    clearTimeout(timeLimit)
    clearInterval(heartbeat)
  }

  // What cannot be written now is found again when the lease runs out.
  function complain(cause: unknown): void {
    log.error({ err: cause, job: job.kind }, 'the end of a job could not be written down')
  }
}

/** The work, or a failure some time after it was aborted: a job that does not listen must not hold its lane for ever. */
async function orAbandon(work: Promise<JobOutcome>, aborted: AbortSignal): Promise<JobOutcome> {
  let timer: NodeJS.Timeout | undefined
  const abandoned = new Promise<never>((_, reject) => {
    aborted.addEventListener('abort', () => {
      timer = setTimeout(() => reject(aborted.reason), ABORT_GRACE_MS)
    })
  })
  try {
    return await Promise.race([work, abandoned])
  } finally {
    clearTimeout(timer)
  }
}

async function finish(
  job: Job,
  definition: JobDefinition,
  outcome: JobOutcome,
  { tools: { db, clock, log }, instanceZone }: RunOptions,
): Promise<void> {
  const now = clock()
  const scheduled = isOfSchedule(job, definition) ? nextRun(definition.schedule, instanceZone, now) : undefined
  const asked = outcome?.again
  const again = asked && scheduled ? (asked < scheduled ? asked : scheduled) : (asked ?? scheduled)
  const isOurs = await finishJob(db, job, { result: outcome?.result, again }, now)
  if (!isOurs) log.warn({ job: job.kind }, 'a job ended after its lease was lost; another worker runs it')
}

async function fail(
  job: Job,
  definition: JobDefinition,
  error: unknown,
  { tools: { db, clock, log }, instanceZone, chance = Math.random }: RunOptions,
): Promise<void> {
  const now = clock()
  const isGivenUp = job.attempts >= (definition.maxAttempts ?? DEFAULT_MAX_ATTEMPTS)
  const retryAt = isGivenUp
    ? isOfSchedule(job, definition)
      ? nextRun(definition.schedule, instanceZone, now)
      : undefined
    : (retryAtOf(error) ?? new Date(now.getTime() + backOffMs(job.attempts, chance())))
  const message = ((error as Error)?.message || String(error)).slice(0, MAX_ERROR_LENGTH)
  log.warn({ err: error, job: job.kind, key: job.key, attempt: job.attempts }, 'a job failed')
  await failJob(db, job, { error: message, retryAt, isGivenUp }, now)
}

type Scheduled = JobDefinition & Required<Pick<JobDefinition, 'schedule'>>
function isOfSchedule(job: Job, definition: JobDefinition): definition is Scheduled {
  return definition.schedule !== undefined && job.key === definition.name
}
