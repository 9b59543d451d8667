import type { Selectable } from 'kysely'
import { type Database, type Db, unlessChanged } from '../db/index.ts'

// All SQL of the room `sources` but for arXiv's: which sources there are, and how each is doing.

export type SourceRow = Selectable<Database['source']>
export type SourceStateRow = Selectable<Database['source_state']>

export function sourceRows(db: Db): Promise<SourceRow[]> {
  return unlessChanged(db, 'sources', () => db.selectFrom('source').selectAll().orderBy('name').execute())
}

export function sourceRow(db: Db, name: string): Promise<SourceRow | undefined> {
  return db.selectFrom('source').selectAll().where('name', '=', name).executeTakeFirst()
}

export function sourceStates(db: Db): Promise<SourceStateRow[]> {
  return db.selectFrom('source_state').selectAll().execute()
}

export function sourceState(db: Db, name: string): Promise<SourceStateRow | undefined> {
  return db.selectFrom('source_state').selectAll().where('name', '=', name).executeTakeFirst()
}

export type GatheredDayRow = Selectable<Database['gathered_day']>

/** arXiv's days, as gathered for each category: newest first. */
export function gatheredDays(db: Db, from: string, to: string): Promise<GatheredDayRow[]> {
  return unlessChanged(db, `gathered days ${from} ${to}`, () =>
    db
      .selectFrom('gathered_day')
      .selectAll()
      .where('source', '=', 'arxiv')
      .where('day', '>=', from)
      .where('day', '<=', to)
      .orderBy('day', 'desc')
      .orderBy('subject')
      .execute(),
  )
}

/** How many papers each list announced as new and how many as cross-lists. */
export function announcementCounts(
  db: Db,
  from: string,
  to: string,
): Promise<{ day: string; subject: string; kind: string; count: number | string | bigint }[]> {
  return unlessChanged(db, `announcement counts ${from} ${to}`, () =>
    db
      .selectFrom('paper_announcement')
      .select(['day', 'subject', 'kind', (eb) => eb.fn.countAll().as('count')])
      .where('day', '>=', from)
      .where('day', '<=', to)
      .where('kind', 'in', ['new', 'cross'])
      .groupBy(['day', 'subject', 'kind'])
      .execute(),
  )
}

/** Papers whose full record is still to be fetched. */
export async function countWanted(db: Db): Promise<number> {
  const row = await db
    .selectFrom('arxiv_wanted')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

/** Papers that a comparison with arXiv's list found missing, and that have not come since. */
export async function countHoles(db: Db): Promise<number> {
  const row = await db
    .selectFrom('arxiv_wanted')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('reason', '=', 'hole')
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

/** The comparisons that came to their end, of all followed categories: when, and how many papers they listed. */
export async function comparisons(
  db: Db,
  names: readonly string[],
): Promise<{ finished_at: string; records: number; bad: number }[]> {
  const rows = await db
    .selectFrom('harvest')
    .select(['finished_at', 'records', 'bad'])
    .where('name', 'in', names)
    .where('finished_at', 'is not', null)
    .execute()
  return rows.map((row) => ({ ...row, finished_at: row.finished_at as string }))
}

export type IncidentRow = Selectable<Database['incident']>

/** What is wrong now, and what was and has not been told yet. */
export function openIncidents(db: Db): Promise<IncidentRow[]> {
  return db
    .selectFrom('incident')
    .selectAll()
    .where((eb) =>
      eb.or([
        eb('cleared_at', 'is', null),
        eb.and([eb('mailed_at', 'is not', null), eb('clear_mailed_at', 'is', null)]),
      ]),
    )
    .orderBy('since')
    .execute()
}

// --- writes ---

export async function insertIncident(tx: Db, row: { key: string; words: string; since: string }): Promise<void> {
  await tx.insertInto('incident').values(row).execute()
}

export async function updateIncident(tx: Db, id: number, change: Partial<Omit<IncidentRow, 'id'>>): Promise<void> {
  await tx.updateTable('incident').set(change).where('id', '=', id).execute()
}

export async function saveSource(tx: Db, row: SourceRow): Promise<void> {
  const { name: _, created_at: __, ...change } = row
  await tx
    .insertInto('source')
    .values(row)
    .onConflict((conflict) => conflict.column('name').doUpdateSet(change))
    .execute()
}

export async function deleteSource(tx: Db, name: string): Promise<void> {
  await tx.deleteFrom('source').where('name', '=', name).execute()
  await tx.deleteFrom('source_state').where('name', '=', name).execute()
}

export async function saveState(tx: Db, row: Partial<SourceStateRow> & { name: string }): Promise<void> {
  const { name, ...change } = row
  await tx
    .insertInto('source_state')
    .values({ outcome: 'none', failures: 0, received: 0, added: 0, bad: 0, ...change, name })
    .onConflict((conflict) => conflict.column('name').doUpdateSet(change))
    .execute()
}
