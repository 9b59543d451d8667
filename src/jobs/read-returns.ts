import { takeMessage } from '../digest/index.ts'
import type { JobOutcome, JobRun, JobTools } from './job.ts'

/** Reads the mailbox that bounces, complaints and unsubscribing mails come to. */
export async function readReturns(
  { db, digests, clock }: JobTools,
  { signal }: Pick<JobRun, 'signal'>,
): Promise<JobOutcome> {
  const { mailbox } = digests ?? {}
  const bounceAddress = digests?.site.bounceAddress
  if (!mailbox || !bounceAddress) return { result: { problem: 'no mailbox for returned mail is set up' } }
  const { readMailbox } = await import('../lib/mail/mailbox.ts')
  const counts: Record<string, number> = {}
  const { taken, left } = await readMailbox(
    mailbox,
    async (source) => {
      const effect = await takeMessage(db, source, bounceAddress, clock())
      counts[effect] = (counts[effect] ?? 0) + 1
    },
    { signal },
  )
  // One visit takes so many; a flood is worked off without waiting for the next scheduled time.
  return { result: { ...counts, ...(left > 0 ? { left } : {}) }, ...(left > 0 && taken > 0 ? { again: clock() } : {}) }
}
