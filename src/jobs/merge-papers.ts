import { joinPapers } from '../feed/index.ts'
import type { JobOutcome, JobTools } from './job.ts'

/** Joins stored papers that turned out to be one. Asked for whenever such a pair is found. */
export async function mergePapers({ db, clock }: JobTools): Promise<JobOutcome> {
  const { joined, hasMore } = await joinPapers(db, clock())
  return { result: { joined }, ...(hasMore ? { again: clock() } : {}) }
}
