import { resolveStarter } from '../sources/index.ts'
import { openArxiv, switchedOff } from './arxiv-gate.ts'
import type { JobOutcome, JobRun, JobTools } from './job.ts'

/** After a failure that names no time to come back. */
const AGAIN_MS = 3_600_000

/** The abstracts of the starter papers. Asked for at every start; when all were looked for, nothing is asked. */
export async function resolveStarterPapers(tools: JobTools, run: JobRun): Promise<JobOutcome> {
  const arxiv = await openArxiv(tools, run)
  if (!arxiv) return switchedOff
  const { again, ...report } = await resolveStarter(arxiv.gate)
  const isOver = report.left === 0
  return { result: report, ...(isOver ? {} : { again: again ?? new Date(tools.clock().getTime() + AGAIN_MS) }) }
}
