import { compareIdentifiers } from '../sources/index.ts'
import { openArxiv, switchedOff } from './arxiv-gate.ts'
import type { JobOutcome, JobRun, JobTools } from './job.ts'

/** What arXiv has and we lack. Stopped anywhere, the next run goes on there. */
export async function compareArxivIdentifiers(tools: JobTools, run: JobRun): Promise<JobOutcome> {
  const arxiv = await openArxiv(tools, run)
  if (!arxiv) return switchedOff
  const { again, ...report } = await compareIdentifiers(arxiv.gate, arxiv.followed)
  for (const { subject, missing } of report.subjects)
    if (missing > 0) tools.log.warn({ subject, missing }, 'arXiv has papers that are not here; they are fetched')
  return { result: report, ...(again ? { again } : {}) }
}
