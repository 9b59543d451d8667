export { castVote, type Vote } from './cast-vote.ts'
export { type Placement, placeOnDay } from './place-on-day.ts'
export { countVotes } from './queries.ts'
export type { Points, RankFormula } from './standing.ts'
