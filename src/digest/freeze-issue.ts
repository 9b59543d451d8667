import { type Db, inTransaction } from '../db/index.ts'
import type { PaperId } from '../papers/index.ts'
import { type Chosen, choosePapers } from './choose-papers.ts'
import type { DayRange } from './coverage.ts'
import { failIssue, type IssueRow, insertIssue, insertIssuePapers, issueById, issuePapers } from './delivery-queries.ts'
import { loadMailPapers, type MailPaper } from './mail-paper.ts'
import { editionTotals } from './paper-queries.ts'
import { isShared, type Want, type WantKind } from './want.ts'

export type Issue = {
  id: string
  kind: WantKind
  range: DayRange
  isPartial: boolean
  /** Best first; empty where each reader has a choice of their own. */
  chosen: Chosen[]
  totals: { papers: number; categories: [category: string, count: number][] }
  problem?: string
}

/** Tries a mail of an issue out before anybody gets one; throws what is wrong with it. */
export type TryOut = (issue: Issue, papers: ReadonlyMap<PaperId, MailPaper>) => void

export type IssueRequest = { want: Want; range: DayRange; isPartial: boolean; slot: Date }

/** Trending changes by the hour, the others with the days they are about. */
function issueId({ want, range, isPartial, slot }: IssueRequest): string {
  const days = range.from === range.to ? range.to : `${range.from}..${range.to}`
  const hour = want.kind === 'trending' ? ` ${slot.toISOString().slice(0, 13)}` : ''
  return `${want.kind} ${days}${hour}${isPartial ? ' partial' : ''}`
}

/**
 * The issue for a kind of wish and some days, made at the first call and the same ever after, whatever happens to votes
 * and texts. One that cannot be turned into a mail is kept as failed, and nobody gets it.
 */
export async function freezeIssue(db: Db, request: IssueRequest, tryOut: TryOut, now: Date): Promise<Issue> {
  const id = issueId(request)
  const known = await issueById(db, id)
  if (known) return asTheyAreNow(readIssue(known), await papersOfIssue(db, id))
  const { want, range, isPartial } = request
  const chosen = isShared(want) ? await choosePapers(db, undefined, want, range, now) : []
  const totals = await editionTotals(db, range)
  const papers = await loadMailPapers(
    db,
    chosen.map(([paperId]) => paperId),
    range.to,
  )
  const issue: Issue = { id, kind: want.kind, range, isPartial, chosen, totals }
  const problem = problemOf(() => tryOut(issue, new Map(papers.map((paper) => [paper.id, paper]))))
  const row = {
    id,
    kind: want.kind,
    from_day: range.from,
    day: range.to,
    state: problem ? 'failed' : 'frozen',
    is_partial: isPartial ? 1 : 0,
    papers: JSON.stringify(chosen),
    totals: JSON.stringify(totals),
    frozen_at: now.toISOString(),
    problem: problem ?? null,
  }
  return inTransaction(db, async (tx) => {
    const stored = await insertIssue(tx, row)
    await insertIssuePapers(tx, rowsOf(id, papers))
    return readIssue(stored)
  })
}

/** Adds papers that single readers get to what an issue holds; those it has already stay as they are. */
export async function freezePapers(db: Db, issue: Issue, ids: readonly PaperId[], tryOut: TryOut): Promise<void> {
  if (ids.length === 0) return
  const papers = await loadMailPapers(db, ids, issue.range.to)
  const chosen = papers.map((paper): Chosen => [paper.id, 'why'])
  const problem = problemOf(() => tryOut({ ...issue, chosen }, new Map(papers.map((paper) => [paper.id, paper]))))
  await inTransaction(db, async (tx) => {
    await insertIssuePapers(tx, rowsOf(issue.id, papers))
    if (problem) await failIssue(tx, issue.id, problem)
  })
}

function problemOf(work: () => void): string | undefined {
  try {
    work()
    return undefined
  } catch (error) {
    return (error as Error).stack?.slice(0, 2000) ?? String(error)
  }
}

const rowsOf = (issueId: string, papers: readonly MailPaper[]) =>
  papers.map((paper) => ({ issue_id: issueId, paper_id: paper.id, content: JSON.stringify(paper) }))

export function readIssue(row: IssueRow): Issue {
  return {
    id: row.id,
    kind: row.kind as WantKind,
    range: { from: row.from_day, to: row.day },
    isPartial: row.is_partial === 1,
    chosen: JSON.parse(row.papers) as Chosen[],
    totals: JSON.parse(row.totals) as Issue['totals'],
    ...(row.state === 'failed' ? { problem: row.problem ?? 'unknown' } : {}),
  }
}

/** The texts of an issue. A paper that was joined to another since is found by both ids, and is the one it is now. */
export async function papersOfIssue(db: Db, issueId: string): Promise<Map<PaperId, MailPaper>> {
  const papers = new Map<PaperId, MailPaper>()
  for (const { paper_id, content } of await issuePapers(db, issueId)) {
    const frozen = JSON.parse(content) as MailPaper
    const paper = { ...frozen, id: paper_id as PaperId }
    papers.set(frozen.id, paper)
    papers.set(paper.id, paper)
  }
  return papers
}

/** The issue with the ids that its papers have now, each once. */
function asTheyAreNow(issue: Issue, papers: ReadonlyMap<PaperId, MailPaper>): Issue {
  const byId = new Map(issue.chosen.map(([id, why]) => [papers.get(id)?.id ?? id, why]))
  return { ...issue, chosen: [...byId] }
}
