import { sendConfirmation } from '../digest/index.ts'
import { describeOutcome } from '../lib/mail/index.ts'
import type { JobOutcome, JobRun, JobTools } from './job.ts'

/** The mail with the one button, to somebody who subscribed. Tried again while the server cannot be used. */
export async function sendConfirmationJob({ digests, clock }: JobTools, { payload }: JobRun): Promise<JobOutcome> {
  const { subscriberId } = payload as { subscriberId?: unknown }
  if (!digests || typeof subscriberId !== 'string') return { result: { problem: 'mail is not set up' } }
  const outcome = await sendConfirmation(digests, subscriberId, clock())
  if (!outcome) return { result: { nothing: 'to ask' } }
  if (outcome.kind === 'temporary' || outcome.kind === 'unreachable') throw new Error(describeOutcome(outcome))
  return { result: { outcome: outcome.kind } }
}
