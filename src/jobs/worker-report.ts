import { type Db, lastBeat } from '../db/index.ts'

/** A worker says every half minute that it is alive; after ten that were missed nobody works. */
export const BEAT_MS = 30_000
const SILENT_AFTER_MS = 5 * 60_000

/** Whether any program at this database does the background work. `lastSeen` is an instant; left out when none ever did. */
export type WorkerReport = { isWorking: boolean; lastSeen?: string }

export async function workerReport(db: Db, now: Date): Promise<WorkerReport> {
  const seen = await lastBeat(db)
  if (!seen) return { isWorking: false }
  return { isWorking: now.getTime() - seen.getTime() < SILENT_AFTER_MS, lastSeen: seen.toISOString() }
}

/** The same as an incident for the administrator; undefined while somebody works. */
export function workerIncident({ isWorking, lastSeen }: WorkerReport): { key: string; words: string } | undefined {
  if (isWorking) return undefined
  const since = lastSeen ? `since ${lastSeen.slice(0, 16).replace('T', ' ')} UTC` : 'at this database so far'
  return {
    key: 'worker',
    words:
      `No program has done the background work ${since}: nothing is gathered and no digest is sent. ` +
      'Start one with "paperround work", or let the site do it (PAPERROUND_WORKER).',
  }
}
