import { type Db, runCompiled } from '../db/index.ts'
import type { PaperId } from '../papers/index.ts'
import type { DayRange } from './coverage.ts'

// SQL that chooses papers for mail. Reads what other rooms own; writes nothing.

/** Papers of some categories dated in a span of announcement days, best first. */
export async function papersOfCategories(
  db: Db,
  categories: readonly string[],
  { from, to }: DayRange,
  limit: number,
): Promise<{ id: PaperId; category: string }[]> {
  const rows = await db
    .selectFrom('paper_category')
    .leftJoin('standing', 'standing.paper_id', 'paper_category.paper_id')
    .select(['paper_category.paper_id as id', (eb) => eb.fn.min('paper_category.category').as('category')])
    .where('paper_category.category', 'in', categories)
    .where('paper_category.sort_on', '>=', from)
    .where('paper_category.sort_on', '<=', to)
    .groupBy('paper_category.paper_id')
    .orderBy((eb) => eb.fn.coalesce(eb.fn.max('standing.upvotes'), eb.val(0)), 'desc')
    .orderBy((eb) => eb.fn.max('paper_category.sort_on'), 'desc')
    .orderBy('paper_category.paper_id')
    .limit(limit)
    .execute()
  return rows.map(({ id, category }) => ({ id: id as PaperId, category }))
}

/** Papers by some authors (folded names) dated in a span of days, newest first. */
export async function papersByAuthors(
  db: Db,
  authorKeys: readonly string[],
  { from, to }: DayRange,
  limit: number,
): Promise<{ id: PaperId; authorKey: string }[]> {
  const rows = await db
    .selectFrom('paper_author')
    .select(['paper_id as id', (eb) => eb.fn.min('author_key').as('authorKey')])
    .where('author_key', 'in', authorKeys)
    .where('sort_on', '>=', from)
    .where('sort_on', '<=', to)
    .groupBy('paper_id')
    .orderBy((eb) => eb.fn.max('sort_on'), 'desc')
    .orderBy('paper_id')
    .limit(limit)
    .execute()
  return rows.map(({ id, authorKey }) => ({ id: id as PaperId, authorKey }))
}

/**
 * Papers that joined the edition of one of some days after the issue of that day was made, best first. A paper of a past
 * day is listed with a time of that day, whenever it was found: that it was not here yet then counts as well.
 */
export async function papersListedLate(db: Db, { from, to }: DayRange, limit: number): Promise<PaperId[]> {
  const rows = await db
    .selectFrom('issue')
    .innerJoin('standing', 'standing.day', 'issue.day')
    .innerJoin('paper', 'paper.id', 'standing.paper_id')
    .select('standing.paper_id')
    .where('issue.kind', '=', 'edition')
    .where('issue.is_partial', '=', 0)
    .where('issue.day', '>=', from)
    .where('issue.day', '<=', to)
    .whereRef('issue.from_day', '=', 'issue.day')
    .where((eb) =>
      eb.or([
        eb('standing.listed_at', '>', eb.ref('issue.frozen_at')),
        eb('paper.first_seen_at', '>', eb.ref('issue.frozen_at')),
      ]),
    )
    .orderBy('standing.day', 'desc')
    .orderBy('standing.upvotes', 'desc')
    .orderBy('standing.paper_id')
    .limit(limit)
    .execute()
  return rows.map((row) => row.paper_id as PaperId)
}

/** What some people submitted in a span of days, newest first; of several who submitted a paper, one is named. */
export async function papersSubmittedBy(
  db: Db,
  personIds: readonly string[],
  { from, to }: DayRange,
  limit: number,
): Promise<{ id: PaperId; personId: string }[]> {
  const rows = await db
    .selectFrom('submission')
    .select(['paper_id', (eb) => eb.fn.min('person_id').as('person_id')])
    .where('person_id', 'in', personIds)
    .where('submitted_at', '>=', from)
    .where('submitted_at', '<', `${to}T99`)
    .groupBy('paper_id')
    .orderBy((eb) => eb.fn.max('submitted_at'), 'desc')
    .orderBy('paper_id')
    .limit(limit)
    .execute()
  return rows.map((row) => ({ id: row.paper_id as PaperId, personId: row.person_id as string }))
}

/** What the editors picked in a span of days, newest first. */
export async function papersPicked(db: Db, { from, to }: DayRange, limit: number): Promise<PaperId[]> {
  const rows = await db
    .selectFrom('pick')
    .select('paper_id')
    .where('picked_at', '>=', from)
    .where('picked_at', '<', `${to}T99`)
    .orderBy('picked_at', 'desc')
    .orderBy('paper_id')
    .limit(limit)
    .execute()
  return rows.map((row) => row.paper_id as PaperId)
}

/** How many papers the edition of a span of days has, and how many of each primary category, most first. */
export async function editionTotals(
  db: Db,
  { from, to }: DayRange,
): Promise<{ papers: number; categories: [category: string, count: number][] }> {
  const rows = await db
    .selectFrom('standing')
    .innerJoin('paper', 'paper.id', 'standing.paper_id')
    .select(['paper.primary_category as category', (eb) => eb.fn.countAll<number>().as('count')])
    .where('standing.day', '>=', from)
    .where('standing.day', '<=', to)
    .where('paper.withdrawn_version', 'is', null)
    .groupBy('paper.primary_category')
    .execute()
  const counted = rows.map((row) => ({ category: row.category, count: Number(row.count) }))
  const categories = counted
    .flatMap(({ category, count }) => (category === null ? [] : [[category, count] as [string, number]]))
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
  return { papers: counted.reduce((sum, { count }) => sum + count, 0), categories }
}

/** The words about papers that a card does not carry. */
export async function paperTexts(
  db: Db,
  ids: readonly PaperId[],
): Promise<{ id: number; summary: string | null; abstract: string | null; authors: string }[]> {
  if (ids.length === 0) return []
  return runCompiled(db, `texts of ${ids.length} papers`, ids, () =>
    db.selectFrom('paper').select(['id', 'summary', 'abstract', 'authors']).where('id', 'in', ids),
  )
}

/** Whether the edition of a day has any papers. */
export async function hasEdition(db: Db, day: string): Promise<boolean> {
  return (
    (await db.selectFrom('standing').select('paper_id').where('day', '=', day).limit(1).executeTakeFirst()) !==
    undefined
  )
}

/** How far gathering is with a day: each subject's state, and whether this instance gathered anything lately. */
export async function gatheringOf(
  db: Db,
  day: string,
  since: string,
): Promise<{ states: string[]; gathersAtAll: boolean }> {
  const rows = await db.selectFrom('gathered_day').select(['day', 'state']).where('day', '>=', since).execute()
  return { states: rows.filter((row) => row.day === day).map(({ state }) => state), gathersAtAll: rows.length > 0 }
}
