import { forgetExpired } from '../people/index.ts'
import type { JobOutcome, JobTools } from './job.ts'

/** Sessions, links and challenges that are over open nothing; this only keeps the tables small. */
export async function tidyAccounts({ db, clock }: JobTools): Promise<JobOutcome> {
  return { result: await forgetExpired(db, clock().toISOString()) }
}
