import type { Db } from '../db/index.ts'
import { randomToken } from './address.ts'
import { insertConsent } from './subscription-queries.ts'

/** Where a wish came from: the page or the mail, and the network address it came over. */
export type Origin = { how: string; network?: string | undefined; subscriptionId?: string }

/** Raise it when the words next to the button change in what they promise. */
const WORDING = '2026-11'

export type ConsentEvent = 'asked' | 'confirmed' | 'changed' | 'paused' | 'resumed' | 'ended' | 'deleted'

/** Notes who agreed to what, or ended it. Stays when the subscriber goes, and then names nobody. */
export async function keepConsent(
  tx: Db,
  subscriberId: string,
  what: ConsentEvent,
  origin: Origin,
  now: Date,
): Promise<void> {
  await insertConsent(tx, {
    id: randomToken(),
    subscriber_id: subscriberId,
    subscription_id: origin.subscriptionId ?? null,
    what,
    how: origin.how.slice(0, 100),
    network: origin.network ?? null,
    wording: what === 'asked' || what === 'confirmed' ? WORDING : null,
    at: now.toISOString(),
  })
}
