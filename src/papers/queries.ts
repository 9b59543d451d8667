import { type Selectable, sql } from 'kysely'
import {
  bulkInsert,
  bulkInsertWithIds,
  type Database,
  type Db,
  dialectOf,
  isAmong,
  Keyset,
  pageOf,
  runCompiled,
  unlessChanged,
} from '../db/index.ts'
import { canonicalCategory } from './category.ts'
import type { Identifier, LinkKind, PaperId } from './paper.ts'
import {
  authorKey,
  firstAuthorKey,
  type PaperAuthor,
  type PaperRow,
  type PaperState,
  titleKeyOf,
} from './paper-state.ts'
import { readTrust } from './text-trust.ts'

// All SQL of the room `papers`: lists first, then single papers, then writes.

const newestFirst = new Keyset({ column: 'sort_on', direction: 'desc' }, { column: 'paper_id', direction: 'desc' })

export type IdPage = { ids: PaperId[]; next?: string }
export type PageRequest = { after?: string | undefined; limit: number }

const idPage = (rows: { paper_id: number; sort_on: string }[], limit: number): IdPage => {
  const page = pageOf(rows, limit, newestFirst)
  return { ids: page.rows.map((row) => row.paper_id as PaperId), ...(page.next ? { next: page.next } : {}) }
}

// --- lists ---

/** Papers of a category, newest first. */
export async function categoryIds(db: Db, category: string, { after, limit }: PageRequest): Promise<IdPage> {
  let query = db.selectFrom('paper_category').select(['paper_id', 'sort_on']).where('category', '=', category)
  if (after) query = query.where(newestFirst.after(after))
  return idPage(
    await query
      .orderBy(newestFirst.order[0]!)
      .orderBy(newestFirst.order[1]!)
      .limit(limit + 1)
      .execute(),
    limit,
  )
}

/** Papers of an author (by folded name), newest first. */
export async function authorIds(db: Db, authorKey: string, { after, limit }: PageRequest): Promise<IdPage> {
  let query = db.selectFrom('paper_author').select(['paper_id', 'sort_on']).where('author_key', '=', authorKey)
  if (after) query = query.where(newestFirst.after(after))
  return idPage(
    await query
      .orderBy(newestFirst.order[0]!)
      .orderBy(newestFirst.order[1]!)
      .limit(limit + 1)
      .execute(),
    limit,
  )
}

/** The authors of the newest paper that names somebody with this key, as stored; undefined when there is none. */
export async function authorsOfNewest(db: Db, authorKey: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('paper_author')
    .innerJoin('paper', 'paper.id', 'paper_author.paper_id')
    .select('paper.authors')
    .where('paper_author.author_key', '=', authorKey)
    .orderBy('paper_author.sort_on', 'desc')
    .orderBy('paper_author.paper_id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.authors
}

/** Counting millions of rows takes a while and stops all else, so it is done once after each change. */
export function countPapers(db: Db): Promise<number> {
  return unlessChanged(db, 'count of papers', async () => {
    const row = await db
      .selectFrom('paper')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow()
    return Number(row.count)
  })
}

export async function hasPapers(db: Db): Promise<boolean> {
  return (await db.selectFrom('paper').select('id').limit(1).executeTakeFirst()) !== undefined
}

// --- what a card shows ---

export type CardRow = Pick<
  Selectable<Database['paper']>,
  | 'id'
  | 'source'
  | 'base_id'
  | 'title'
  | 'byline'
  | 'author_count'
  | 'categories'
  | 'primary_category'
  | 'submitted_at'
  | 'updated_at'
  | 'announced_on'
  | 'dated_on'
  | 'latest_version'
  | 'withdrawn_version'
> & {
  upvotes: number | null
  comments: number | null
  hotness: number | null
  day: string | null
  listed_at: string | null
  origin: string | null
  submitted_by: string | null
  site: string | null
  picked_at: string | null
  /** Who of ours submitted it first. */
  submitter: string | null
}

export type CardStamp = { id: number; revision: number } & Pick<CardRow, 'upvotes' | 'comments' | 'day' | 'hotness'>

/** What tells whether a card is still right, in no order. */
export function cardStamps(db: Db, ids: readonly PaperId[]): Promise<CardStamp[]> {
  return runCompiled(db, `card stamps of ${ids.length}`, ids, () =>
    db
      .selectFrom('paper')
      .leftJoin('standing', 'standing.paper_id', 'paper.id')
      .select([
        'paper.id',
        'paper.revision',
        'standing.upvotes',
        'standing.comments',
        'standing.day',
        'standing.hotness',
      ])
      .where('paper.id', 'in', ids),
  )
}

/** Rows for cards, in no order: the caller knows the order. One query for papers, counts and listing together. */
export function cardRows(db: Db, ids: readonly PaperId[]): Promise<CardRow[]> {
  return db
    .selectFrom('paper')
    .leftJoin('standing', 'standing.paper_id', 'paper.id')
    .leftJoin('edition_entry', 'edition_entry.paper_id', 'paper.id')
    .leftJoin('pick', 'pick.paper_id', 'paper.id')
    .select((eb) =>
      eb
        .selectFrom('submission')
        .innerJoin('person', 'person.id', 'submission.person_id')
        .select('person.name')
        .whereRef('submission.paper_id', '=', 'paper.id')
        .where('person.left_at', 'is', null)
        .orderBy('submission.submitted_at')
        .orderBy('person.id')
        .limit(1)
        .as('submitter'),
    )
    .select([
      'paper.id',
      'paper.source',
      'paper.base_id',
      'paper.title',
      'paper.byline',
      'paper.author_count',
      'paper.categories',
      'paper.primary_category',
      'paper.submitted_at',
      'paper.updated_at',
      'paper.announced_on',
      'paper.dated_on',
      'paper.latest_version',
      'paper.withdrawn_version',
      'standing.upvotes',
      'standing.comments',
      'standing.hotness',
      'standing.day',
      'standing.listed_at',
      'edition_entry.origin',
      'edition_entry.submitted_by',
      'edition_entry.site',
      'pick.picked_at',
    ])
    .where('paper.id', 'in', ids)
    .execute()
}

export type LinkRow = Selectable<Database['paper_link']>
export type ElsewhereRow = Selectable<Database['paper_elsewhere']>

export function linkRows(db: Db, ids: readonly PaperId[]): Promise<LinkRow[]> {
  return db.selectFrom('paper_link').selectAll().where('paper_id', 'in', ids).execute()
}

export function elsewhereRows(db: Db, ids: readonly PaperId[]): Promise<ElsewhereRow[]> {
  return db.selectFrom('paper_elsewhere').selectAll().where('paper_id', 'in', ids).execute()
}

export type BadgeRow = Selectable<Database['edition_badge']>

/** Best ranks first, and of equal ones the longest period. */
export function badgeRows(db: Db, ids: readonly PaperId[]): Promise<BadgeRow[]> {
  return db
    .selectFrom('edition_badge')
    .selectAll()
    .where('paper_id', 'in', ids)
    .orderBy('rank')
    .orderBy((eb) => eb.case().when('kind', '=', 'month').then(1).when('kind', '=', 'week').then(2).else(3).end())
    .orderBy('key')
    .execute()
}

// --- one paper, or the papers of a batch, whole ---

export async function paperIdByIdentifier(db: Db, { source, id }: Identifier): Promise<PaperId | undefined> {
  const row = await db
    .selectFrom('paper_identifier')
    .select('paper_id')
    .where('source', '=', source)
    .where('id', '=', id)
    .executeTakeFirst()
  return row?.paper_id as PaperId | undefined
}

export async function paperIdsByIdentifier(db: Db, identifiers: readonly Identifier[]): Promise<PaperId[]> {
  const found: PaperId[] = []
  for (const [source, ofSource] of Map.groupBy(identifiers, (identifier) => identifier.source)) {
    const ids = ofSource.map((identifier) => identifier.id)
    const rows = await db
      .selectFrom('paper_identifier')
      .select('paper_id')
      .where('source', '=', source)
      .where(isAmong(db, 'id', ids))
      .execute()
    found.push(...rows.map((row) => row.paper_id as PaperId))
  }
  return found
}

/** Papers whose title may be one of these: equal hashes, to be compared by title. */
export async function paperIdsByTitleHash(db: Db, hashes: readonly number[]): Promise<PaperId[]> {
  if (hashes.length === 0) return []
  const rows = await db
    .selectFrom('paper')
    .select('id')
    .where(isAmong(db, 'title_hash', [...new Set(hashes)]))
    .execute()
  return rows.map((row) => row.id as PaperId)
}

/** Everything about some papers, with a query for each table whatever their number. */
export async function loadStates(db: Db, ids: readonly PaperId[]): Promise<PaperState[]> {
  if (ids.length === 0) return []
  const rows = await db
    .selectFrom('paper')
    .selectAll()
    .where(isAmong(db, 'id', ids))
    .execute()
  const of = async <R extends { paper_id: number }>(load: Promise<R[]>) =>
    Map.groupBy(await load, (row) => row.paper_id)
  const identifiers = await of(
    db
      .selectFrom('paper_identifier')
      .selectAll()
      .where(isAmong(db, 'paper_id', ids))
      .orderBy('source')
      .orderBy('id')
      .execute(),
  )
  const versions = await of(
    db
      .selectFrom('paper_version')
      .selectAll()
      .where(isAmong(db, 'paper_id', ids))
      .orderBy('paper_id')
      .orderBy('version')
      .execute(),
  )
  const links = await of(linkRows(db, ids))
  const elsewhere = await of(elsewhereRows(db, ids))
  return rows.map(({ id, revision: _, ...row }) => ({
    id: id as PaperId,
    titleKey: titleKeyOf(row.title),
    ...authorsOf(row.authors),
    trust: readTrust(row),
    row,
    identifiers: (identifiers.get(id) ?? []).map(({ source, id }) => ({ source, id })),
    categories: row.categories === '' ? [] : row.categories.split(' '),
    versions: (versions.get(id) ?? []).map(({ version, submitted_at, withdrawn }) => ({
      version,
      ...(submitted_at === null ? {} : { submittedAt: submitted_at }),
      ...(withdrawn ? { withdrawn: true } : {}),
    })),
    links: (links.get(id) ?? []).map(({ kind, url, stars }) => ({
      kind: kind as LinkKind,
      url,
      ...(stars === null ? {} : { stars }),
    })),
    elsewhere: (elsewhere.get(id) ?? []).map(({ site, upvotes, comments, observed_at }) => ({
      site,
      upvotes,
      ...(comments === null ? {} : { comments }),
      ...(observed_at === null ? {} : { observedAt: observed_at }),
    })),
  }))
}

function authorsOf(stored: string): Pick<PaperState, 'authors' | 'authorKey'> {
  const authors = JSON.parse(stored) as PaperAuthor[]
  return { authors, authorKey: firstAuthorKey(authors) }
}

// --- writes ---

const paperColumns = [
  'source',
  'base_id',
  'title',
  'title_raw',
  'title_hash',
  'authors',
  'byline',
  'author_count',
  'categories',
  'primary_category',
  'submitted_at',
  'updated_at',
  'announced_on',
  'dated_on',
  'sort_on',
  'latest_version',
  'withdrawn_version',
  'licence',
  'doi',
  'journal_ref',
  'comment',
  'first_seen_at',
  'changed_at',
  'summary',
  'abstract',
  'abstract_raw',
  'submitter',
  'text_trust',
] as const satisfies (keyof PaperRow)[]

/** Writes states with all their parts; those without an id are new papers and get one, which is returned. */
export async function insertStates(tx: Db, states: readonly PaperState[]): Promise<Map<PaperState, PaperId>> {
  const ids = new Map(states.flatMap((state) => (state.id === undefined ? [] : [[state, state.id] as const])))
  const fresh = states.filter((state) => state.id === undefined)
  const rows = fresh.map((state) => state.row)
  const given = await bulkInsertWithIds(tx, 'paper', paperColumns, rows)
  for (const [index, state] of fresh.entries()) ids.set(state, given[index] as PaperId)
  await insertParts(tx, states, (state) => ids.get(state) as PaperId)
  return ids
}

async function insertParts(tx: Db, states: readonly PaperState[], idOf: (state: PaperState) => PaperId): Promise<void> {
  const rowsOf = <R>(rows: (state: PaperState, paper_id: PaperId) => R[]) =>
    states.flatMap((state) => rows(state, idOf(state)))
  await bulkInsert(
    tx,
    'paper_identifier',
    ['source', 'id', 'paper_id'],
    rowsOf((state, paper_id) => state.identifiers.map((one) => ({ ...one, paper_id }))),
  )
  await bulkInsert(
    tx,
    'paper_author',
    ['author_key', 'sort_on', 'paper_id'],
    rowsOf((state, paper_id) =>
      authorKeys(state).map((author_key) => ({ author_key, sort_on: state.row.sort_on, paper_id })),
    ),
  )
  await bulkInsert(
    tx,
    'paper_category',
    ['paper_id', 'category', 'sort_on'],
    rowsOf((state, paper_id) =>
      filterCategories(state).map((category) => ({ paper_id, category, sort_on: state.row.sort_on })),
    ),
  )
  await bulkInsert(
    tx,
    'paper_version',
    ['paper_id', 'version', 'submitted_at', 'withdrawn'],
    rowsOf((state, paper_id) =>
      state.versions.map((one) => ({
        paper_id,
        version: one.version,
        submitted_at: one.submittedAt ?? null,
        withdrawn: one.withdrawn ? 1 : 0,
      })),
    ),
  )
  await bulkInsert(
    tx,
    'paper_link',
    ['paper_id', 'url', 'kind', 'stars'],
    rowsOf((state, paper_id) =>
      state.links.map((link) => ({ paper_id, url: link.url, kind: link.kind, stars: link.stars ?? null })),
    ),
  )
  await bulkInsert(
    tx,
    'paper_elsewhere',
    ['paper_id', 'site', 'upvotes', 'comments', 'observed_at'],
    rowsOf((state, paper_id) =>
      state.elsewhere.map((one) => ({
        paper_id,
        site: one.site,
        upvotes: one.upvotes,
        comments: one.comments ?? null,
        observed_at: one.observedAt ?? null,
      })),
    ),
  )
}

/** The names a paper is found under: two authors of one name count once. */
function authorKeys({ authors }: PaperState): string[] {
  return [...new Set(authors.map((author) => authorKey(author.name)))]
}

/** The subjects a paper is found under: second names of one subject count once. */
function filterCategories({ categories }: PaperState): string[] {
  return [...new Set(categories.map(canonicalCategory))]
}

export async function updatePaperRow(tx: Db, { id, row }: PaperState): Promise<void> {
  await tx
    .updateTable('paper')
    .set((eb) => ({ ...row, revision: eb('revision', '+', 1) }))
    .where('id', '=', id as PaperId)
    .execute()
}

/** Makes whatever was kept of these papers stale: something that their cards show has changed elsewhere. */
export async function raiseRevisions(tx: Db, ids: readonly PaperId[]): Promise<void> {
  if (ids.length === 0) return
  await tx
    .updateTable('paper')
    .set((eb) => ({ revision: eb('revision', '+', 1) }))
    .where('id', 'in', ids)
    .execute()
}

const partTables = ['paper_identifier', 'paper_version', 'paper_link', 'paper_elsewhere'] as const

/** Removes everything beside the row of a paper, as it was stored. */
export async function deletePaperParts(tx: Db, stored: PaperState): Promise<void> {
  const id = stored.id as PaperId
  for (const table of partTables) await tx.deleteFrom(table).where('paper_id', '=', id).execute()
  const { sort_on } = stored.row
  const names = authorKeys(stored)
  if (names.length > 0)
    await tx
      .deleteFrom('paper_author')
      .where('author_key', 'in', names)
      .where('sort_on', '=', sort_on)
      .where('paper_id', '=', id)
      .execute()
  const categories = filterCategories(stored)
  if (categories.length > 0)
    await tx
      .deleteFrom('paper_category')
      .where('category', 'in', categories)
      .where('sort_on', '=', sort_on)
      .where('paper_id', '=', id)
      .execute()
}

/** Gives each of these papers, all different, a number above every one given before, in their order. */
export async function writeChanges(tx: Db, ids: readonly PaperId[]): Promise<void> {
  const numbered = numberedFrom(tx, ids, await lastChange(tx))
  await sql`
    insert into paper_change (paper_id, seq) select paper_id, seq from (${numbered}) as changed where true
    on conflict (paper_id) do update set seq = excluded.seq`.execute(tx)
}

/** One parameter for any number of ids: a list of values would be compiled anew for each length. */
function numberedFrom(tx: Db, ids: readonly PaperId[], last: number) {
  const list = JSON.stringify(ids)
  return dialectOf(tx) === 'sqlite'
    ? sql`select value as paper_id, key + 1 + ${last} as seq from json_each(${list})`
    : sql`select value::integer as paper_id, place + ${last}::bigint as seq
          from json_array_elements_text(${list}::json) with ordinality as listed (value, place)`
}

/** Number of the newest change; 0 when there never was one. */
export async function lastChange(db: Db): Promise<number> {
  const rows = await runCompiled<{ last: number | null }>(db, 'last change', [], () =>
    db.selectFrom('paper_change').select((eb) => eb.fn.max('seq').as('last')),
  )
  return Number(rows[0]?.last ?? 0)
}
