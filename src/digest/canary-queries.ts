import type { Selectable } from 'kysely'
import type { Database, Db } from '../db/index.ts'

// SQL about canaries.

export type CanaryRow = Selectable<Database['canary']>

export async function canaryOf(db: Db, day: string): Promise<CanaryRow | undefined> {
  return db.selectFrom('canary').selectAll().where('day', '=', day).executeTakeFirst()
}

/** The newest ones first. */
export async function recentCanaries(db: Db, limit: number): Promise<CanaryRow[]> {
  return db.selectFrom('canary').selectAll().orderBy('day', 'desc').limit(limit).execute()
}

/**
 * Takes the canary of a day for this program until `until`, unless it is settled or somebody else has it. Two programs
 * ask this at once, and one gets it.
 */
export async function takeCanary(
  tx: Db,
  day: string,
  { now, until }: { now: string; until: string },
): Promise<CanaryRow | undefined> {
  await tx
    .insertInto('canary')
    .values({ day, state: 'waiting', try_at: now })
    .onConflict((conflict) => conflict.column('day').doNothing())
    .execute()
  return tx
    .updateTable('canary')
    .set((eb) => ({ try_at: until, tries: eb('tries', '+', 1) }))
    .where('day', '=', day)
    .where('state', '=', 'waiting')
    .where('try_at', '<=', now)
    .returningAll()
    .executeTakeFirst()
}

export async function settleCanary(
  tx: Db,
  day: string,
  change: { state: string; reply: string; try_at: string; settled_at: string | null },
): Promise<void> {
  await tx.updateTable('canary').set(change).where('day', '=', day).execute()
}

/** Issues of the edition that readers wait for whose day has no settled canary, by day. */
export async function issuesWithoutCanary(
  db: Db,
  { now, since }: { now: string; since: string },
): Promise<{ id: string; day: string }[]> {
  return db
    .selectFrom('issue')
    .leftJoin('canary', 'canary.day', 'issue.day')
    .select(['issue.id', 'issue.day'])
    .where('issue.kind', '=', 'edition')
    .where('issue.state', '=', 'frozen')
    .where('issue.frozen_at', '>=', since)
    .where((eb) =>
      eb.or([
        eb('canary.day', 'is', null),
        eb.and([eb('canary.state', '=', 'waiting'), eb('canary.try_at', '<=', now)]),
      ]),
    )
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('delivery')
          .select('delivery.id')
          .whereRef('delivery.issue_id', '=', 'issue.id')
          .where('delivery.state', '=', 'planned')
          .where('delivery.retry_at', '<=', now),
      ),
    )
    .orderBy('issue.day')
    .orderBy('issue.frozen_at')
    .execute()
}

/** How many active subscriptions want the edition, when the first of them is due after now, and how many mails wait. */
export async function editionReaders(
  db: Db,
  now: string,
): Promise<{ count: number; firstAt: string | null; waiting: number }> {
  const row = await db
    .selectFrom('subscription')
    .select((eb) => [eb.fn.countAll<number>().as('count'), eb.fn.min('next_at').as('firstAt')])
    .where('state', '=', 'active')
    .where('want', 'like', '{"kind":"edition"%')
    .where('next_at', '>', now)
    .executeTakeFirstOrThrow()
  const planned = await db
    .selectFrom('delivery')
    .innerJoin('issue', 'issue.id', 'delivery.issue_id')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('delivery.state', '=', 'planned')
    .where('delivery.retry_at', '<=', now)
    .where('issue.kind', '=', 'edition')
    .executeTakeFirstOrThrow()
  return { count: Number(row.count), firstAt: row.firstAt, waiting: Number(planned.count) }
}
