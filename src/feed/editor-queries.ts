import { sql } from 'kysely'
import type { Db } from '../db/index.ts'
import type { PaperId } from '../papers/index.ts'
import type { PeriodKind } from './period.ts'

// SQL of what editors do (picks, places in editions), and of the badges that closed editions give.

export async function isStored(db: Db, paperId: PaperId): Promise<boolean> {
  return (await db.selectFrom('paper').select('id').where('id', '=', paperId).executeTakeFirst()) !== undefined
}

// --- picks ---

/** Who picked a paper and when; `name` is absent when the account is gone. */
export async function pickOf(db: Db, paperId: PaperId): Promise<{ at: string; name?: string } | undefined> {
  const row = await db
    .selectFrom('pick')
    .leftJoin('person', 'person.id', 'pick.person_id')
    .select(['pick.picked_at', 'person.name', 'person.left_at'])
    .where('pick.paper_id', '=', paperId)
    .executeTakeFirst()
  if (!row) return undefined
  return { at: row.picked_at, ...(row.name === null || row.left_at !== null ? {} : { name: row.name }) }
}

export async function insertPick(tx: Db, paperId: PaperId, personId: string, at: Date): Promise<void> {
  await tx.insertInto('pick').values({ paper_id: paperId, person_id: personId, picked_at: at.toISOString() }).execute()
}

export async function deletePick(tx: Db, paperId: PaperId): Promise<void> {
  await tx.deleteFrom('pick').where('paper_id', '=', paperId).execute()
}

// --- places in editions ---

/** All that is needed to put an entry back where it was. */
export type EntryState = {
  day: string
  placement: number
  listedAt: string
  origin: string
  submittedBy: string | null
  site: string | null
}

export async function entryState(db: Db, paperId: PaperId): Promise<EntryState | null> {
  const row = await db.selectFrom('edition_entry').selectAll().where('paper_id', '=', paperId).executeTakeFirst()
  if (!row) return null
  return {
    day: row.day,
    placement: row.placement,
    listedAt: row.listed_at,
    origin: row.origin,
    submittedBy: row.submitted_by,
    site: row.site,
  }
}

export async function deleteEntry(tx: Db, paperId: PaperId): Promise<void> {
  await tx.deleteFrom('edition_entry').where('paper_id', '=', paperId).execute()
}

export type Removal = { day: string; reason: string; at: string }

export async function removalOf(db: Db, paperId: PaperId): Promise<Removal | undefined> {
  const row = await db.selectFrom('edition_removal').selectAll().where('paper_id', '=', paperId).executeTakeFirst()
  return row && { day: row.day, reason: row.reason, at: row.removed_at }
}

/** Of some papers, those that an editor took out of their edition. */
export async function removedAmong(db: Db, ids: readonly PaperId[]): Promise<Set<PaperId>> {
  if (ids.length === 0) return new Set()
  const rows = await db.selectFrom('edition_removal').select('paper_id').where('paper_id', 'in', ids).execute()
  return new Set(rows.map((row) => row.paper_id as PaperId))
}

export async function saveRemoval(tx: Db, paperId: PaperId, { day, reason, at }: Removal): Promise<void> {
  const values = { day, reason, removed_at: at }
  await tx
    .insertInto('edition_removal')
    .values({ paper_id: paperId, ...values })
    .onConflict((conflict) => conflict.column('paper_id').doUpdateSet(values))
    .execute()
}

export async function deleteRemoval(tx: Db, paperId: PaperId): Promise<void> {
  await tx.deleteFrom('edition_removal').where('paper_id', '=', paperId).execute()
}

// --- badges ---

/** Days up to `until` that have an edition. */
export async function editionDays(db: Db, until: string): Promise<string[]> {
  const rows = await db.selectFrom('edition').select('day').where('day', '<=', until).orderBy('day').execute()
  return rows.map((row) => row.day)
}

export async function closedPeriods(db: Db): Promise<Set<string>> {
  const rows = await db.selectFrom('closed_period').select(['kind', 'key']).execute()
  return new Set(rows.map((row) => `${row.kind} ${row.key}`))
}

export type Winner = { paperId: PaperId; upvotes: number }

/**
 * The best papers of some days by the votes given until an instant, in the order of the edition's page. Papers without
 * a vote, and withdrawn ones, win nothing.
 */
export async function winnersOf(db: Db, from: string, to: string, until: Date, limit: number): Promise<Winner[]> {
  const rows = await db
    .selectFrom('standing')
    .innerJoin('vote', 'vote.paper_id', 'standing.paper_id')
    .innerJoin('paper', 'paper.id', 'standing.paper_id')
    .select(['standing.paper_id', sql<number>`count(*)`.as('upvotes')])
    .where('standing.day', '>=', from)
    .where('standing.day', '<=', to)
    .where('vote.counts', '=', 1)
    .where('vote.created_at', '<=', until.toISOString())
    .where('paper.withdrawn_version', 'is', null)
    .groupBy(['standing.paper_id', 'standing.comments', 'standing.day', 'standing.placement'])
    .orderBy(sql`count(*)`, 'desc')
    .orderBy('standing.comments', 'desc')
    .orderBy('standing.day', 'desc')
    .orderBy('standing.placement')
    .orderBy('standing.paper_id')
    .limit(limit)
    .execute()
  return rows.map((row) => ({ paperId: row.paper_id as PaperId, upvotes: Number(row.upvotes) }))
}

export async function insertClosedPeriod(tx: Db, kind: PeriodKind, key: string, now: Date): Promise<void> {
  await tx.insertInto('closed_period').values({ kind, key, closed_at: now.toISOString() }).execute()
}

export async function insertBadges(tx: Db, kind: PeriodKind, key: string, winners: readonly Winner[]): Promise<void> {
  for (const [index, { paperId, upvotes }] of winners.entries()) {
    await tx
      .insertInto('edition_badge')
      .values({ kind, key, rank: index + 1, paper_id: paperId, upvotes })
      .execute()
  }
}

/** Takes the badges of some periods back, so that they are given anew; returns who had them. */
export async function reopenPeriod(tx: Db, kind: PeriodKind, key: string): Promise<PaperId[]> {
  const rows = await tx
    .deleteFrom('edition_badge')
    .where('kind', '=', kind)
    .where('key', '=', key)
    .returning('paper_id')
    .execute()
  await tx.deleteFrom('closed_period').where('kind', '=', kind).where('key', '=', key).execute()
  return rows.map((row) => row.paper_id as PaperId)
}

/** Days whose editions hold papers that a person voted for. */
export async function daysVotedBy(db: Db, personId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('vote')
    .innerJoin('standing', 'standing.paper_id', 'vote.paper_id')
    .select('standing.day')
    .distinct()
    .where('vote.person_id', '=', personId)
    .where('standing.day', 'is not', null)
    .execute()
  return rows.flatMap((row) => (row.day === null ? [] : [row.day]))
}
