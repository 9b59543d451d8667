import { enqueueJob } from '../db/index.ts'
import { planNow } from './draft-digest.ts'
import type { DigestTools } from './mail-site.ts'

/** Plans today's mail for one subscription and has the job that sends it run at once. False: there is nothing to send. */
export async function sendNow(
  tools: Pick<DigestTools, 'db' | 'site' | 'finder'>,
  subscriptionId: string,
  now: Date,
): Promise<boolean> {
  const isPlanned = await planNow(tools, subscriptionId, now)
  if (isPlanned) await enqueueJob(tools.db, { kind: 'send-digests', key: 'send-digests', hurry: true }, now)
  return isPlanned
}
