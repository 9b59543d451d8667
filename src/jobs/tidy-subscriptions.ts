import { askWaiting, forgetUnconfirmed } from '../digest/index.ts'
import type { JobOutcome, JobTools } from './job.ts'

/** Addresses that never confirmed are forgotten after this. */
const UNCONFIRMED_DAYS = 30

/** Asks those who subscribed before mail was set up, and forgets those who never confirmed. */
export async function tidySubscriptions({ db, digests, clock }: JobTools): Promise<JobOutcome> {
  const now = clock()
  const before = new Date(now.getTime() - UNCONFIRMED_DAYS * 86_400_000)
  const forgotten = await forgetUnconfirmed(db, before.toISOString())
  return { result: { forgotten, asked: digests ? await askWaiting(db, now) : 0 } }
}
