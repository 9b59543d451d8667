import type { Selectable } from 'kysely'
import type { Database, Db } from '../db/index.ts'

// SQL for whoever looks after the mail: what was promised and what became of it, in counts.

export type IssueRow = Selectable<Database['issue']>

/** Issues, newest first; `before` is when the last one of the page before was frozen. */
export async function issuesBefore(db: Db, limit: number, before?: string): Promise<IssueRow[]> {
  return db
    .selectFrom('issue')
    .selectAll()
    .$if(before !== undefined, (query) => query.where('frozen_at', '<', before as string))
    .orderBy('frozen_at', 'desc')
    .orderBy('id')
    .limit(limit)
    .execute()
}

export type ReasonCount = { state: string; reason: string | null; count: number }

/** Promised mails since a moment that no issue was made for, by their reasons. */
export async function reasonsWithoutIssue(db: Db, since: string, limit: number): Promise<ReasonCount[]> {
  const rows = await db
    .selectFrom('delivery')
    .select(['state', 'reason', (eb) => eb.fn.countAll<number>().as('count')])
    .where('issue_id', 'is', null)
    .where('slot_at', '>=', since)
    .groupBy(['state', 'reason'])
    .orderBy('count', 'desc')
    .orderBy('reason')
    .limit(limit)
    .execute()
  return rows.map((row) => ({ ...row, count: Number(row.count) }))
}

/** What the mails of an issue ended with, by state and reason, most first; for what waits, the server's last words. */
export async function reasonsOfIssue(db: Db, issueId: string, limit: number): Promise<ReasonCount[]> {
  const rows = await db
    .selectFrom('delivery')
    .select(['state', 'reason', 'reply', (eb) => eb.fn.countAll<number>().as('count')])
    .where('issue_id', '=', issueId)
    .where('state', '!=', 'sent')
    .groupBy(['state', 'reason', 'reply'])
    .orderBy('count', 'desc')
    .limit(limit)
    .execute()
  return rows.map(({ state, reason, reply, count }) => ({ state, reason: reason ?? reply, count: Number(count) }))
}

const kinds = ['edition', 'trending', 'categories', 'authors', 'search', 'similar', 'picks'] as const

/** Subscriptions by what they are about, how often, and their state. */
export async function countSubscriptions(
  db: Db,
): Promise<{ kind: string; rhythm: string; state: string; count: number }[]> {
  const rows = await db
    .selectFrom('subscription')
    .select((eb) => {
      let kind = eb.case().when('want', 'like', '{"kind":"edition"%').then('edition')
      for (const one of kinds.slice(1)) kind = kind.when('want', 'like', `{"kind":"${one}"%`).then(one) as never
      return [kind.else('other').end().as('kind'), 'rhythm', 'state', eb.fn.countAll<number>().as('count')]
    })
    .groupBy(['kind', 'rhythm', 'state'])
    .execute()
  return rows.map((row) => ({ ...row, kind: String(row.kind), count: Number(row.count) }))
}

/** The next promised moment of all. */
export async function nextPromise(db: Db): Promise<string | undefined> {
  const row = await db
    .selectFrom('subscription')
    .select((eb) => eb.fn.min('next_at').as('at'))
    .where('state', '=', 'active')
    .executeTakeFirst()
  return row?.at ?? undefined
}

/** Deliveries that wait to be sent, and are due. */
export async function countWaiting(db: Db, now: string): Promise<number> {
  const row = await db
    .selectFrom('delivery')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('state', 'in', ['planned', 'claimed'])
    .where('retry_at', '<=', now)
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

export type ReturnRow = Selectable<Database['mail_return']>

/** What came back from an address, newest first. */
export async function returnsOfAddress(db: Db, addressHash: string, limit: number): Promise<ReturnRow[]> {
  return db
    .selectFrom('mail_return')
    .selectAll()
    .where('address_hash', '=', addressHash)
    .orderBy('received_at', 'desc')
    .limit(limit)
    .execute()
}

export type PromisedDay = { kind: string; day: string; isSent: boolean }

/**
 * The days of each kind of mail, of issues frozen in a span, on which mails were promised before its end that should have
 * gone out, and whether any did. Not counted: what readers ended or paused, what brought nothing new, and what was asked
 * for by hand. Asks whether there is such a mail, and counts none: a table of many millions answers at once.
 */
export async function promisedDays(db: Db, { from, to }: { from: string; to: string }): Promise<PromisedDay[]> {
  const rows = await db
    .selectFrom('issue')
    .select((eb) => {
      const mail = eb
        .selectFrom('delivery')
        .select('delivery.id')
        .whereRef('delivery.issue_id', '=', 'issue.id')
        .where('delivery.slot_at', '<=', to)
        .where('delivery.period_key', 'not like', 'now %')
      const missed = mail.where('delivery.state', '!=', 'sent').where((one) =>
        one.or([
          one('delivery.state', '!=', 'skipped'),
          one('delivery.reason', 'like', 'too late%'),
          one('delivery.reason', 'like', 'the issue could not%'),
          // An edition that arXiv announced has papers: one without them was not gathered.
          one.and([one('delivery.reason', 'like', 'no papers: nothing new%'), one('issue.kind', '=', 'edition')]),
        ]),
      )
      return [
        'issue.kind',
        'issue.day',
        eb.exists(mail.where('delivery.state', '=', 'sent')).as('is_sent'),
        eb.exists(missed).as('is_missed'),
      ]
    })
    .where('issue.frozen_at', '>=', from)
    .where('issue.frozen_at', '<=', to)
    .execute()
  return rows.flatMap(({ kind, day, is_sent, is_missed }) =>
    is_sent || is_missed ? [{ kind, day, isSent: Boolean(is_sent) }] : [],
  )
}

// --- trying again ---

/**
 * Plans failed mails of an issue again: the server refused them, so nobody has them. What may have arrived (`unknown`)
 * is never among them. Returns how many.
 */
export async function planFailedAgain(
  tx: Db,
  issueId: string,
  { promisedSince, now }: { promisedSince: string; now: string },
): Promise<number> {
  const { numUpdatedRows } = await tx
    .updateTable('delivery')
    .set({
      ...{ state: 'planned', reason: null, reply: null, attempts: 0, retry_at: now },
      ...{ worker: null, lease_until: null, began_at: null, settled_at: null },
    })
    .where('issue_id', '=', issueId)
    .where('slot_at', '>=', promisedSince)
    .where((eb) =>
      eb.or([
        eb('state', '=', 'failed'),
        eb.and([eb('state', '=', 'skipped'), eb('reason', '=', 'the issue could not be made')]),
      ]),
    )
    .executeTakeFirst()
  return Number(numUpdatedRows)
}

export async function mendIssue(tx: Db, id: string): Promise<void> {
  await tx.updateTable('issue').set({ state: 'frozen', problem: null }).where('id', '=', id).execute()
}
