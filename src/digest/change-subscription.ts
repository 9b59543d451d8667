import { type Db, inTransaction } from '../db/index.ts'
import { normalAddress } from './address.ts'
import { keepConsent, type Origin } from './consent.ts'
import { nextSlot } from './schedule.ts'
import { readSubscription, type Subscription, type SubscriptionSettings, settingsColumns } from './subscription.ts'
import {
  provedAddress,
  type SubscriberRow,
  subscriberByEmail,
  subscriberById,
  subscriberByToken,
  subscriberOfPerson,
  subscriptionByToken,
  subscriptionsOf,
  updateSubscription,
} from './subscription-queries.ts'

export type Preferences = { subscriber: SubscriberRow; subscriptions: Subscription[] }

/** Everything an address has, for its page of preferences; undefined for a token of nobody. */
export async function findPreferences(db: Db, token: string): Promise<Preferences | undefined> {
  const subscriber = await subscriberByToken(db, token)
  if (!subscriber) return undefined
  const rows = await subscriptionsOf(db, subscriber.id)
  return { subscriber, subscriptions: rows.map(readSubscription) }
}

/** The mail of somebody with an account: what was subscribed to with it, or with its proved address. */
export async function mailOfPerson(db: Db, personId: string): Promise<Preferences | undefined> {
  const email = await provedAddress(db, personId)
  const subscriber =
    (await subscriberOfPerson(db, personId)) ?? (email ? await subscriberByEmail(db, email) : undefined)
  if (!subscriber?.confirmed_at) return undefined
  return findPreferences(db, subscriber.token)
}

/** What is sent to an address. Throws `bad_email`. */
export async function subscriptionsOfAddress(db: Db, email: string): Promise<Subscription[]> {
  const subscriber = await subscriberByEmail(db, normalAddress(email))
  const rows = subscriber ? await subscriptionsOf(db, subscriber.id) : []
  return rows.map(readSubscription).filter(({ state }) => state === 'active')
}

/** One of the subscriptions of a page of preferences: the token must be of the same address. */
export async function findOwn(db: Db, token: string, subscriptionId: string): Promise<Subscription | undefined> {
  return (await findPreferences(db, token))?.subscriptions.find(({ id }) => id === subscriptionId)
}

/** The subscription that an unsubscribe link is of, and the page where its address has the others. */
export async function findByUnsubscribeToken(
  db: Db,
  token: string,
): Promise<{ subscription: Subscription; preferencesToken: string } | undefined> {
  const row = await subscriptionByToken(db, token)
  const subscriber = row && (await subscriberById(db, row.subscriber_id))
  return row && subscriber && { subscription: readSubscription(row), preferencesToken: subscriber.token }
}

export type Change =
  | { kind: 'settings'; settings: SubscriptionSettings }
  | { kind: 'pause'; until: Date }
  | { kind: 'resume' }
  | { kind: 'end' }

/** Changes one subscription of the address that the token is of; undefined when it is not its own. */
export function changeSubscription(
  db: Db,
  token: string,
  subscriptionId: string,
  change: Change,
  origin: Origin,
  now: Date,
): Promise<Subscription | undefined> {
  return inTransaction(db, async (tx) => {
    const subscription = await findOwn(tx, token, subscriptionId)
    if (!subscription) return undefined
    const columns = columnsOf(subscription, change, now)
    if (!columns) return subscription
    await updateSubscription(tx, subscriptionId, columns.values)
    await keepConsent(tx, subscription.subscriberId, columns.what, { ...origin, subscriptionId }, now)
    return findOwn(tx, token, subscriptionId)
  })
}

function columnsOf(subscription: Subscription, change: Change, now: Date) {
  const { state } = subscription
  switch (change.kind) {
    case 'settings': {
      // Paused stays paused; what was ended or never confirmed does not begin by being changed.
      const next_at = state === 'active' || state === 'paused' ? nextSlot(change.settings, now).toISOString() : null
      return { what: 'changed' as const, values: { ...settingsColumns(change.settings), next_at } }
    }
    case 'pause':
      if (state !== 'active' && state !== 'paused') return undefined
      return {
        what: 'paused' as const,
        values: {
          state: 'paused',
          paused_until: change.until.toISOString(),
          next_at: nextSlot(subscription, change.until).toISOString(),
        },
      }
    case 'resume':
      if (state !== 'paused' && state !== 'ended') return undefined
      return {
        what: 'resumed' as const,
        values: {
          state: 'active',
          paused_until: null,
          ended_at: null,
          ended_how: null,
          next_at: nextSlot(subscription, now).toISOString(),
        },
      }
    case 'end':
      if (state === 'ended') return undefined
      return {
        what: 'ended' as const,
        values: { state: 'ended', ended_at: now.toISOString(), ended_how: 'preferences', next_at: null },
      }
  }
}
