import type { Points } from '../discussion/index.ts'

// Trending, published: `log10(upvotes + 1 + talk) + hours / 22`, where hours count from a fixed point to the moment
// the paper was listed. Ten times the votes weigh as much as being listed 22 hours later. The form is Reddit's and
// Lobsters' (points and birth, no "now"), so a stored rank never goes stale. docs/guides/ranking.md tells readers.

/** Doubling it lets a paper of yesterday hold twice as long against one of today. */
export const HOURS_PER_DECADE = 22
/** A comment weighs half an upvote. */
const COMMENT_WEIGHT = 0.5
const HOUR_MS = 3_600_000
/** Only keeps the numbers small: 1 January 2020. */
const EPOCH_MS = Date.UTC(2020, 0, 1)

/** The stored rank of trending: higher is hotter. Never lower for one more upvote, never lower for being younger. */
export function hotness(points: Points, listedAt: Date): number {
  const hours = (listedAt.getTime() - EPOCH_MS) / HOUR_MS
  return Math.round((Math.log10(weightOf(points)) + hours / HOURS_PER_DECADE) * 1e7) / 1e7
}

/** Comment points are capped by upvotes: many comments and few votes is usually a quarrel, not a good paper. */
function weightOf({ upvotes, comments }: Points): number {
  return Math.max(upvotes + 1, 1) + Math.min(upvotes, comments * COMMENT_WEIGHT)
}

export type HotnessReason = { upvotes: number; comments: number; ageHours: number; votesWorthHours: number }

/** Why a paper stands where it stands, in numbers a reader can check. */
export function explainHotness(points: Points, listedAt: Date, now: Date): HotnessReason {
  return {
    ...points,
    ageHours: Math.max(0, Math.floor((now.getTime() - listedAt.getTime()) / HOUR_MS)),
    votesWorthHours: Math.round(Math.log10(weightOf(points)) * HOURS_PER_DECADE * 10) / 10,
  }
}
