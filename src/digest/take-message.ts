import type { Db } from '../db/index.ts'
import { endSubscription } from './end-subscription.ts'
import { readReturn } from './read-return.ts'
import { takeReturn } from './suppress.ts'

export type TakenMessage = 'suppressed' | 'counted' | 'known' | 'unsubscribed' | 'nothing'

/** Takes in one message of the mailbox for returns: a bounce, a complaint, or somebody's mail to unsubscribe. */
export async function takeMessage(db: Db, source: string, bounceAddress: string, now: Date): Promise<TakenMessage> {
  const read = readReturn(source, bounceAddress)
  if (read.kind === 'nothing') return 'nothing'
  if (read.kind === 'unsubscribe') {
    const ended = await endSubscription(db, read.token, 'mail', { how: 'mail' }, now)
    return ended ? 'unsubscribed' : 'nothing'
  }
  const effect = await takeReturn(db, read.report, now)
  return effect === 'nobody' ? 'nothing' : effect
}
