import { type Db, inTransaction, lockForWriting } from './dialect.ts'
import type { OutgoingSourceTable } from './schema.ts'

// What the client for outgoing requests keeps in the database, so that all processes are polite together and a restart
// forgets nothing: who has the turn in a lane, which source is cooling down, which validators an address gave.

/** Why a lane cannot be had now, and the instant to look again. */
export type LaneTurn = { taken: true } | { taken: false; until: Date; cause: 'busy' | 'spacing' | 'cooldown' }
export type LaneUse = {
  lane: string
  holder: string
  now: Date
  /** The turn is lost to others after this instant unless it is renewed: its holder may have been killed. */
  heldUntil: Date
  /** Others may start no earlier than this, even if the holder dies at once. */
  freeAt: Date
  /** Set for pages, which robots' rules keep further apart than other requests of the lane. */
  pagesFreeAt?: Date
}

/** Takes the turn in a lane if it is free; the answer is the same for every process that shares the database. */
export function takeTurn(db: Db, use: LaneUse): Promise<LaneTurn> {
  return inTransaction(db, async (tx) => {
    await lockForWriting(tx, 'outgoing')
    const now = use.now.toISOString()
    const row = await tx.selectFrom('outgoing_lane').selectAll().where('lane', '=', use.lane).executeTakeFirst()
    if (row) {
      if (row.holder !== null && row.held_until !== null && row.held_until > now)
        return { taken: false, until: new Date(row.held_until), cause: 'busy' }
      const freeAt = use.pagesFreeAt && row.pages_free_at > row.free_at ? row.pages_free_at : row.free_at
      if (row.cooldown_until !== null && row.cooldown_until > now && row.cooldown_until >= freeAt)
        return { taken: false, until: new Date(row.cooldown_until), cause: 'cooldown' }
      if (freeAt > now) return { taken: false, until: new Date(freeAt), cause: 'spacing' }
    }
    const turn = {
      holder: use.holder,
      held_until: use.heldUntil.toISOString(),
      free_at: use.freeAt.toISOString(),
      pages_free_at: use.pagesFreeAt?.toISOString() ?? row?.pages_free_at ?? '',
    }
    await tx
      .insertInto('outgoing_lane')
      .values({ lane: use.lane, ...turn })
      .onConflict((conflict) => conflict.column('lane').doUpdateSet(turn))
      .execute()
    return { taken: true }
  })
}

/** Says that the holder is still at work. */
export async function renewTurn(db: Db, lane: string, holder: string, heldUntil: Date): Promise<void> {
  await db
    .updateTable('outgoing_lane')
    .set({ held_until: heldUntil.toISOString() })
    .where('lane', '=', lane)
    .where('holder', '=', holder)
    .execute()
}

/** Gives the turn back; the next one may start at `freeAt`, a page at `pagesFreeAt`, nobody before `cooldownUntil`. */
export async function giveTurnBack(
  db: Db,
  lane: string,
  holder: string,
  next: { freeAt: Date; pagesFreeAt?: Date | undefined; cooldownUntil?: Date | undefined },
): Promise<void> {
  await db
    .updateTable('outgoing_lane')
    .set({
      holder: null,
      held_until: null,
      free_at: next.freeAt.toISOString(),
      ...(next.pagesFreeAt ? { pages_free_at: next.pagesFreeAt.toISOString() } : {}),
      ...(next.cooldownUntil ? { cooldown_until: next.cooldownUntil.toISOString() } : {}),
    })
    .where('lane', '=', lane)
    .where('holder', '=', holder)
    .execute()
}

/** How a source has answered lately; undefined when it was never asked. */
export async function sourceHealth(db: Db, source: string): Promise<OutgoingSourceTable | undefined> {
  return await db.selectFrom('outgoing_source').selectAll().where('source', '=', source).executeTakeFirst()
}

/** Every source that was ever asked, for the status page. */
export async function politeSources(db: Db): Promise<OutgoingSourceTable[]> {
  return await db.selectFrom('outgoing_source').selectAll().orderBy('source').execute()
}

export async function saveSourceHealth(db: Db, row: OutgoingSourceTable): Promise<void> {
  const { source: _, ...values } = row
  await db
    .insertInto('outgoing_source')
    .values(row)
    .onConflict((conflict) => conflict.column('source').doUpdateSet(values))
    .execute()
}

/** An administrator says that a stopped source may be asked again. */
export async function reopenSource(db: Db, source: string): Promise<void> {
  await db
    .updateTable('outgoing_source')
    .set({ failures: 0, closed_until: null, blocked_at: null })
    .where('source', '=', source)
    .execute()
}

export type Validators = { etag?: string; lastModified?: string }

export async function validatorsOf(db: Db, url: string): Promise<Validators> {
  const row = await db.selectFrom('outgoing_validator').selectAll().where('url', '=', url).executeTakeFirst()
  return {
    ...(row?.etag ? { etag: row.etag } : {}),
    ...(row?.last_modified ? { lastModified: row.last_modified } : {}),
  }
}

export async function saveValidators(db: Db, url: string, { etag, lastModified }: Validators, at: Date): Promise<void> {
  const values = { etag: etag ?? null, last_modified: lastModified ?? null, checked_at: at.toISOString() }
  await db
    .insertInto('outgoing_validator')
    .values({ url, ...values })
    .onConflict((conflict) => conflict.column('url').doUpdateSet(values))
    .execute()
}
