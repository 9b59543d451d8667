import { harvestChanges } from '../sources/index.ts'
import { openArxiv, switchedOff } from './arxiv-gate.ts'
import type { JobOutcome, JobRun, JobTools } from './job.ts'

/** What changed at arXiv lately. Stopped anywhere, the next run goes on there. */
export async function harvestArxiv(tools: JobTools, run: JobRun): Promise<JobOutcome> {
  const arxiv = await openArxiv(tools, run)
  if (!arxiv) return switchedOff
  if (arxiv.followed.length === 0) return { result: 'nothing of arXiv is followed' }
  const onBad = (bad: { id: string; problem: string }) => tools.log.warn(bad, 'a record of arXiv was left out')
  const { again, ...report } = await harvestChanges(arxiv.gate, arxiv.followed, { onBad })
  if (report.state === 'failed') throw new Error(report.message)
  return { result: report, ...(again ? { again } : {}) }
}
