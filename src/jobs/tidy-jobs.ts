import { forgetJobs } from '../db/index.ts'
import type { JobOutcome, JobTools } from './job.ts'

const KEPT_DAYS = 14

export async function tidyJobs({ db, clock }: JobTools): Promise<JobOutcome> {
  const before = new Date(clock().getTime() - KEPT_DAYS * 86_400_000)
  return { result: { forgotten: await forgetJobs(db, before) } }
}
