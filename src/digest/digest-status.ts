import type { Db } from '../db/index.ts'
import { countsByIssue, lastSentAt, recentIssues } from './delivery-queries.ts'
import { digestTroubles } from './heartbeat.ts'
import { mailPausedSince } from './pause.ts'
import { countOverdue, countSubscriptionsByState } from './subscription-queries.ts'
import { countReturns } from './suppression-queries.ts'

const ISSUES_SHOWN = 14
const WINDOW_MS = 14 * 86_400_000
/** A promised moment that nothing was made of for this long: sending has stopped somewhere. */
const OVERDUE_MS = 4 * 3_600_000

export type IssueLine = { id: string; frozenAt: string; problem?: string; counts: Record<string, number> }
export type DigestStatus = {
  isWell: boolean
  subscriptions: Record<string, number>
  lastSent?: string
  overdue: number
  returns: Record<string, number>
  issues: IssueLine[]
  /** The same for people. */
  lines: string[]
}

/** What became of the latest issues, and whether mail has stopped without anybody noticing. */
export async function digestStatus(db: Db, now: Date): Promise<DigestStatus> {
  const issues = await recentIssues(db, ISSUES_SHOWN)
  const counts = Map.groupBy(
    issues.length > 0
      ? await countsByIssue(
          db,
          issues.map(({ id }) => id),
        )
      : [],
    ({ issue_id }) => issue_id,
  )
  const lines = issues.map(({ id, frozen_at, problem }): IssueLine => {
    const ofIssue: Record<string, number> = {}
    for (const { state, reason, count } of counts.get(id) ?? []) {
      const name = state === 'skipped' ? `skipped (${(reason ?? '').split(':')[0]})` : state
      ofIssue[name] = (ofIssue[name] ?? 0) + count
    }
    return {
      id,
      frozenAt: frozen_at,
      counts: ofIssue,
      ...(problem ? { problem: problem.split('\n')[0] as string } : {}),
    }
  })
  const subscriptions = await countSubscriptionsByState(db)
  const overdue = await countOverdue(db, new Date(now.getTime() - OVERDUE_MS).toISOString())
  const returns = await countReturns(db, new Date(now.getTime() - WINDOW_MS).toISOString())
  const lastSent = await lastSentAt(db)
  const paused = await mailPausedSince(db)
  const troubles = await digestTroubles(db, now)
  const isWell = overdue === 0 && !paused && troubles.length === 0 && lines.every(({ problem }) => !problem)
  const inWords = (record: Record<string, number>) =>
    Object.entries(record)
      .map(([name, count]) => `${count} ${name}`)
      .join(', ') || 'none'
  return {
    ...{ isWell, subscriptions, overdue, returns, issues: lines },
    ...(lastSent ? { lastSent } : {}),
    lines: [
      `Subscriptions: ${inWords(subscriptions)}`,
      `Last mail: ${lastSent ?? 'none yet'}`,
      ...(paused ? [`PAUSED: all digests, since ${paused}`] : []),
      ...troubles.map(({ words }) => `ATTENTION: ${words}`),
      `Came back in two weeks: ${inWords(returns)}`,
      ...(overdue > 0
        ? [`OVERDUE: ${overdue} subscriptions were promised mail more than four hours ago. Is a worker running?`]
        : []),
      ...lines.map(
        ({ id, counts: ofIssue, problem }) => `${id}: ${inWords(ofIssue)}${problem ? ` FAILED: ${problem}` : ''}`,
      ),
    ],
  }
}
