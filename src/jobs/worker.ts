import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Db, forgetBeats, hasDueJobs, saveBeat, scheduleJob, takeJob } from '../db/index.ts'
import { type JobDefinition, type JobTools, type Lane, lanes, laneWidths } from './job.ts'
import { runJob } from './run-job.ts'
import { nextRun } from './schedule.ts'
import { BEAT_MS } from './worker-report.ts'

/** How often an idle worker looks for work. One look is one indexed query. */
const POLL_MS = 1_000
/** After the database refused: it may be restarting. */
const TROUBLE_POLL_MS = 5_000
/** A killed worker's jobs are taken by another after this long. */
const LEASE_MS = 60_000
/** A running job may take this long to reach a safe point when the program stops. */
const STOP_GRACE_MS = 8_000
/** `runDue` ends after so many jobs: more is a job that asks for itself without end. */
const MAX_DRAINED = 10_000

export type WorkerOptions = {
  jobs: readonly JobDefinition[]
  tools: JobTools
  /** The tools as a job finds them when it starts, where something in them changes while the program runs. */
  toolsNow?: (tools: JobTools) => Promise<JobTools>
  /** Zone of schedules that follow the instance's time. */
  instanceZone: string
  leaseMs?: number
  pollMs?: number
  stopGraceMs?: number
  /** Between 0 and 1, for the back-off. */
  chance?: () => number
}

/** Runs jobs until it is stopped. Several workers, in as many processes, share one queue. */
export type Worker = AsyncDisposable & {
  /** Puts the schedule into the queue and starts to work. */
  start(): Promise<void>
  /** Runs what is due, one after the other, until nothing is; returns how many runs. For tests and simulations. */
  runDue(): Promise<number>
  /** Takes no more jobs, asks the running ones to end and gives them time; what does not end loses its lease by time. */
  stop(): Promise<void>
}

export function createWorker(options: WorkerOptions): Worker {
  const { jobs, tools, instanceZone, leaseMs = LEASE_MS, pollMs = POLL_MS, stopGraceMs = STOP_GRACE_MS } = options
  const { db, clock, log } = tools
  const byName = new Map(jobs.map((job) => [job.name, job]))
  const stopping = new AbortController()
  const running: Record<Lane, Set<Promise<void>>> = perLane(() => new Set())
  const kinds: Record<Lane, string[]> = perLane((lane) =>
    jobs.filter((job) => job.lane === lane).map(({ name }) => name),
  )
  let loop: Promise<void> | undefined
  const self = { worker: randomUUID(), startedAt: clock() }
  let beatenAt = Number.NEGATIVE_INFINITY

  /** Part of the loop that takes jobs: a worker whose loop stands still is not alive. */
  const beat = async (): Promise<void> => {
    const now = clock()
    if (now.getTime() - beatenAt < BEAT_MS) return
    await saveBeat(db, self, now)
    beatenAt = now.getTime()
  }

  /** Takes a job and starts it; the run itself is in `done`. */
  const takeAndRun = async (lane: Lane): Promise<{ done: Promise<void> } | undefined> => {
    const job = await takeJob(db, { kinds: kinds[lane], leaseMs }, clock())
    const definition = job && byName.get(job.kind)
    if (!job || !definition) return undefined
    return { done: runJob(job, definition, { ...options, leaseMs, stopping: stopping.signal }) }
  }

  /** Starts jobs until every lane is full or has nothing due. */
  const fillLanes = async (): Promise<void> => {
    if (!(await hasDueJobs(db, clock()))) return
    for (const lane of lanes) {
      while (running[lane].size < laneWidths[lane] && !stopping.signal.aborted) {
        const run = await takeAndRun(lane)
        if (!run) break
        const tracked = run.done.finally(() => running[lane].delete(tracked))
        running[lane].add(tracked)
      }
    }
  }

  const workUntilStopped = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      let wait = pollMs
      try {
        await beat()
        await fillLanes()
      } catch (error) {
        wait = Math.max(pollMs, TROUBLE_POLL_MS)
        log.error({ err: error }, 'the queue of jobs cannot be read; trying again')
      }
      await pause(wait, stopping.signal)
    }
  }

  const stop = async (): Promise<void> => {
    stopping.abort(new Error('the program stops'))
    await loop
    const all = lanes.flatMap((lane) => [...running[lane]])
    if (all.length === 0) return
    const enough = new AbortController()
    await Promise.race([Promise.all(all), pause(stopGraceMs, enough.signal)])
    enough.abort()
  }

  return {
    async start() {
      await putOnSchedule(db, jobs, instanceZone, clock())
      await beat()
      await forgetBeats(db, clock())
      loop = workUntilStopped()
    },
    async runDue() {
      for (let count = 0; count < MAX_DRAINED; ) {
        const before = count
        for (const lane of lanes) {
          const run = await takeAndRun(lane)
          await run?.done
          if (run) count += 1
        }
        if (count === before) return count
      }
      throw new Error(`more than ${MAX_DRAINED} jobs were due`)
    },
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

/** Every job of the schedule waits in the queue for its next time. A time that passed while nobody worked is kept. */
export async function putOnSchedule(
  db: Db,
  jobs: readonly JobDefinition[],
  instanceZone: string,
  now: Date,
): Promise<void> {
  for (const { name, schedule } of jobs) {
    if (schedule) await scheduleJob(db, { kind: name, runAfter: nextRun(schedule, instanceZone, now) }, now)
  }
}

const perLane = <T>(make: (lane: Lane) => T) =>
  Object.fromEntries(lanes.map((lane) => [lane, make(lane)])) as Record<Lane, T>

/** Waits, unless it is stopped: then it returns at once. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal })
  } catch {
    // Stopped: the caller looks at the signal itself.
  }
}
