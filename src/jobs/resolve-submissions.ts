import { resolveRequests } from '../feed/index.ts'
import type { JobOutcome, JobTools } from './job.ts'

/** Lists submitted papers that have been gathered since. */
export async function resolveSubmissions({ db, clock }: JobTools): Promise<JobOutcome> {
  return { result: { settled: await resolveRequests(db, clock()) } }
}
