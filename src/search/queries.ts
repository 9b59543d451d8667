import { sql } from 'kysely'
import { type Db, runCompiled, unlessChanged } from '../db/index.ts'
import type { PaperId } from '../papers/index.ts'

// All SQL of the room `search`. It writes nothing: the index is made of what other rooms store.

/** Votes decide the order of no more papers than this; what has fewer comes by relevance. Each costs 8 bytes a search. */
const MAX_VOTED = 20_000

export type ChangeRow = { paper_id: PaperId; seq: number }

/** The next changes after a number, in order. */
export async function changesAfter(db: Db, seq: number, limit: number): Promise<ChangeRow[]> {
  const rows = await runCompiled<ChangeRow>(db, 'changes after', [seq, limit], () => changesAfterQuery(db, seq, limit))
  return rows.map((row) => ({ paper_id: row.paper_id, seq: Number(row.seq) }))
}

export const changesAfterQuery = (db: Db, seq: number, limit: number) =>
  db
    .selectFrom('paper_change')
    .select(['paper_id', 'seq'])
    .where('seq', '>', seq)
    .orderBy('seq')
    .limit(limit)
    .$castTo<ChangeRow>()

/** Lists of ids come in these lengths, the last one repeated, so that a query has few texts to prepare. */
const LIST_LENGTHS = [1, 5, 25, 50, 100, 200, 500]

function padded(ids: readonly PaperId[]): readonly PaperId[] {
  const length = LIST_LENGTHS.find((one) => one >= ids.length) ?? ids.length
  return [...ids, ...new Array<PaperId>(length - ids.length).fill(ids[0] as PaperId)]
}

export type DocumentRow = {
  id: PaperId
  title: string
  authors: string
  abstract: string | null
  summary: string | null
  categories: string
  sort_on: string
  withdrawn_version: number | null
}

/** What the index holds of some papers, in no order. */
export function documentRows(db: Db, given: readonly PaperId[]): Promise<DocumentRow[]> {
  const ids = padded(given)
  return runCompiled<DocumentRow>(db, `documents ${ids.length}`, ids, () =>
    db
      .selectFrom('paper')
      .select(['id', 'title', 'authors', 'abstract', 'summary', 'categories', 'sort_on', 'withdrawn_version'])
      .where('id', 'in', ids)
      .$castTo<DocumentRow>(),
  )
}

export function identifierRows(
  db: Db,
  given: readonly PaperId[],
): Promise<{ paper_id: PaperId; source: string; id: string }[]> {
  const ids = padded(given)
  return runCompiled(db, `identifiers ${ids.length}`, ids, () =>
    db
      .selectFrom('paper_identifier')
      .select(['paper_id', 'source', 'id'])
      .where('paper_id', 'in', ids)
      .$castTo<{ paper_id: PaperId; source: string; id: string }>(),
  )
}

/** Those of the papers that have a link to code. */
export async function idsWithCode(db: Db, given: readonly PaperId[]): Promise<Set<PaperId>> {
  const ids = padded(given)
  const rows = await runCompiled<{ paper_id: PaperId }>(db, `with code ${ids.length}`, [...ids, 'code'], () =>
    db
      .selectFrom('paper_link')
      .select('paper_id')
      .where('paper_id', 'in', ids)
      .where('kind', '=', 'code')
      .$castTo<{ paper_id: PaperId }>(),
  )
  return new Set(rows.map((row) => row.paper_id))
}

export type ExcerptRow = Pick<DocumentRow, 'id' | 'title' | 'abstract' | 'summary'> & {
  title_hash: number
  byline: string
}

/** The texts that answers are quoted from, and what tells copies of one work apart from others. */
export function excerptRows(db: Db, given: readonly PaperId[]): Promise<ExcerptRow[]> {
  const ids = padded(given)
  return runCompiled<ExcerptRow>(db, `excerpts ${ids.length}`, ids, () =>
    db
      .selectFrom('paper')
      .select(['id', 'title', 'abstract', 'summary', 'title_hash', 'byline'])
      .where('id', 'in', ids)
      .$castTo<ExcerptRow>(),
  )
}

export type NameRow = Pick<DocumentRow, 'id' | 'title' | 'authors'>

/** Titles and authors of some papers, as stored. */
export async function nameRows(db: Db, given: readonly PaperId[]): Promise<NameRow[]> {
  if (given.length === 0) return []
  const ids = padded(given)
  return runCompiled<NameRow>(db, `names ${ids.length}`, ids, () =>
    db.selectFrom('paper').select(['id', 'title', 'authors']).where('id', 'in', ids).$castTo<NameRow>(),
  )
}

/** Papers with any of these titles, in no order; at most so many. */
export function papersOfTitles(db: Db, hashes: readonly number[], limit: number): Promise<TitleRow[]> {
  const given = [...new Set(hashes)]
  const length = LIST_LENGTHS.find((one) => one >= given.length) ?? given.length
  const all = [...given, ...new Array<number>(length - given.length).fill(given[0] as number)]
  return runCompiled<TitleRow>(db, `papers of ${length} titles`, [...all, limit], () =>
    papersOfTitlesQuery(db, all, limit),
  )
}

export const papersOfTitlesQuery = (db: Db, hashes: readonly number[], limit: number) =>
  db
    .selectFrom('paper')
    .select(['id', 'title', 'title_hash', 'byline'])
    .where('title_hash', 'in', hashes)
    .limit(limit)
    .$castTo<TitleRow>()

export type TitleRow = Pick<ExcerptRow, 'id' | 'title' | 'title_hash' | 'byline'>

/** Papers whose folded title may be that of the hash. As many copies of one work as anybody has. */
export function papersOfTitleHash(db: Db, hash: number): Promise<{ id: PaperId; title: string }[]> {
  return runCompiled(db, 'papers of a title', [hash, 5], () => papersOfTitleHashQuery(db, hash))
}

export const papersOfTitleHashQuery = (db: Db, hash: number) =>
  db
    .selectFrom('paper')
    .select(['id', 'title'])
    .where('title_hash', '=', hash)
    .orderBy('id')
    .limit(5)
    .$castTo<{ id: PaperId; title: string }>()

/** Papers with upvotes, most first. Kept while nothing changes: every page of a list by upvotes asks for it. */
export function votedIds(db: Db): Promise<PaperId[]> {
  return unlessChanged(db, 'papers by upvotes', async () => {
    const rows = await votedIdsQuery(db).execute()
    return rows.map((row) => row.paper_id as PaperId)
  })
}

export const votedIdsQuery = (db: Db) =>
  db
    .selectFrom('standing')
    .select('paper_id')
    .where('upvotes', '>', sql.lit(0))
    .orderBy('upvotes', 'desc')
    .orderBy('paper_id', 'desc')
    .limit(MAX_VOTED)

/** Which of these category ids some paper here has. */
export async function storedCategories(db: Db, categories: readonly string[]): Promise<Set<string>> {
  if (categories.length === 0) return new Set()
  const rows = await db
    .selectFrom('paper_category')
    .select('category')
    .distinct()
    .where('category', 'in', categories)
    .execute()
  return new Set(rows.map((row) => row.category))
}

/** The name that a database was given when it was made: an index made of another one is of no use. */
export async function databaseName(db: Db): Promise<string> {
  const row = await db.selectFrom('setting').select('value').where('name', '=', 'database_name').executeTakeFirst()
  return row?.value ?? ''
}
