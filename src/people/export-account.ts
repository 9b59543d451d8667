import type { Db } from '../db/index.ts'
import { AppError } from '../errors.ts'
import { papersByIds, personById, rowsAbout } from './queries.ts'

/** Questions to the database stay of a bounded size. */
const PAPERS_AT_ONCE = 500

/** Everything that is stored about a person, by table, with the papers it speaks of under names of their own. */
export async function exportAccount(db: Db, personId: string, now: Date): Promise<Record<string, unknown>> {
  const person = await personById(db, personId)
  if (!person) throw new AppError('person_not_found', 'There is no such account.')
  const about = await rowsAbout(db, personId, person.email)
  const ids = new Set<number>()
  for (const rows of Object.values(about) as { paper_id?: number }[][])
    for (const { paper_id } of rows) if (paper_id !== undefined && paper_id !== null) ids.add(paper_id)
  const papers: Record<string, { id: string; title: string }> = {}
  const wanted = [...ids]
  for (let at = 0; at < wanted.length; at += PAPERS_AT_ONCE)
    for (const paper of await papersByIds(db, wanted.slice(at, at + PAPERS_AT_ONCE)))
      papers[paper.id] = { id: `${paper.source}:${paper.base_id}`, title: paper.title }
  return {
    about: `Everything this site stores about the account of ${person.name}. Rows by table; papers by their number here.`,
    exportedAt: now.toISOString(),
    ...about,
    papers,
  }
}
