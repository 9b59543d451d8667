import { enqueueJob } from '../db/index.ts'
import { arxivEditionFilter, type GatherOptions, gatherDay, hasHarvested, healDays } from '../sources/index.ts'
import { openArxiv, switchedOff } from './arxiv-gate.ts'
import type { JobOutcome, JobRun, JobTools } from './job.ts'

/** arXiv's day and the days that were missed. Asks nothing when all is done; a day that is not out is looked at again. */
export async function gatherArxivDay(tools: JobTools, run: JobRun): Promise<JobOutcome> {
  const arxiv = await openArxiv(tools, run)
  if (!arxiv) return switchedOff
  const { gate, followed } = arxiv
  const options: GatherOptions = {
    followed,
    isWanted: await arxivEditionFilter(gate.db),
    onProgress: (line) => tools.log.info({ arxiv: line }, 'gathered'),
  }
  const today = await gatherDay(gate, options)
  const healed = await healDays(gate, options)
  // A new instance has only what the lists show: their full records need not wait for the night.
  const hasPapers = today.subjects.some(({ added }) => added > 0)
  if (hasPapers && !(await hasHarvested(gate.db)))
    await enqueueJob(gate.db, { kind: 'harvest-arxiv', key: 'harvest-arxiv', hurry: true }, gate.clock())
  const again = [today.again, healed.again]
    .filter((at) => at !== undefined)
    .sort((a, b) => a.getTime() - b.getTime())[0]
  return { result: { day: today.day, subjects: today.subjects, healed: healed.subjects }, ...(again ? { again } : {}) }
}
