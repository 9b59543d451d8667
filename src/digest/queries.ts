import type { Insertable } from 'kysely'
import type { Database, Db } from '../db/index.ts'

// All SQL of the room `digest`.

export async function countSubscriptions(db: Db): Promise<number> {
  const row = await db
    .selectFrom('subscription')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

/** One row for each address: asking again changes nothing. */
export async function insertSubscription(db: Db, row: Insertable<Database['subscription']>): Promise<void> {
  await db
    .insertInto('subscription')
    .values(row)
    .onConflict((conflict) => conflict.column('email').doNothing())
    .execute()
}
