import type { Insertable, Selectable } from 'kysely'
import type { Database, Db } from '../db/index.ts'

// SQL about mail that came back and addresses that get none.

export type SuppressionRow = Selectable<Database['suppression']>

export async function suppressionOf(db: Db, addressHash: string): Promise<SuppressionRow | undefined> {
  return db.selectFrom('suppression').selectAll().where('address_hash', '=', addressHash).executeTakeFirst()
}

export async function suppressions(db: Db, limit: number): Promise<SuppressionRow[]> {
  return db.selectFrom('suppression').selectAll().orderBy('created_at', 'desc').limit(limit).execute()
}

/** A complaint outweighs what was there; anything else leaves the first reason in place. */
export async function insertSuppression(tx: Db, row: Insertable<Database['suppression']>): Promise<void> {
  await tx
    .insertInto('suppression')
    .values(row)
    .onConflict((conflict) => {
      const onHash = conflict.column('address_hash')
      const { address, reason, evidence, created_at } = row
      return reason === 'complaint'
        ? onHash.doUpdateSet({ address: address ?? null, reason, evidence, created_at })
        : onHash.doUpdateSet({ address: address ?? null })
    })
    .execute()
}

export async function deleteSuppression(tx: Db, addressHash: string): Promise<void> {
  await tx.deleteFrom('suppression').where('address_hash', '=', addressHash).execute()
}

export async function forgetSuppressed(tx: Db, addressHash: string): Promise<void> {
  await tx.updateTable('suppression').set({ address: null }).where('address_hash', '=', addressHash).execute()
}

/** False when this very report was taken in before. */
export async function insertReturn(tx: Db, row: Insertable<Database['mail_return']>): Promise<boolean> {
  const inserted = await tx
    .insertInto('mail_return')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .execute()
  return inserted.length === 1
}

/** On how many different days mail to an address came back for now, since a moment. */
export async function softReturnDays(db: Db, addressHash: string, since: string): Promise<number> {
  const rows = await db
    .selectFrom('mail_return')
    .select('received_at')
    .where('address_hash', '=', addressHash)
    .where('kind', '=', 'soft')
    .where('received_at', '>=', since)
    .execute()
  return new Set(rows.map(({ received_at }) => received_at.slice(0, 10))).size
}

/** The address a delivery went to. */
export async function addressOfDelivery(db: Db, deliveryId: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('delivery')
    .innerJoin('subscription', 'subscription.id', 'delivery.subscription_id')
    .innerJoin('subscriber', 'subscriber.id', 'subscription.subscriber_id')
    .select('subscriber.email')
    .where('delivery.id', '=', deliveryId)
    .executeTakeFirst()
  return row?.email
}

export async function countReturns(db: Db, since: string): Promise<Record<string, number>> {
  const rows = await db
    .selectFrom('mail_return')
    .select(['kind', (eb) => eb.fn.countAll<number>().as('count')])
    .where('received_at', '>=', since)
    .groupBy('kind')
    .execute()
  return Object.fromEntries(rows.map(({ kind, count }) => [kind, Number(count)]))
}
