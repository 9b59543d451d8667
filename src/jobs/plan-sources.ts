import { enqueueJob, findJob } from '../db/index.ts'
import { configuredSources, pollJob } from '../sources/index.ts'
import type { JobOutcome, JobTools } from './job.ts'

/** A source that was given up after many failures is asked again after this long. */
const GIVEN_UP_HOURS = 12

/** Every source that is switched on has a job that waits. One that has is left alone. */
export async function planSources({ db, clock }: JobTools): Promise<JobOutcome> {
  const now = clock()
  let planned = 0
  for (const { name, enabled } of await configuredSources(db)) {
    const job = enabled ? await findJob(db, pollJob(name).key) : undefined
    if (!enabled || (job && job.state !== 'done' && job.state !== 'failed')) continue
    const givenUpAt = job?.state === 'failed' && job.failed_at ? Date.parse(job.failed_at) : 0
    if (now.getTime() - givenUpAt < GIVEN_UP_HOURS * 3_600_000) continue
    await enqueueJob(db, pollJob(name), now)
    planned += 1
  }
  return { result: { planned } }
}
