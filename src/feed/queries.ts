import { bulkInsert, type Db, Keyset, pageOf, runCompiled } from '../db/index.ts'
import type { IdPage, PageRequest, PaperId } from '../papers/index.ts'
import type { Listing } from './list-papers.ts'
import type { Period } from './period.ts'

// All SQL of the room `feed`: skeletons first, then days, then writes.

/** A day by upvotes, then placement. `discussion` keeps the counts in this order in an index of its own. */
const dayOrder = new Keyset(
  { column: 'day', direction: 'desc' },
  { column: 'upvotes', direction: 'desc' },
  { column: 'comments', direction: 'desc' },
  { column: 'placement', direction: 'asc' },
  { column: 'paper_id', direction: 'asc' },
)
const rangeOrder = new Keyset(
  { column: 'upvotes', direction: 'desc' },
  { column: 'comments', direction: 'desc' },
  { column: 'day', direction: 'desc' },
  { column: 'placement', direction: 'asc' },
  { column: 'paper_id', direction: 'asc' },
)
/** Equally hot papers, such as a day without votes, stand in the order they came in. */
const hottestFirst = new Keyset({ column: 'hotness', direction: 'desc' }, { column: 'paper_id', direction: 'asc' })

export function dayQuery(db: Db, day: string, { after, limit }: PageRequest) {
  let query = db
    .selectFrom('standing')
    .select(['paper_id', 'upvotes', 'comments', 'day', 'placement'])
    .where('day', '=', day)
  if (after) query = query.where(dayOrder.after(after, ([of]) => of === day))
  for (const expression of dayOrder.order) query = query.orderBy(expression)
  return query.limit(limit + 1)
}

/** Ids of a period's papers, best first. */
export async function editionSkeleton(db: Db, period: Period, request: PageRequest): Promise<IdPage> {
  if (period.kind === 'day') {
    const query = () => dayQuery(db, period.key, request)
    // The first page of a day is what nearly everybody asks for.
    const rows = request.after
      ? await query().execute()
      : await runCompiled(db, 'first page of a day', [period.key, request.limit + 1], query)
    return idPage(rows, request.limit, dayOrder)
  }
  const { after, limit } = request
  let query = db
    .selectFrom('standing')
    .select(['paper_id', 'upvotes', 'comments', 'day', 'placement'])
    .where('day', '>=', period.from)
    .where('day', '<=', period.to)
  if (after) query = query.where(rangeOrder.after(after, (key) => isBetween(key[2], period)))
  for (const expression of rangeOrder.order) query = query.orderBy(expression)
  return idPage(await query.limit(limit + 1).execute(), limit, rangeOrder)
}

export function trendingQuery(db: Db, { after, limit }: PageRequest) {
  let query = db.selectFrom('standing').select(['paper_id', 'hotness']).where('hotness', 'is not', null)
  if (after) query = query.where(hottestFirst.after(after))
  for (const expression of hottestFirst.order) query = query.orderBy(expression)
  return query.limit(limit + 1)
}

/** Ids of listed papers, hottest first. */
export async function trendingSkeleton(db: Db, request: PageRequest): Promise<IdPage> {
  return idPage(await trendingQuery(db, request).execute(), request.limit, hottestFirst)
}

function isBetween(day: unknown, { from, to }: Period): boolean {
  return typeof day === 'string' && day >= from && day <= to
}

function idPage(rows: { paper_id: number }[], limit: number, keyset: Keyset): IdPage {
  const page = pageOf(rows, limit, keyset)
  return { ids: page.rows.map((row) => row.paper_id as PaperId), ...(page.next ? { next: page.next } : {}) }
}

// --- days ---

/** The newest day with papers, at or before `day`. */
export async function dayAtOrBefore(db: Db, day: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('standing')
    .select('day')
    .where('day', '<=', day)
    .orderBy('day', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.day ?? undefined
}

/** What stands around an edition: how many papers it has, the nearest days with papers, whether it is the starter. */
export async function editionFacts(db: Db, { from, to }: Period) {
  const [row] = await runCompiled(db, 'edition facts', [from, to, from, to, from], () =>
    db.selectNoFrom((eb) => [
      eb
        .selectFrom('standing')
        .select((count) => count.fn.countAll<number>().as('count'))
        .where('day', '>=', from)
        .where('day', '<=', to)
        .as('paper_count'),
      eb
        .selectFrom('standing')
        .select((max) => max.fn.max('day').as('day'))
        .where('day', '<', from)
        .as('earlier_day'),
      eb
        .selectFrom('standing')
        .select((min) => min.fn.min('day').as('day'))
        .where('day', '>', to)
        .as('later_day'),
      eb.selectFrom('edition').select('is_starter').where('day', '=', from).as('is_starter'),
    ]),
  )
  return {
    paperCount: Number(row?.paper_count ?? 0),
    earlierDay: row?.earlier_day ?? undefined,
    laterDay: row?.later_day ?? undefined,
    isStarter: row?.is_starter === 1,
  }
}

export async function countEditions(db: Db): Promise<number> {
  const row = await db
    .selectFrom('edition')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

// --- writes ---

/** How many papers a day has: the placement that comes next. */
export async function entriesOf(tx: Db, day: string): Promise<number> {
  const row = await tx
    .selectFrom('edition_entry')
    .select((eb) => eb.fn.max('placement').as('last'))
    .where('day', '=', day)
    .executeTakeFirst()
  return row?.last == null ? 0 : Number(row.last) + 1
}

export async function placedPapers(tx: Db, ids: readonly PaperId[]): Promise<Set<PaperId>> {
  if (ids.length === 0) return new Set()
  const rows = await tx.selectFrom('edition_entry').select('paper_id').where('paper_id', 'in', ids).execute()
  return new Set(rows.map((row) => row.paper_id as PaperId))
}

export async function openEdition(tx: Db, day: string, isStarter: boolean, now: Date): Promise<void> {
  await tx
    .insertInto('edition')
    .values({ day, is_starter: isStarter ? 1 : 0, created_at: now.toISOString() })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

export type Entry = Listing & { placement: number; listedAt: Date }

export async function insertEntries(tx: Db, entries: readonly Entry[], origin: string): Promise<void> {
  const rows = entries.map((entry) => ({
    paper_id: entry.paperId,
    day: entry.day,
    placement: entry.placement,
    listed_at: entry.listedAt.toISOString(),
    origin,
    submitted_by: entry.submittedBy ?? null,
    site: entry.site ?? null,
  }))
  await bulkInsert(
    tx,
    'edition_entry',
    ['paper_id', 'day', 'placement', 'listed_at', 'origin', 'submitted_by', 'site'],
    rows,
  )
}

// --- gathered days ---

export async function editionOf(tx: Db, day: string) {
  return await tx.selectFrom('edition').selectAll().where('day', '=', day).executeTakeFirst()
}

/** Of these papers, those that gathering listed on a later day, in the order they have there. */
export async function gatheredAfter(tx: Db, ids: readonly PaperId[], day: string): Promise<PaperId[]> {
  const rows = await tx
    .selectFrom('edition_entry')
    .select('paper_id')
    .where('paper_id', 'in', ids)
    .where('origin', '=', 'gathered')
    .where('day', '>', day)
    .orderBy('day')
    .orderBy('placement')
    .execute()
  return rows.map((row) => row.paper_id as PaperId)
}

export async function starterEntries(tx: Db, day: string): Promise<PaperId[]> {
  const rows = await tx
    .selectFrom('edition_entry')
    .select('paper_id')
    .where('day', '=', day)
    .where('origin', '=', 'starter')
    .orderBy('placement')
    .execute()
  return rows.map((row) => row.paper_id as PaperId)
}

export async function markStarter(tx: Db, day: string, isStarter: boolean): Promise<void> {
  await tx
    .updateTable('edition')
    .set({ is_starter: isStarter ? 1 : 0 })
    .where('day', '=', day)
    .execute()
}

export async function moveEntries(tx: Db, entries: readonly Entry[]): Promise<void> {
  for (const { paperId, day, placement, listedAt } of entries)
    await tx
      .updateTable('edition_entry')
      .set({ day, placement, listed_at: listedAt.toISOString() })
      .where('paper_id', '=', paperId)
      .execute()
}

/** Where a paper is listed. */
export async function entryOf(
  tx: Db,
  paperId: PaperId,
): Promise<{ day: string; placement: number; listedAt: Date } | undefined> {
  const row = await tx
    .selectFrom('edition_entry')
    .select(['day', 'placement', 'listed_at'])
    .where('paper_id', '=', paperId)
    .executeTakeFirst()
  return row && { day: row.day, placement: row.placement, listedAt: new Date(row.listed_at) }
}

export async function moveEntry(tx: Db, from: PaperId, to: PaperId): Promise<void> {
  await tx.updateTable('edition_entry').set({ paper_id: to }).where('paper_id', '=', from).execute()
}

export async function removeEntry(tx: Db, paperId: PaperId): Promise<void> {
  await tx.deleteFrom('edition_entry').where('paper_id', '=', paperId).execute()
}
