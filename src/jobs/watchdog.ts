import { jobs } from './table.ts'
import { createWorker, putOnSchedule, type WorkerOptions } from './worker.ts'
import { workerReport } from './worker-report.ts'

/** How often the site looks whether anybody works. */
const LOOK_MS = 60_000

/**
 * Looks from inside the site whether anybody does the background work, its own worker included. Where nobody does, it
 * runs the one job that tells the administrator, which no worker is there to run. The queue's lease sees to it that of
 * several sites one sends the mail.
 */
export function createWatchdog(options: Omit<WorkerOptions, 'jobs'>): Disposable & {
  start(): void
  /** One look; returns whether somebody works. */
  look(): Promise<boolean>
} {
  const { db, clock, log } = options.tools
  const telling = jobs.filter(({ name }) => name === 'watch-sources')
  const teller = createWorker({ ...options, jobs: telling })
  let timer: NodeJS.Timeout | undefined
  const look = async () => {
    const { isWorking } = await workerReport(db, clock())
    if (isWorking) return true
    await putOnSchedule(db, telling, options.instanceZone, clock())
    await teller.runDue()
    return false
  }
  const lookAgain = () => look().catch((error) => log.warn({ err: error }, 'whether anybody works cannot be found out'))
  return {
    start() {
      timer = setInterval(lookAgain, LOOK_MS)
      timer.unref()
    },
    look,
    [Symbol.dispose]() {
      clearInterval(timer)
    },
  }
}
