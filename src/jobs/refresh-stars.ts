import { findArtifacts, refreshStars } from '../sources/index.ts'
import type { JobOutcome, JobRun, JobTools } from './job.ts'

export async function refreshStarsJob(tools: JobTools, { signal }: JobRun): Promise<JobOutcome> {
  const { stars } = tools.enrich ?? {}
  return { result: stars ? await refreshStars(tools, stars, signal) : { switchedOff: true } }
}

export async function findArtifactsJob(tools: JobTools, { signal }: JobRun): Promise<JobOutcome> {
  const { artifacts } = tools.enrich ?? {}
  return { result: artifacts ? await findArtifacts(tools, artifacts, signal) : { switchedOff: true } }
}
