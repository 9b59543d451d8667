import type { Db } from '../db/index.ts'
import type { PaperId } from '../papers/index.ts'
import type { Chosen } from './choose-papers.ts'
import type { DayRange } from './coverage.ts'
import { deliveriesOfIssues, issuesHolding } from './moved-queries.ts'

/**
 * A complete edition's mail is not remembered paper by paper: its days tell what was in it. Days tell nothing about a
 * paper that stood in an earlier edition before somebody moved it, or before two papers turned out to be one; then the
 * earlier issues do.
 */
export type Moved = { issueId: string; papers: readonly Chosen[]; current: ReadonlyMap<number, PaperId> }

/** Issues about earlier days that hold papers of this one; none, nearly always. */
export async function movedInto(db: Db, { from }: DayRange, chosen: readonly Chosen[]): Promise<Moved[]> {
  const ids = new Set(chosen.map(([id]) => id))
  const rows = await issuesHolding(db, [...ids], from)
  return rows.map(({ id, papers, held }) => ({
    issueId: id,
    papers: JSON.parse(papers) as Chosen[],
    current: new Map(held.map(({ was, is }) => [was, is as PaperId])),
  }))
}

/** What subscriptions had of them: what their mail from an earlier issue showed. `lengths` is how much they are shown. */
export async function hadBefore(
  db: Db,
  moved: readonly Moved[],
  lengths: ReadonlyMap<string, number>,
): Promise<Map<string, Set<PaperId>>> {
  const had = new Map<string, Set<PaperId>>()
  const issues = new Map(moved.map((issue) => [issue.issueId, issue]))
  for (const row of await deliveriesOfIssues(db, [...lengths.keys()], [...issues.keys()])) {
    const issue = issues.get(row.issue_id ?? '')
    if (!issue) continue
    const shown = row.papers
      ? (JSON.parse(row.papers) as Chosen[])
      : issue.papers.slice(0, lengths.get(row.subscription_id))
    const ids = had.get(row.subscription_id) ?? new Set<PaperId>()
    for (const [was] of shown) {
      const is = issue.current.get(was)
      if (is !== undefined) ids.add(is)
    }
    had.set(row.subscription_id, ids)
  }
  return had
}
