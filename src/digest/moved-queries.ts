import { type Db, runCompiled } from '../db/index.ts'

// SQL about papers that stood in an earlier issue than the one they are in now.

/** Longer ago, nobody takes it for the same mail. */
const ISSUES_LOOKED_AT = 200

type Holding = { id: string; papers: string; held: { was: number; is: number }[] }

/** Issues of editions before a day that hold some papers, newest first; `was` is the id under which an issue lists one. */
export async function issuesHolding(db: Db, paperIds: readonly number[], before: string): Promise<Holding[]> {
  if (paperIds.length === 0) return []
  const issues = await db
    .selectFrom('issue')
    .select(['id', 'papers'])
    .where('kind', '=', 'edition')
    .where('day', '<', before)
    .orderBy('frozen_at', 'desc')
    .limit(ISSUES_LOOKED_AT)
    .execute()
  if (issues.length === 0) return []
  const rows = await db
    .selectFrom('issue_paper')
    .select(['issue_id', 'paper_id', 'content'])
    .where(
      'issue_id',
      'in',
      issues.map(({ id }) => id),
    )
    .where('paper_id', 'in', paperIds)
    .execute()
  const byIssue = Map.groupBy(rows, ({ issue_id }) => issue_id)
  return issues.flatMap(({ id, papers }) => {
    const held = byIssue.get(id)?.map((row) => ({ was: JSON.parse(row.content).id as number, is: row.paper_id }))
    return held ? [{ id, papers, held }] : []
  })
}

/** Mails from some issues that went, or may have gone, to some subscriptions. */
export async function deliveriesOfIssues(
  db: Db,
  subscriptionIds: readonly string[],
  issueIds: readonly string[],
): Promise<{ subscription_id: string; issue_id: string | null; papers: string | null }[]> {
  if (subscriptionIds.length === 0 || issueIds.length === 0) return []
  const shape = `deliveries of ${issueIds.length} issues to ${subscriptionIds.length}`
  return runCompiled(db, shape, [...subscriptionIds, '-', ...issueIds, '', 'sent', 'unknown'], () =>
    db
      .selectFrom('delivery')
      .select(['subscription_id', 'issue_id', 'papers'])
      .where('subscription_id', 'in', subscriptionIds)
      .where((eb) => eb.fn.coalesce('issue_id', eb.val('-')), 'in', issueIds)
      .where((eb) => eb.fn.coalesce('state', eb.val('')), 'in', ['sent', 'unknown']),
  )
}
