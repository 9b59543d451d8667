import type { Insertable, Selectable, Updateable } from 'kysely'
import { type Database, type Db, runCompiled } from '../db/index.ts'

// SQL about subscribers, subscriptions and consents.

export type SubscriptionRow = Selectable<Database['subscription']>
export type SubscriberRow = Selectable<Database['subscriber']>

// --- reading ---

export type DueRow = Pick<
  SubscriptionRow,
  'id' | 'want' | 'rhythm' | 'weekdays' | 'hour' | 'zone' | 'length' | 'covered_through' | 'created_at' | 'confirmed_at'
> & { next_at: string }

/** Active subscriptions whose promised moment lies in a span (both ends in), in order, after the one given. */
export function dueSubscriptions(
  db: Db,
  { from, to }: { from: string; to: string },
  after: { nextAt: string; id: string },
  limit: number,
): Promise<DueRow[]> {
  const start = after.nextAt > from ? after.nextAt : from
  return runCompiled(db, 'due subscriptions', ['active', start, to, after.nextAt, after.id, limit], () =>
    db
      .selectFrom('subscription')
      .select([
        'id',
        'want',
        'rhythm',
        'weekdays',
        'hour',
        'zone',
        'length',
        'covered_through',
        'created_at',
        'confirmed_at',
      ])
      .select((eb) => eb.ref('next_at').$notNull().as('next_at'))
      .where('state', '=', 'active')
      .where('next_at', '>=', start)
      .where('next_at', '<=', to)
      .where((eb) => eb.or([eb('next_at', '>', after.nextAt), eb('id', '>', after.id)]))
      .orderBy('next_at')
      .orderBy('id')
      .limit(limit),
  ) as Promise<DueRow[]>
}

export async function subscriptionById(db: Db, id: string): Promise<SubscriptionRow | undefined> {
  return db.selectFrom('subscription').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function subscriptionsByIds(db: Db, ids: readonly string[]): Promise<SubscriptionRow[]> {
  if (ids.length === 0) return []
  return db.selectFrom('subscription').selectAll().where('id', 'in', ids).execute()
}

export async function subscribersByIds(db: Db, ids: readonly string[]): Promise<SubscriberRow[]> {
  if (ids.length === 0) return []
  return db.selectFrom('subscriber').selectAll().where('id', 'in', ids).execute()
}

export async function subscriptionByToken(db: Db, token: string): Promise<SubscriptionRow | undefined> {
  return db.selectFrom('subscription').selectAll().where('token', '=', token).executeTakeFirst()
}

export async function subscriptionsOf(db: Db, subscriberId: string): Promise<SubscriptionRow[]> {
  return db
    .selectFrom('subscription')
    .selectAll()
    .where('subscriber_id', '=', subscriberId)
    .orderBy('created_at')
    .orderBy('id')
    .execute()
}

export async function subscriberById(db: Db, id: string): Promise<SubscriberRow | undefined> {
  return db.selectFrom('subscriber').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function subscriberByEmail(db: Db, email: string): Promise<SubscriberRow | undefined> {
  return db.selectFrom('subscriber').selectAll().where('email', '=', email).executeTakeFirst()
}

export async function subscriberByToken(db: Db, token: string): Promise<SubscriberRow | undefined> {
  return db.selectFrom('subscriber').selectAll().where('token', '=', token).executeTakeFirst()
}

export async function subscriberByConfirmToken(db: Db, token: string): Promise<SubscriberRow | undefined> {
  return db.selectFrom('subscriber').selectAll().where('confirm_token', '=', token).executeTakeFirst()
}

export async function subscriberOfPerson(db: Db, personId: string): Promise<SubscriberRow | undefined> {
  return db.selectFrom('subscriber').selectAll().where('person_id', '=', personId).executeTakeFirst()
}

/** The address of a person's account, when it was proved. */
export async function provedAddress(db: Db, personId: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('person')
    .select('email')
    .where('id', '=', personId)
    .where('email_verified', '=', 1)
    .executeTakeFirst()
  return row?.email?.toLowerCase()
}

/** People who submitted papers here, by their names; their letters may be large or small. */
export async function submittersNamed(db: Db, names: readonly string[]): Promise<{ id: string; name: string }[]> {
  if (names.length === 0) return []
  return db
    .selectFrom('person')
    .select(['id', 'name'])
    .where(
      (eb) => eb.fn<string>('lower', ['name']),
      'in',
      names.map((name) => name.toLowerCase()),
    )
    .where((eb) =>
      eb.exists(eb.selectFrom('submission').select('paper_id').whereRef('submission.person_id', '=', 'person.id')),
    )
    .orderBy('id')
    .limit(20)
    .execute()
}

export async function personNamed(db: Db, personId: string): Promise<string | undefined> {
  return (await db.selectFrom('person').select('name').where('id', '=', personId).executeTakeFirst())?.name
}

/** Addresses kept from before mail was set up, that nobody has written to yet. */
export async function subscribersNeverAsked(db: Db, limit: number): Promise<SubscriberRow[]> {
  return db
    .selectFrom('subscriber')
    .selectAll()
    .where('asked_at', 'is', null)
    .where('confirmed_at', 'is', null)
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('subscription')
          .select('id')
          .whereRef('subscription.subscriber_id', '=', 'subscriber.id')
          .where('state', '=', 'waiting'),
      ),
    )
    .orderBy('created_at')
    .limit(limit)
    .execute()
}

/** Active subscriptions whose promised moment passed before a moment. */
export async function countOverdue(db: Db, before: string): Promise<number> {
  const row = await db
    .selectFrom('subscription')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('state', '=', 'active')
    .where('next_at', '<', before)
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

/** How many subscriptions there are in each state. */
export async function countSubscriptionsByState(db: Db): Promise<Record<string, number>> {
  const rows = await db
    .selectFrom('subscription')
    .select(['state', (eb) => eb.fn.countAll<number>().as('count')])
    .groupBy('state')
    .execute()
  return Object.fromEntries(rows.map(({ state, count }) => [state, Number(count)]))
}

/** Names of the authors that an address follows, over all of its subscriptions. */
export async function authorWantsOf(db: Db, subscriberIds: readonly string[]): Promise<{ id: string; want: string }[]> {
  if (subscriberIds.length === 0) return []
  return db
    .selectFrom('subscription')
    .select(['subscriber_id as id', 'want'])
    .where('subscriber_id', 'in', subscriberIds)
    .where('state', '=', 'active')
    .where('want', 'like', '{"kind":"authors"%')
    .execute()
}

// --- writing ---

export async function insertSubscriber(tx: Db, row: Insertable<Database['subscriber']>): Promise<SubscriberRow> {
  await tx
    .insertInto('subscriber')
    .values(row)
    .onConflict((conflict) => conflict.column('email').doNothing())
    .execute()
  return (await subscriberByEmail(tx, row.email)) as SubscriberRow
}

export async function updateSubscriber(tx: Db, id: string, change: Updateable<Database['subscriber']>): Promise<void> {
  await tx.updateTable('subscriber').set(change).where('id', '=', id).execute()
}

export async function deleteSubscriber(tx: Db, id: string): Promise<void> {
  await tx.deleteFrom('subscriber').where('id', '=', id).execute()
}

export async function insertSubscription(tx: Db, row: Insertable<Database['subscription']>): Promise<void> {
  await tx.insertInto('subscription').values(row).execute()
}

export async function updateSubscription(
  tx: Db,
  id: string,
  change: Updateable<Database['subscription']>,
): Promise<void> {
  await tx.updateTable('subscription').set(change).where('id', '=', id).execute()
}

/** Wishes that were never confirmed make way for the newest one. */
export async function deleteUnconfirmed(tx: Db, subscriberId: string): Promise<void> {
  await tx
    .deleteFrom('subscription')
    .where('subscriber_id', '=', subscriberId)
    .where('state', 'in', ['unconfirmed', 'waiting'])
    .execute()
}

/** Forgets addresses that asked, were asked to confirm before `askedBefore`, and never did. Returns how many. */
export async function forgetUnconfirmed(db: Db, askedBefore: string): Promise<number> {
  await db
    .deleteFrom('subscription')
    .where('state', '=', 'unconfirmed')
    .where('subscriber_id', 'in', (eb) => eb.selectFrom('subscriber').select('id').where('asked_at', '<', askedBefore))
    .execute()
  const { numDeletedRows } = await db
    .deleteFrom('subscriber')
    .where('confirmed_at', 'is', null)
    .where('asked_at', '<', askedBefore)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb.selectFrom('subscription').select('id').whereRef('subscription.subscriber_id', '=', 'subscriber.id'),
        ),
      ),
    )
    .executeTakeFirst()
  return Number(numDeletedRows)
}

/** Pauses that are over. Their next promised moment was set when they began. */
export async function endPauses(db: Db, now: string): Promise<void> {
  await db
    .updateTable('subscription')
    .set({ state: 'active', paused_until: null })
    .where('state', '=', 'paused')
    .where('paused_until', '<=', now)
    .execute()
}

/** The promised moments that follow, each for all the subscriptions that share it. */
export async function moveSlots(tx: Db, byNext: ReadonlyMap<string, string[]>): Promise<void> {
  const chunk = 500
  for (const [nextAt, ids] of byNext) {
    for (let at = 0; at < ids.length; at += chunk)
      await tx
        .updateTable('subscription')
        .set({ next_at: nextAt })
        .where('id', 'in', ids.slice(at, at + chunk))
        .execute()
  }
}

export async function insertConsent(tx: Db, row: Insertable<Database['consent']>): Promise<void> {
  await tx.insertInto('consent').values(row).execute()
}
