import type { Selectable } from 'kysely'
import { bulkInsert, type Database, type Db, isAmong } from '../../db/index.ts'
import type { Day, Identifier, PaperId, PaperRecord } from '../../papers/index.ts'

// All SQL about gathering from arXiv: days, announcements, harvests, what is wanted, starter papers; reads first.

/** Ids to a statement. */
const CHUNK = 500

export type DayRow = Selectable<Database['gathered_day']>
export type HarvestRow = Selectable<Database['harvest']>
export type WantedRow = Selectable<Database['arxiv_wanted']>

export function dayRows(db: Db, source: string, since: Day): Promise<DayRow[]> {
  return db
    .selectFrom('gathered_day')
    .selectAll()
    .where('source', '=', source)
    .where('day', '>=', since)
    .orderBy('day')
    .orderBy('subject')
    .execute()
}

/** Papers of ours by their arXiv ids. */
export async function paperIdsOf(db: Db, ids: readonly string[]): Promise<Map<string, PaperId>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('paper_identifier')
    .select(['id', 'paper_id'])
    .where('source', '=', 'arxiv')
    .where(isAmong(db, 'id', ids))
    .execute()
  return new Map(rows.map((row) => [row.id, row.paper_id as PaperId]))
}

/** Of these papers, those that are known from a list only: arXiv's own record always has the day of submission. */
export async function stubsAmong(db: Db, ids: readonly PaperId[]): Promise<Set<PaperId>> {
  const stubs = new Set<PaperId>()
  for (let start = 0; start < ids.length; start += CHUNK) {
    const rows = await db
      .selectFrom('paper')
      .select('id')
      .where('id', 'in', ids.slice(start, start + CHUNK))
      .where('submitted_at', 'is', null)
      .execute()
    for (const row of rows) stubs.add(row.id as PaperId)
  }
  return stubs
}

export type Announcement = { paperId: PaperId; kind: string; position: number }

export async function announcedOn(db: Db, subject: string, day: Day): Promise<{ id: string; kind: string }[]> {
  return await db
    .selectFrom('paper_announcement')
    .innerJoin('paper', 'paper.id', 'paper_announcement.paper_id')
    .select(['paper.base_id as id', 'paper_announcement.kind'])
    .where('day', '=', day)
    .where('subject', '=', subject)
    .orderBy('position')
    .execute()
}

export async function harvestRow(db: Db, name: string): Promise<HarvestRow | undefined> {
  return await db.selectFrom('harvest').selectAll().where('name', '=', name).executeTakeFirst()
}

/** The first day that was gathered in a subject. */
export async function firstGathered(db: Db, subject: string): Promise<Day | undefined> {
  const row = await db
    .selectFrom('gathered_day')
    .select((eb) => eb.fn.min('day').as('day'))
    .where('source', '=', 'arxiv')
    .where('subject', '=', subject)
    .executeTakeFirst()
  return row?.day ?? undefined
}

/** Comparisons of identifiers with arXiv's, by the beginning of their names. */
export async function harvestRows(db: Db, prefix: string): Promise<HarvestRow[]> {
  return await db.selectFrom('harvest').selectAll().where('name', 'like', `${prefix}%`).orderBy('name').execute()
}

export async function wantedDue(db: Db, now: Date, limit: number): Promise<WantedRow[]> {
  return await db
    .selectFrom('arxiv_wanted')
    .selectAll()
    .where('next_at', '<=', now.toISOString())
    .orderBy('next_at')
    .orderBy('base_id')
    .limit(limit)
    .execute()
}

export type StoredPaper = { id: string; submittedAt: string; record: PaperRecord }

/** Papers of arXiv submitted between two days, both ends in, as far as filters look at them. */
export async function storedSince(db: Db, from: Day, until: Day): Promise<StoredPaper[]> {
  const rows = await db
    .selectFrom('paper')
    .select(['base_id', 'submitted_at', 'title', 'abstract', 'authors', 'categories'])
    .where('source', '=', 'arxiv')
    .where('sort_on', '>=', from)
    .where('sort_on', '<=', until)
    .where('submitted_at', 'is not', null)
    .orderBy('base_id')
    .execute()
  return rows.map((row) => ({
    id: row.base_id,
    submittedAt: row.submitted_at as string,
    record: {
      identifiers: [],
      title: row.title,
      ...(row.abstract === null ? {} : { abstract: row.abstract }),
      authors: JSON.parse(row.authors),
      categories: row.categories.split(' '),
      versions: [],
      links: [],
    },
  }))
}

export type StarterPaper = { paperId: PaperId; title: string; identifier: Identifier; arxivId: string | undefined }

/** Starter papers without abstract that were not looked for yet, with their arXiv id where it is known. */
export async function unresolvedStarters(db: Db): Promise<StarterPaper[]> {
  const rows = await db
    .selectFrom('edition_entry')
    .innerJoin('paper', 'paper.id', 'edition_entry.paper_id')
    .leftJoin('arxiv_title_lookup', 'arxiv_title_lookup.paper_id', 'paper.id')
    .select(['paper.id', 'paper.title', 'paper.source', 'paper.base_id'])
    .where('edition_entry.origin', '=', 'starter')
    .where('paper.abstract', 'is', null)
    .where('arxiv_title_lookup.paper_id', 'is', null)
    .orderBy('edition_entry.placement')
    .execute()
  return rows.map((row) => ({
    paperId: row.id as PaperId,
    title: row.title,
    identifier: { source: row.source, id: row.base_id },
    arxivId: row.source === 'arxiv' ? row.base_id : undefined,
  }))
}

// --- writes ---

export async function saveDay(tx: Db, row: DayRow): Promise<void> {
  const { source: _, subject: __, day: ___, first_tried_at: ____, ...values } = row
  await tx
    .insertInto('gathered_day')
    .values(row)
    .onConflict((conflict) => conflict.columns(['source', 'day', 'subject']).doUpdateSet(values))
    .execute()
}

/** The list of a day in one subject, in place of what was stored of it before. */
export async function replaceAnnouncements(
  tx: Db,
  subject: string,
  day: Day,
  announcements: readonly Announcement[],
): Promise<void> {
  await tx.deleteFrom('paper_announcement').where('day', '=', day).where('subject', '=', subject).execute()
  const rows = announcements.map(({ paperId, kind, position }) => ({ paper_id: paperId, subject, day, kind, position }))
  await bulkInsert(tx, 'paper_announcement', ['paper_id', 'subject', 'day', 'kind', 'position'], rows)
}

/** Wants the records of these papers, from an instant on; what is wanted already keeps its place. */
export async function want(
  tx: Db,
  ids: readonly string[],
  wish: { reason: string; now: Date; nextAt: Date },
): Promise<void> {
  const values = {
    reason: wish.reason,
    since: wish.now.toISOString(),
    tries: 0,
    next_at: wish.nextAt.toISOString(),
    message: null,
  }
  for (let start = 0; start < ids.length; start += CHUNK) {
    await tx
      .insertInto('arxiv_wanted')
      .values(ids.slice(start, start + CHUNK).map((base_id) => ({ base_id, ...values })))
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  }
}

export async function wantedNoMore(tx: Db, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await tx
    .deleteFrom('arxiv_wanted')
    .where(isAmong(tx, 'base_id', ids))
    .execute()
}

export async function postponeWanted(tx: Db, id: string, nextAt: Date, message: string): Promise<void> {
  await tx
    .updateTable('arxiv_wanted')
    .set((eb) => ({ tries: eb('tries', '+', 1), next_at: nextAt.toISOString(), message }))
    .where('base_id', '=', id)
    .execute()
}

export async function saveHarvest(tx: Db, row: HarvestRow): Promise<void> {
  const { name: _, ...values } = row
  await tx
    .insertInto('harvest')
    .values(row)
    .onConflict((conflict) => conflict.column('name').doUpdateSet(values))
    .execute()
}

export async function saveLookup(tx: Db, paperId: PaperId, outcome: string, now: Date): Promise<void> {
  const values = { tried_at: now.toISOString(), outcome }
  await tx
    .insertInto('arxiv_title_lookup')
    .values({ paper_id: paperId, ...values })
    .onConflict((conflict) => conflict.column('paper_id').doUpdateSet(values))
    .execute()
}
