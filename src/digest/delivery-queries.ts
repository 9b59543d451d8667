import type { Insertable, Selectable, Updateable } from 'kysely'
import { bulkInsert, type Database, type Db, runCompiled } from '../db/index.ts'

// SQL about issues and deliveries.

export type DeliveryRow = Selectable<Database['delivery']>
export type IssueRow = Selectable<Database['issue']>
export type NewDelivery = Insertable<Database['delivery']>

/** Rows to a statement: their parameters stay far below what SQLite and PostgreSQL allow. */
const CHUNK = 250

// --- issues ---

export async function issueById(db: Db, id: string): Promise<IssueRow | undefined> {
  return db.selectFrom('issue').selectAll().where('id', '=', id).executeTakeFirst()
}

/** The first to freeze an issue decides what is in it; everybody gets back what is stored. */
export async function insertIssue(tx: Db, row: Insertable<Database['issue']>): Promise<IssueRow> {
  await tx
    .insertInto('issue')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute()
  return (await issueById(tx, row.id)) as IssueRow
}

export async function failIssue(tx: Db, id: string, problem: string): Promise<void> {
  await tx.updateTable('issue').set({ state: 'failed', problem }).where('id', '=', id).execute()
}

export async function issuePapers(db: Db, issueId: string): Promise<{ paper_id: number; content: string }[]> {
  return db.selectFrom('issue_paper').select(['paper_id', 'content']).where('issue_id', '=', issueId).execute()
}

export async function insertIssuePapers(tx: Db, rows: Insertable<Database['issue_paper']>[]): Promise<void> {
  for (let at = 0; at < rows.length; at += CHUNK)
    await tx
      .insertInto('issue_paper')
      .values(rows.slice(at, at + CHUNK))
      .onConflict((conflict) => conflict.doNothing())
      .execute()
}

export type IssueCount = { issue_id: string | null; state: string; reason: string | null; count: number }

export async function recentIssues(db: Db, limit: number): Promise<IssueRow[]> {
  return db.selectFrom('issue').selectAll().orderBy('frozen_at', 'desc').orderBy('id').limit(limit).execute()
}

/** What became of the mails of some issues; without any, of those that never got as far as one. */
export async function countsByIssue(db: Db, issueIds: readonly string[]): Promise<IssueCount[]> {
  const rows = await db
    .selectFrom('delivery')
    .select(['issue_id', 'state', 'reason', (eb) => eb.fn.countAll<number>().as('count')])
    .where((eb) => (issueIds.length > 0 ? eb('issue_id', 'in', [...issueIds]) : eb('issue_id', 'is', null)))
    .groupBy(['issue_id', 'state', 'reason'])
    .execute()
  return rows.map((row) => ({ ...row, count: Number(row.count) }))
}

/** When the last mail of any kind went out, of those due last: the index leads there, however many were sent before. */
export async function lastSentAt(db: Db): Promise<string | undefined> {
  const rows = await db
    .selectFrom('delivery')
    .select('settled_at')
    .where('state', '=', 'sent')
    .orderBy('retry_at', 'desc')
    .orderBy('id', 'desc')
    .limit(LAST_LOOKED_AT)
    .execute()
  return rows
    .flatMap(({ settled_at }) => settled_at ?? [])
    .sort()
    .at(-1)
}

/** More than are under way at once: one of them was the last. */
const LAST_LOOKED_AT = 200

// --- planning ---

/** A period that has its delivery keeps it. */
export async function insertDelivery(tx: Db, row: NewDelivery): Promise<void> {
  await tx
    .insertInto('delivery')
    .values(row)
    .onConflict((conflict) => conflict.columns(['subscription_id', 'period_key']).doNothing())
    .execute()
}

/** The same for many. Needs the lock of planning: nobody else may plan between the look and the writing. */
export async function insertPlanned(tx: Db, rows: readonly NewDelivery[]): Promise<void> {
  const keyOf = ({ subscription_id, period_key }: Pick<NewDelivery, 'subscription_id' | 'period_key'>) =>
    `${subscription_id} ${period_key}`
  const known = new Set<string>()
  for (let at = 0; at < rows.length; at += CHUNK) {
    const ids = rows.slice(at, at + CHUNK).map(({ subscription_id }) => subscription_id)
    const periods = [...new Set(rows.slice(at, at + CHUNK).map(({ period_key }) => period_key))]
    const found = await runCompiled(tx, `periods ${ids.length} ${periods.length}`, [...ids, ...periods], () =>
      tx
        .selectFrom('delivery')
        .select(['subscription_id', 'period_key'])
        .where('subscription_id', 'in', ids)
        .where('period_key', 'in', periods),
    )
    for (const row of found) known.add(keyOf(row))
  }
  const fresh = rows.filter((row) => {
    const isFresh = !known.has(keyOf(row))
    known.add(keyOf(row))
    return isFresh
  })
  await bulkInsert(tx, 'delivery', plannedColumns, fresh)
}

const plannedColumns = [
  ...(['id', 'subscription_id', 'period_key', 'issue_id', 'papers', 'covers', 'slot_at', 'retry_at'] as const),
  ...(['state', 'reason', 'settled_at'] as const),
] as const

/** Those of these subscriptions that have a delivery on its way. */
export async function openDeliveries(db: Db, subscriptionIds: readonly string[]): Promise<Set<string>> {
  if (subscriptionIds.length === 0) return new Set()
  const shape = `open deliveries of ${subscriptionIds.length}`
  const rows = await runCompiled(db, shape, [...subscriptionIds, '', 'planned', 'claimed'], () =>
    db
      .selectFrom('delivery')
      .select('subscription_id')
      .where('subscription_id', 'in', subscriptionIds)
      // Hidden from the index of states: while many are planned, it would read all of them for every batch.
      .where((eb) => eb.fn.coalesce('state', eb.val('')), 'in', ['planned', 'claimed']),
  )
  return new Set(rows.map(({ subscription_id }) => subscription_id))
}

/** What these subscriptions have had, where it was written down. */
export async function mailedPapers(
  db: Db,
  subscriptionIds: readonly string[],
): Promise<{ subscription_id: string; paper_id: number }[]> {
  if (subscriptionIds.length === 0) return []
  return runCompiled(db, `mailed papers of ${subscriptionIds.length}`, subscriptionIds, () =>
    db
      .selectFrom('mailed_paper')
      .select(['subscription_id', 'paper_id'])
      .where('subscription_id', 'in', subscriptionIds),
  )
}

// --- claiming ---

export type ClaimRow = DeliveryRow & {
  subscription_state: string
  paused_until: string | null
  subscriber_id: string
  email: string
  confirmed_at: string | null
  person_id: string | null
  suppressed: string | null
  issue_state: string | null
  canary_state: string | null
}

/** With a canary, mail about a day waits for it; what was promised before `lateBefore` comes out all the same, as too late. */
export type Hold = { lateBefore: string }

/** Deliveries whose time has come, oldest promise first, with all that may still speak against them. */
export async function dueDeliveries(db: Db, now: string, limit: number, hold?: Hold): Promise<ClaimRow[]> {
  return db
    .selectFrom('delivery')
    .innerJoin('subscription', 'subscription.id', 'delivery.subscription_id')
    .innerJoin('subscriber', 'subscriber.id', 'subscription.subscriber_id')
    .leftJoin('issue', 'issue.id', 'delivery.issue_id')
    .leftJoin('suppression', 'suppression.address', 'subscriber.email')
    .leftJoin('canary', 'canary.day', 'issue.day')
    .selectAll('delivery')
    .select([
      'subscription.state as subscription_state',
      'subscription.paused_until',
      'subscription.subscriber_id',
      'subscriber.email',
      'subscriber.confirmed_at',
      'subscriber.person_id',
      'suppression.reason as suppressed',
      'issue.state as issue_state',
      'canary.state as canary_state',
    ])
    .where('delivery.state', '=', 'planned')
    .where('delivery.retry_at', '<=', now)
    .$if(hold !== undefined, (query) =>
      query.where((eb) =>
        eb.or([
          eb('delivery.slot_at', '<', hold?.lateBefore ?? ''),
          eb('issue.id', 'is', null),
          eb('canary.state', '=', 'sent'),
          // The canary is the edition; what else there is goes its way unless the canary was refused.
          eb.and([eb('issue.kind', '!=', 'edition'), eb(eb.fn.coalesce('canary.state', eb.val('')), '!=', 'failed')]),
        ]),
      ),
    )
    .orderBy('delivery.retry_at')
    .orderBy('delivery.id')
    .limit(limit)
    .execute()
}

/** Takes deliveries for a worker; those that somebody else took meanwhile are not among the ids that come back. */
export async function claim(
  tx: Db,
  ids: readonly string[],
  { worker, leaseUntil }: { worker: string; leaseUntil: string },
): Promise<Set<string>> {
  if (ids.length === 0) return new Set()
  const rows = await tx
    .updateTable('delivery')
    .set((eb) => ({ state: 'claimed', worker, lease_until: leaseUntil, attempts: eb('attempts', '+', 1) }))
    .where('id', 'in', ids)
    .where('state', '=', 'planned')
    .returning('id')
    .execute()
  return new Set(rows.map(({ id }) => id))
}

/** Claims that nobody finished: their worker is gone. */
export async function expiredClaims(db: Db, now: string, limit: number): Promise<DeliveryRow[]> {
  return db
    .selectFrom('delivery')
    .selectAll()
    .where('state', '=', 'claimed')
    .where('lease_until', '<=', now)
    .limit(limit)
    .execute()
}

/** Whether a promised moment or a delivery is due, or a claim was left behind: a cheap look, done every minute. */
export async function hasDueMail(db: Db, now: string): Promise<boolean> {
  const due = await db
    .selectFrom('subscription')
    .select('id')
    .where('state', 'in', ['active', 'paused'])
    .where('next_at', '<=', now)
    .limit(1)
    .executeTakeFirst()
  if (due) return true
  const waiting = await db
    .selectFrom('delivery')
    .select('id')
    .where((eb) =>
      eb.or([
        eb.and([eb('state', '=', 'planned'), eb('retry_at', '<=', now)]),
        eb.and([eb('state', '=', 'claimed'), eb('lease_until', '<=', now)]),
      ]),
    )
    .limit(1)
    .executeTakeFirst()
  return waiting !== undefined
}

// --- settling ---

/** Marks that the message is about to flow. False when the claim is no longer this worker's: then it must not. */
export async function markBegun(
  tx: Db,
  { id, worker, now }: { id: string; worker: string; now: string },
): Promise<boolean> {
  const rows = await runCompiled<{ id: string }>(tx, 'mark begun', [now, id, worker, 'claimed', now], () =>
    tx
      .updateTable('delivery')
      .set({ began_at: now })
      .where('id', '=', id)
      .where('worker', '=', worker)
      .where('state', '=', 'claimed')
      .where('lease_until', '>', now)
      .returning('id'),
  )
  return rows.length === 1
}

/** Changes a delivery that this worker holds. False when it holds it no longer. */
export async function settleClaim(
  tx: Db,
  { id, worker }: { id: string; worker: string },
  change: Updateable<Database['delivery']>,
): Promise<boolean> {
  const rows = await tx
    .updateTable('delivery')
    .set({ lease_until: null, ...change })
    .where('id', '=', id)
    .where('worker', '=', worker)
    .where('state', '=', 'claimed')
    .returning('id')
    .execute()
  return rows.length === 1
}

/** Changes deliveries that are still in a state; returns how many were. */
export async function changeDeliveries(
  tx: Db,
  ids: readonly string[],
  from: string,
  change: Updateable<Database['delivery']>,
): Promise<number> {
  if (ids.length === 0) return 0
  const { numUpdatedRows } = await tx
    .updateTable('delivery')
    .set(change)
    .where('id', 'in', ids)
    .where('state', '=', from)
    .executeTakeFirst()
  return Number(numUpdatedRows)
}

/** What waited too long and was never spoken about with a server gets the reason that it will be given up with. */
export async function noteWhyLate(tx: Db, promisedBefore: string, why: string): Promise<void> {
  await tx
    .updateTable('delivery')
    .set({ reply: why })
    .where('state', '=', 'planned')
    .where('slot_at', '<', promisedBefore)
    .where('reply', 'is', null)
    .execute()
}

export async function deliveryById(db: Db, id: string): Promise<DeliveryRow | undefined> {
  return db.selectFrom('delivery').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function deliveriesOf(db: Db, subscriptionIds: readonly string[], limit: number): Promise<DeliveryRow[]> {
  if (subscriptionIds.length === 0) return []
  return db
    .selectFrom('delivery')
    .selectAll()
    .where('subscription_id', 'in', subscriptionIds)
    .orderBy('slot_at', 'desc')
    .orderBy('id')
    .limit(limit)
    .execute()
}

/** What a mail that went out changes for its subscription: its days are covered, its papers never come again. */
export async function recordMailed(
  tx: Db,
  { subscriptionId, at, covers }: { subscriptionId: string; at: string; covers: string | null },
  paperIds: readonly number[],
): Promise<void> {
  if (covers === null) {
    await runCompiled(tx, 'mailed', [at, subscriptionId], () =>
      tx.updateTable('subscription').set({ last_sent_at: at }).where('id', '=', subscriptionId).returning('id'),
    )
  } else {
    await runCompiled(tx, 'mailed and covered', [at, covers, covers, subscriptionId], () =>
      tx
        .updateTable('subscription')
        .set((eb) => ({
          last_sent_at: at,
          covered_through: eb
            .case()
            .when(eb.or([eb('covered_through', 'is', null), eb('covered_through', '<', covers)]))
            .then(covers)
            .else(eb.ref('covered_through'))
            .end(),
        }))
        .where('id', '=', subscriptionId)
        .returning('id'),
    )
  }
  if (paperIds.length === 0) return
  await tx
    .insertInto('mailed_paper')
    .values(paperIds.map((paper_id) => ({ subscription_id: subscriptionId, paper_id })))
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

// --- the instance ---

export async function readSetting(db: Db, name: string): Promise<string | undefined> {
  return (await db.selectFrom('setting').select('value').where('name', '=', name).executeTakeFirst())?.value
}

export async function writeSetting(db: Db, name: string, value: string): Promise<void> {
  await db
    .insertInto('setting')
    .values({ name, value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute()
}
