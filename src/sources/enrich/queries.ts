import type { Db } from '../../db/index.ts'
import type { PaperId } from '../../papers/index.ts'

// SQL of what is added to papers later: links found in texts, stars, models and datasets.

/** Papers in the order of their last change, with the texts that may name code. */
export async function changedTexts(
  db: Db,
  since: number,
  limit: number,
): Promise<{ id: PaperId; seq: number; abstract: string | null; comment: string | null }[]> {
  const rows = await db
    .selectFrom('paper_change')
    .innerJoin('paper', 'paper.id', 'paper_change.paper_id')
    .select(['paper.id', 'paper_change.seq', 'paper.abstract', 'paper.comment'])
    .where('paper_change.seq', '>', since)
    .orderBy('paper_change.seq')
    .limit(limit)
    .execute()
  return rows.map((row) => ({ ...row, id: row.id as PaperId, seq: Number(row.seq) }))
}

export async function enrichmentCursor(db: Db, name: string): Promise<string | undefined> {
  const row = await db.selectFrom('enrichment_cursor').select('cursor').where('name', '=', name).executeTakeFirst()
  return row?.cursor
}

/** Repositories at GitHub of papers listed since a day that are due to be asked for, longest waiting first. */
export async function dueRepositories(db: Db, since: string, now: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('edition_entry')
    .innerJoin('paper_link', 'paper_link.paper_id', 'edition_entry.paper_id')
    .leftJoin('enrichment_due', (join) =>
      join.onRef('enrichment_due.key', '=', 'paper_link.url').on('enrichment_due.name', '=', 'stars'),
    )
    .select(['paper_link.url', 'enrichment_due.next_at'])
    .distinct()
    .where('edition_entry.day', '>=', since)
    .where('paper_link.kind', '=', 'code')
    .where('paper_link.url', 'like', 'https://github.com/%/%')
    .where((eb) => eb.or([eb('enrichment_due.next_at', 'is', null), eb('enrichment_due.next_at', '<=', now)]))
    .limit(limit)
    .execute()
  return rows.map(({ url }) => url).filter((url) => /^https:\/\/github\.com\/[\w.-]+\/[\w.-]+$/.test(url))
}

/** Papers of arXiv listed since a day that are due to be asked for at the Hub. */
export async function duePapers(
  db: Db,
  since: string,
  now: string,
  limit: number,
): Promise<{ id: PaperId; arxivId: string }[]> {
  const rows = await db
    .selectFrom('edition_entry')
    .innerJoin('paper_identifier', 'paper_identifier.paper_id', 'edition_entry.paper_id')
    .leftJoin('enrichment_due', (join) =>
      join.onRef('enrichment_due.key', '=', 'paper_identifier.id').on('enrichment_due.name', '=', 'artifacts'),
    )
    .select(['paper_identifier.paper_id', 'paper_identifier.id'])
    .where('edition_entry.day', '>=', since)
    .where('paper_identifier.source', '=', 'arxiv')
    .where((eb) => eb.or([eb('enrichment_due.next_at', 'is', null), eb('enrichment_due.next_at', '<=', now)]))
    .orderBy('edition_entry.day', 'desc')
    .orderBy('paper_identifier.id')
    .limit(limit)
    .execute()
  return rows.map(({ paper_id, id }) => ({ id: paper_id as PaperId, arxivId: id }))
}

export type Artifact = { kind: 'model' | 'dataset'; name: string; likes: number; downloads: number }

/** Models and datasets that name a paper, most downloaded first. */
export async function artifactsOf(db: Db, id: PaperId): Promise<Artifact[]> {
  const rows = await db
    .selectFrom('paper_artifact')
    .select(['kind', 'name', 'likes', 'downloads'])
    .where('paper_id', '=', id)
    .orderBy('kind', 'desc')
    .orderBy('downloads', 'desc')
    .orderBy('name')
    .execute()
  return rows.map((row) => ({ ...row, kind: row.kind as Artifact['kind'] }))
}

/** A year of answers, one a day. */
const STAR_DAYS = 366

/** Stars of a repository over the last year in which it was asked for, oldest first. */
export async function starHistory(db: Db, url: string): Promise<{ day: string; stars: number }[]> {
  const rows = await db
    .selectFrom('link_stars')
    .select(['day', 'stars'])
    .where('url', '=', url)
    .orderBy('day', 'desc')
    .limit(STAR_DAYS)
    .execute()
  return rows.reverse()
}

// --- writes ---

export async function saveEnrichmentCursor(tx: Db, name: string, cursor: string): Promise<void> {
  await tx
    .insertInto('enrichment_cursor')
    .values({ name, cursor })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ cursor }))
    .execute()
}

export async function noteAsked(tx: Db, name: string, key: string, next_at: string): Promise<void> {
  await tx
    .insertInto('enrichment_due')
    .values({ name, key, next_at })
    .onConflict((conflict) => conflict.columns(['name', 'key']).doUpdateSet({ next_at }))
    .execute()
}

export async function saveStars(tx: Db, url: string, day: string, stars: number): Promise<void> {
  await tx
    .insertInto('link_stars')
    .values({ url, day, stars })
    .onConflict((conflict) => conflict.columns(['url', 'day']).doUpdateSet({ stars }))
    .execute()
}

/** Replaces what is known of a paper; returns whether it was different. */
export async function saveArtifacts(
  tx: Db,
  id: PaperId,
  found: readonly Artifact[],
  observed_at: string,
): Promise<boolean> {
  const namesOf = (some: readonly Artifact[]) =>
    some
      .map(({ kind, name }) => `${kind} ${name}`)
      .toSorted()
      .join()
  const before = await artifactsOf(tx, id)
  if (found.length === 0 && before.length === 0) return false
  await tx.deleteFrom('paper_artifact').where('paper_id', '=', id).execute()
  for (const one of found)
    await tx
      .insertInto('paper_artifact')
      .values({ paper_id: id, ...one, observed_at })
      .execute()
  return namesOf(before) !== namesOf(found)
}
