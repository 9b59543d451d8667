import { type Db, enqueueJob, inTransaction } from '../db/index.ts'
import { normalAddress, randomToken } from './address.ts'
import { keepConsent, type Origin } from './consent.ts'
import { nextSlot } from './schedule.ts'
import { isSameWant, readSubscription, type SubscriptionSettings, settingsColumns } from './subscription.ts'
import {
  deleteUnconfirmed,
  insertSubscriber,
  insertSubscription,
  provedAddress,
  type SubscriberRow,
  subscriberByConfirmToken,
  subscriberById,
  subscriberByToken,
  subscribersNeverAsked,
  subscriptionsOf,
  updateSubscriber,
  updateSubscription,
} from './subscription-queries.ts'
import { isSuppressedForGood, releaseSuppression } from './suppress.ts'

/** A confirmation may be asked for again after this long, and so many times a day. */
const ASK_AGAIN_MS = 10 * 60_000
const ASKS_A_DAY = 4
const DAY_MS = 86_400_000
/** How long the link in a confirmation mail works. */
export const CONFIRM_DAYS = 7

export type Wish = { email: string; settings: SubscriptionSettings }

/**
 * Somebody typed an address: it gets one mail that asks to confirm, and nothing before it does. What comes back says
 * nothing about the address, known or not. Throws `bad_email`.
 */
export async function askToSubscribe(
  db: Db,
  { email, settings }: Wish,
  origin: Origin,
  now: Date,
  /** False where mail is not set up: the address then waits, and is asked once it is. */
  { canAsk }: { canAsk: boolean },
): Promise<void> {
  const address = normalAddress(email)
  await inTransaction(db, async (tx) => {
    if (await isSuppressedForGood(tx, address)) return
    const subscriber = await insertSubscriber(tx, {
      id: randomToken(),
      email: address,
      token: randomToken(),
      created_at: now.toISOString(),
    })
    if (isAskedTooOften(subscriber, now)) return
    await deleteUnconfirmed(tx, subscriber.id)
    const known = (await subscriptionsOf(tx, subscriber.id)).map(readSubscription)
    if (!known.some((one) => one.state === 'active' && isSameWant(one.want, settings.want)))
      await addSubscription(tx, subscriber.id, settings, canAsk ? 'unconfirmed' : 'waiting', now)
    if (canAsk) await askForConfirmation(tx, subscriber, now)
    await keepConsent(tx, subscriber.id, 'asked', origin, now)
  })
}

function isAskedTooOften({ asked_at, asked_count }: SubscriberRow, now: Date): boolean {
  if (asked_at === null) return false
  const since = now.getTime() - Date.parse(asked_at)
  return since < ASK_AGAIN_MS || (since < DAY_MS && asked_count >= ASKS_A_DAY)
}

/** Gives the subscriber a fresh link and puts the mail with it into the queue. */
export async function askForConfirmation(tx: Db, subscriber: SubscriberRow, now: Date): Promise<void> {
  const isNewDay = subscriber.asked_at === null || now.getTime() - Date.parse(subscriber.asked_at) >= DAY_MS
  await updateSubscriber(tx, subscriber.id, {
    confirm_token: randomToken(),
    confirm_until: new Date(now.getTime() + CONFIRM_DAYS * DAY_MS).toISOString(),
    asked_at: now.toISOString(),
    asked_count: isNewDay ? 1 : subscriber.asked_count + 1,
  })
  const key = `send-confirmation:${subscriber.id}`
  await enqueueJob(tx, { kind: 'send-confirmation', key, payload: { subscriberId: subscriber.id }, hurry: true }, now)
}

export async function addSubscription(
  tx: Db,
  subscriberId: string,
  settings: SubscriptionSettings,
  state: 'waiting' | 'unconfirmed' | 'active',
  now: Date,
): Promise<string> {
  const id = randomToken()
  const isActive = state === 'active'
  await insertSubscription(tx, {
    id,
    subscriber_id: subscriberId,
    state,
    ...settingsColumns(settings),
    token: randomToken(),
    next_at: isActive ? nextSlot(settings, now).toISOString() : null,
    confirmed_at: isActive ? now.toISOString() : null,
    created_at: now.toISOString(),
  })
  return id
}

/** The subscriber whose confirmation link this is; undefined when there is none, or it is too old. */
export async function findConfirmation(db: Db, token: string, now: Date): Promise<SubscriberRow | undefined> {
  const subscriber = await subscriberByConfirmToken(db, token)
  if (!subscriber?.confirm_until || subscriber.confirm_until < now.toISOString()) return undefined
  return subscriber
}

/**
 * The one button was pressed: everything this address asked for begins, and a suppression for bounces ends. Pressed
 * again, nothing changes. Undefined when the link is no good.
 */
export function confirmSubscriptions(
  db: Db,
  token: string,
  origin: Origin,
  now: Date,
): Promise<SubscriberRow | undefined> {
  return inTransaction(db, async (tx) => {
    const subscriber = await findConfirmation(tx, token, now)
    if (!subscriber) return undefined
    await updateSubscriber(tx, subscriber.id, { confirmed_at: subscriber.confirmed_at ?? now.toISOString() })
    await releaseSuppression(tx, subscriber.email)
    for (const row of await subscriptionsOf(tx, subscriber.id)) {
      const subscription = readSubscription(row)
      if (subscription.state !== 'unconfirmed' && subscription.state !== 'waiting') continue
      await updateSubscription(tx, row.id, {
        state: 'active',
        confirmed_at: now.toISOString(),
        next_at: nextSlot(subscription, now).toISOString(),
      })
      await keepConsent(tx, subscriber.id, 'confirmed', { ...origin, subscriptionId: row.id }, now)
    }
    return subscriberById(tx, subscriber.id)
  })
}

/**
 * A person whose address was proved subscribes: no second mail. Returns the subscriber; undefined when the account has
 * no proved address.
 */
export function subscribePerson(
  db: Db,
  personId: string,
  settings: SubscriptionSettings,
  origin: Origin,
  now: Date,
): Promise<SubscriberRow | undefined> {
  return inTransaction(db, async (tx) => {
    const email = await provedAddress(tx, personId)
    if (!email) return undefined
    const subscriber = await insertSubscriber(tx, {
      id: randomToken(),
      email,
      person_id: personId,
      token: randomToken(),
      confirmed_at: now.toISOString(),
      created_at: now.toISOString(),
    })
    await updateSubscriber(tx, subscriber.id, {
      person_id: personId,
      confirmed_at: subscriber.confirmed_at ?? now.toISOString(),
    })
    await deleteUnconfirmed(tx, subscriber.id)
    const known = (await subscriptionsOf(tx, subscriber.id)).map(readSubscription)
    const same = known.find((one) => one.state !== 'ended' && isSameWant(one.want, settings.want))
    if (same) {
      await updateSubscription(tx, same.id, {
        ...settingsColumns(settings),
        state: 'active',
        paused_until: null,
        next_at: nextSlot(settings, now).toISOString(),
      })
    } else {
      const subscriptionId = await addSubscription(tx, subscriber.id, settings, 'active', now)
      await keepConsent(tx, subscriber.id, 'confirmed', { ...origin, subscriptionId }, now)
    }
    return subscriberById(tx, subscriber.id)
  })
}

/** The address of a page of preferences wants one more subscription: it is proved already. */
export async function subscribeMore(
  db: Db,
  preferencesToken: string,
  settings: SubscriptionSettings,
  origin: Origin,
  now: Date,
): Promise<boolean> {
  return inTransaction(db, async (tx) => {
    const subscriber = await subscriberByToken(tx, preferencesToken)
    if (!subscriber?.confirmed_at) return false
    const subscriptionId = await addSubscription(tx, subscriber.id, settings, 'active', now)
    await keepConsent(tx, subscriber.id, 'confirmed', { ...origin, subscriptionId }, now)
    return true
  })
}

/** Addresses asked at once when mail has been set up: the first mails of a new sender should not be a flood. */
const WAITING_AT_ONCE = 20

/** Asks those who subscribed before mail was set up, a few at a time. Returns how many were asked. */
export async function askWaiting(db: Db, now: Date): Promise<number> {
  const waiting = await subscribersNeverAsked(db, WAITING_AT_ONCE)
  for (const subscriber of waiting) {
    await inTransaction(db, async (tx) => {
      for (const row of await subscriptionsOf(tx, subscriber.id))
        if (row.state === 'waiting') await updateSubscription(tx, row.id, { state: 'unconfirmed' })
      await askForConfirmation(tx, subscriber, now)
    })
  }
  return waiting.length
}
