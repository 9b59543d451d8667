import { sql } from 'kysely'
import type { Db } from './dialect.ts'

/**
 * What becomes of rows that name a paper when that paper turns out to be another one. `unite`: they move over, and where
 * the other paper has a row with the same values of these columns already, its own stays. `room`: the room `papers` or
 * `feed` moves them by rules of its own. `derived`: made anew. A test sees to it that no table with a `paper_id` is missing.
 */
export const paperReferences: Readonly<Record<string, { unite: readonly string[] } | 'room' | 'derived'>> = {
  vote: { unite: ['person_id'] },
  vote_exclusion: { unite: ['person_id'] },
  submission: { unite: ['person_id'] },
  pick: { unite: [] },
  edition_removal: { unite: [] },
  edition_badge: { unite: ['kind', 'key'] },
  paper_claim: { unite: ['person_id'] },
  issue_paper: { unite: ['issue_id'] },
  mailed_paper: { unite: ['subscription_id'] },
  paper_artifact: { unite: ['kind', 'name'] },
  paper_announcement: { unite: ['day', 'subject'] },
  edition_entry: 'room',
  paper_identifier: 'room',
  paper_author: 'room',
  paper_category: 'room',
  paper_version: 'room',
  paper_link: 'room',
  paper_elsewhere: 'room',
  paper_relation: 'room',
  paper_change: 'derived',
  standing: 'derived',
  arxiv_title_lookup: 'derived',
}

/** Moves what others keep of a paper to another one: nobody's vote or word is lost. The left-over rows go with the paper. */
export async function moveReferences(tx: Db, from: number, to: number): Promise<void> {
  for (const [table, rule] of Object.entries(paperReferences)) {
    if (typeof rule === 'string') continue
    const same = rule.unite.map((column) => sql`other.${sql.ref(column)} = ${sql.ref(`${table}.${column}`)}`)
    const isThere = sql`select 1 from ${sql.table(table)} as other where ${sql.join([sql`other.paper_id = ${to}`, ...same], sql` and `)}`
    await sql`update ${sql.table(table)} set paper_id = ${to} where paper_id = ${from} and not exists (${isThere})`.execute(
      tx,
    )
  }
}
