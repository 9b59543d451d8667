import type { Db } from '../db/index.ts'
import { recordChanges } from './change-log.ts'
import type { PaperId, PaperLink } from './paper.ts'
import { raiseRevisions } from './queries.ts'

// What is added to the links of a paper after it was stored.

const plain = (url: string) => url.toLowerCase().replace(/\.git$|\/+$/g, '')

/** Adds links that a paper does not have yet, in any spelling; returns how many were new. */
export async function addLinks(tx: Db, id: PaperId, links: readonly PaperLink[]): Promise<number> {
  const known = await tx.selectFrom('paper_link').select('url').where('paper_id', '=', id).execute()
  const has = new Set(known.map(({ url }) => plain(url)))
  const fresh = links.filter(({ url }) => !has.has(plain(url)))
  if (fresh.length === 0) return 0
  await tx
    .insertInto('paper_link')
    .values(fresh.map(({ kind, url, stars }) => ({ paper_id: id, kind, url, stars: stars ?? null })))
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  await raiseRevisions(tx, [id])
  await recordChanges(tx, [id])
  return fresh.length
}

/** The stars of a repository, on every paper that links to it; cards that show them are made anew. */
export async function setStars(tx: Db, url: string, stars: number): Promise<void> {
  const rows = await tx
    .updateTable('paper_link')
    .set({ stars })
    .where('url', '=', url)
    .where((eb) => eb.or([eb('stars', 'is', null), eb('stars', '!=', stars)]))
    .returning('paper_id')
    .execute()
  await raiseRevisions(
    tx,
    rows.map(({ paper_id }) => paper_id as PaperId),
  )
}
