import { findSource, gatherSource } from '../sources/index.ts'
import type { JobOutcome, JobRun, JobTools } from './job.ts'

/** One poll of one source; it waits its hours and comes back by itself, for as long as the source is switched on. */
export async function gatherOneSource(tools: JobTools, { payload, signal }: JobRun): Promise<JobOutcome> {
  const { name } = payload as { name: string }
  const full = tools.storageProblem?.()
  if (full) throw new Error(full)
  const result = await gatherSource(tools, name, signal)
  const source = await findSource(tools.db, name)
  if (!result || !source?.enabled) return { result: { switchedOff: true } }
  const waitMs = result.hasMore ? 0 : source.everyHours * 3_600_000
  return { result, again: new Date(tools.clock().getTime() + waitMs) }
}
