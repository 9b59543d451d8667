import type { Db } from './dialect.ts'

// Signs of life of the programs that take jobs: what tells "nothing was due" from "nobody works".

/** Rows of programs that ended are kept this long; the newest says since when nobody works. */
const KEPT_MS = 30 * 86_400_000

/** A worker is alive. */
export async function saveBeat(db: Db, beat: { worker: string; startedAt: Date }, now: Date): Promise<void> {
  const seen_at = now.toISOString()
  await db
    .insertInto('worker_beat')
    .values({ worker: beat.worker, started_at: beat.startedAt.toISOString(), seen_at })
    .onConflict((conflict) => conflict.column('worker').doUpdateSet({ seen_at }))
    .execute()
}

/** When any worker was alive last; undefined when there never was one. */
export async function lastBeat(db: Db): Promise<Date | undefined> {
  const row = await db
    .selectFrom('worker_beat')
    .select((eb) => eb.fn.max('seen_at').as('seen_at'))
    .executeTakeFirst()
  return row?.seen_at ? new Date(row.seen_at) : undefined
}

export async function forgetBeats(db: Db, now: Date): Promise<void> {
  const before = new Date(now.getTime() - KEPT_MS).toISOString()
  await db.deleteFrom('worker_beat').where('seen_at', '<', before).execute()
}
