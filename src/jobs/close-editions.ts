import { closeEditions } from '../feed/index.ts'
import type { JobOutcome, JobTools } from './job.ts'

/** Gives the badges of days, weeks and months whose time has come. */
export async function closeEditionsJob({ db, clock }: JobTools): Promise<JobOutcome> {
  return { result: { closed: await closeEditions(db, clock()) } }
}
