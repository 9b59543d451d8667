import type { Db } from '../db/index.ts'
import type { PaperId } from '../papers/index.ts'
import { areCopies, foldCopies } from './fold-copies.ts'
import { BadCursorError, type SearchHit, type SearchPage } from './port.ts'
import { type ExcerptRow, excerptRows, papersOfTitles } from './queries.ts'

/** Hits behind the page in which copies of its works are looked for: they are about the same, so they are near. */
const LOOK_AHEAD = 40
/** Copies named on earlier pages that a place remembers, four letters each. */
const MOST_NAMED = 100
/** Papers of the titles on a page that are read: as many copies as anybody has. */
const MOST_OF_TITLES = 200

/** A work that was found: the paper that ranks first of it, and the other papers here that are the same work. */
export type Work = { hit: SearchHit; row: ExcerptRow; copies: PaperId[] }
export type WorkPage = Omit<SearchPage, 'hits'> & { works: Work[] }

/**
 * One page of a list of papers as works. A copy is named with the paper that comes first of its work, and never comes again on
 * a later page: the place of the next page remembers it. Papers of exactly the same title are copies wherever they are, those
 * of nearly the same where they are near in the list. `ask` answers a page of the list with places.
 */
export async function pageOfWorks(
  db: Db,
  ask: (page: { after?: string; limit: number }) => Promise<SearchPage>,
  limit: number,
  after?: string,
): Promise<WorkPage> {
  const { place, named } = readPlace(after)
  const page = await ask({ ...(place === undefined ? {} : { after: place }), limit: limit + LOOK_AHEAD })
  const hits = page.hits.filter((hit) => !named.has(hit.id))
  const ids = hits.map((hit) => hit.id)
  const rows = new Map((ids.length > 0 ? await excerptRows(db, ids) : []).map((row) => [row.id, row]))
  const groups = foldCopies(
    hits.filter((hit) => rows.has(hit.id)),
    (hit) => rows.get(hit.id),
  )
  const works = groups.slice(0, limit).map(([hit, ...copies]) => ({
    hit: hit as SearchHit,
    row: rows.get((hit as SearchHit).id) as ExcerptRow,
    copies: copies.map((copy) => copy.id),
  }))
  await addCopiesElsewhere(db, works)
  const next = groups.length > limit ? works.at(-1)?.hit.place : page.next
  const { hits: _, next: __, ...rest } = page
  const all = [...named, ...works.flatMap((work) => work.copies)]
  return { ...rest, works, ...(next === undefined ? {} : { next: writePlace(next, all) }) }
}

async function addCopiesElsewhere(db: Db, works: readonly Work[]): Promise<void> {
  if (works.length === 0) return
  const hashes = works.map((work) => work.row.title_hash)
  const others = Map.groupBy(await papersOfTitles(db, hashes, MOST_OF_TITLES), (row) => row.title_hash)
  for (const { row, copies } of works)
    for (const other of others.get(row.title_hash) ?? [])
      if (other.id !== row.id && !copies.includes(other.id) && areCopies(row, other)) copies.push(other.id)
}

function writePlace(place: string, named: readonly PaperId[]): string {
  const ids = [...new Set(named)].slice(-MOST_NAMED).map((id) => id.toString(36))
  return ids.length > 0 ? `${place}~${ids.join('.')}` : place
}

function readPlace(text: string | undefined): { place: string | undefined; named: Set<PaperId> } {
  const [place, ids, ...more] = text?.split('~') ?? []
  if (more.length > 0 || (ids !== undefined && !/^[0-9a-z]{1,10}(?:\.[0-9a-z]{1,10})*$/.test(ids)))
    throw new BadCursorError('This is no place in a list of papers.')
  const named = (ids?.split('.') ?? []).slice(0, MOST_NAMED).map((id) => Number.parseInt(id, 36) as PaperId)
  return { place: place === '' ? undefined : place, named: new Set(named) }
}
