/** What the community says about a paper, as plain counts. */
export type Points = { upvotes: number; comments: number }

/**
 * How counts and birth make a stored rank. The formula is the feed's (`feed/hotness.ts`); this room only keeps the
 * result beside the counts, written in the transaction that recounts them, so that a rank never contradicts its votes.
 */
export type RankFormula = (points: Points, listedAt: Date) => number
