import { forgetNetworks, recountAll } from '../discussion/index.ts'
import { hotness } from '../feed/index.ts'
import type { JobOutcome, JobTools } from './job.ts'

/** Recounts every paper from its votes, which should change nothing, and forgets where old votes came from. */
export async function checkVotes({ db, clock, log }: JobTools): Promise<JobOutcome> {
  const drifted = await recountAll(db, hotness)
  if (drifted > 0) log.warn({ papers: drifted }, 'counts of upvotes differed from the votes and were put right')
  return { result: { drifted, networksForgotten: await forgetNetworks(db, clock()) } }
}
