import { type Db, inTransaction } from '../db/index.ts'
import { keepConsent, type Origin } from './consent.ts'
import { nextSlot } from './schedule.ts'
import { readSubscription, type Subscription } from './subscription.ts'
import {
  deleteSubscriber,
  insertConsent,
  subscriberByToken,
  subscriberOfPerson,
  subscriptionByToken,
  subscriptionsOf,
  updateSubscriber,
  updateSubscription,
} from './subscription-queries.ts'
import { forgetSuppressedAddress } from './suppress.ts'

export type EndedHow = 'one-click' | 'page' | 'mail' | 'preferences' | 'account'

/**
 * Ends the one subscription that a token is of; ended already, it stays so. Undefined when there is no such token. The
 * account, if there is one, is not touched.
 */
export function endSubscription(
  db: Db,
  token: string,
  how: EndedHow,
  origin: Origin,
  now: Date,
): Promise<Subscription | undefined> {
  return inTransaction(db, async (tx) => {
    const row = await subscriptionByToken(tx, token)
    if (!row) return undefined
    if (row.state !== 'ended') {
      await updateSubscription(tx, row.id, {
        state: 'ended',
        ended_at: now.toISOString(),
        ended_how: how,
        next_at: null,
        paused_until: null,
      })
      await keepConsent(tx, row.subscriber_id, 'ended', { ...origin, subscriptionId: row.id }, now)
    }
    return readSubscription({ ...row, state: 'ended' })
  })
}

/** "Undo" on the page that follows: somebody a mail was forwarded to may have pressed the button. */
export function undoEnd(db: Db, token: string, origin: Origin, now: Date): Promise<Subscription | undefined> {
  return inTransaction(db, async (tx) => {
    const row = await subscriptionByToken(tx, token)
    if (!row) return undefined
    const subscription = readSubscription(row)
    // What was never confirmed does not begin by being undone.
    if (row.state !== 'ended' || row.confirmed_at === null) return subscription
    const next_at = nextSlot(subscription, now).toISOString()
    await updateSubscription(tx, row.id, { state: 'active', ended_at: null, ended_how: null, next_at })
    await keepConsent(tx, row.subscriber_id, 'resumed', { ...origin, subscriptionId: row.id }, now)
    return { ...subscription, state: 'active' }
  })
}

/** Forgets an address and all of its subscriptions. What was agreed to stays noted, without the address. */
export function forgetAddress(db: Db, preferencesToken: string, origin: Origin, now: Date): Promise<boolean> {
  return inTransaction(db, async (tx) => {
    const subscriber = await subscriberByToken(tx, preferencesToken)
    if (!subscriber) return false
    await keepConsent(tx, subscriber.id, 'deleted', origin, now)
    await forgetSuppressedAddress(tx, subscriber.email)
    await deleteSubscriber(tx, subscriber.id)
    return true
  })
}

/** A person leaves: with `remove` their subscriptions go with the address; with `keep` they only lose the account. */
export async function forgetSubscriber(tx: Db, personId: string, wish: 'keep' | 'remove', now: Date): Promise<void> {
  const subscriber = await subscriberOfPerson(tx, personId)
  if (!subscriber) return
  if (wish === 'keep') return updateSubscriber(tx, subscriber.id, { person_id: null })
  for (const row of await subscriptionsOf(tx, subscriber.id))
    await insertConsent(tx, {
      id: `${row.id}-account`,
      subscriber_id: subscriber.id,
      subscription_id: row.id,
      what: 'deleted',
      how: 'account',
      at: now.toISOString(),
    })
  await deleteSubscriber(tx, subscriber.id)
}
