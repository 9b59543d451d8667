import { AppError } from '../errors.ts'
import { type ArxivGate, followedCategories } from '../sources/index.ts'
import type { JobRun, JobTools } from './job.ts'

/** arXiv as a job asks it, and what is followed there; undefined where gathering is switched off. Throws `unavailable` when there is no room to store what it would bring. */
export async function openArxiv(
  { db, http, clock, log, arxiv, storageProblem }: JobTools,
  { signal }: JobRun,
): Promise<{ gate: ArxivGate; followed: string[] } | undefined> {
  if (!arxiv) return undefined
  // A full disk has cost others the votes that were on it.
  const problem = storageProblem?.()
  if (problem) throw new AppError('unavailable', problem)
  return { gate: { db, http, clock, log, arxiv, signal }, followed: await followedCategories(db) }
}

export const switchedOff = { result: 'gathering is switched off (PAPERROUND_GATHER)' }
