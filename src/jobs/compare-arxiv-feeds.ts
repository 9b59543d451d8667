import { compareFeeds } from '../sources/index.ts'
import { openArxiv, switchedOff } from './arxiv-gate.ts'
import type { JobOutcome, JobRun, JobTools } from './job.ts'

/** A second opinion on the day's lists. */
export async function compareArxivFeeds(tools: JobTools, run: JobRun): Promise<JobOutcome> {
  const arxiv = await openArxiv(tools, run)
  if (!arxiv) return switchedOff
  const { subjects } = await compareFeeds(arxiv.gate, arxiv.followed)
  for (const { state, ...verdict } of subjects)
    if (state === 'stale') tools.log.warn(verdict, "arXiv's feed does not agree with its list")
  return { result: { subjects } }
}
