import { type ArxivGate, followedCategories } from '../sources/index.ts'
import type { JobRun, JobTools } from './job.ts'

/** arXiv as a job asks it, and what is followed there; undefined where gathering is switched off. */
export async function openArxiv(
  { db, http, clock, log, arxiv }: JobTools,
  { signal }: JobRun,
): Promise<{ gate: ArxivGate; followed: string[] } | undefined> {
  if (!arxiv) return undefined
  return { gate: { db, http, clock, log, arxiv, signal }, followed: await followedCategories(db) }
}

export const switchedOff = { result: 'gathering is switched off (PAPERROUND_GATHER)' }
