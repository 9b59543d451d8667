import { planNow } from './draft-digest.ts'
import type { DigestTools } from './mail-site.ts'
import { mailPausedSince } from './pause.ts'
import { wakeSender } from './wake-sender.ts'

/** Plans today's mail for one subscription and has the job that sends it run at once, or says why not. */
export async function sendNow(
  tools: Pick<DigestTools, 'db' | 'site' | 'finder'>,
  subscriptionId: string,
  now: Date,
): Promise<'planned' | 'nothing' | 'paused'> {
  if (await mailPausedSince(tools.db)) return 'paused'
  const isPlanned = await planNow(tools, subscriptionId, now)
  if (isPlanned) await wakeSender(tools.db, now)
  return isPlanned ? 'planned' : 'nothing'
}
