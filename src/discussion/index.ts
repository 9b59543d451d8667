export { castVote, recount as recountPaper, type Vote } from './cast-vote.ts'
export { excludeVotes, type Moderation, type VotesOf } from './exclude-votes.ts'
export { NETWORK_KEPT_DAYS, networkHash } from './network-hash.ts'
export { type Placement, placeOnDay, takeOffDay } from './place-on-day.ts'
export {
  countVotes,
  exclusionsOf,
  forgetNetworks,
  type Upvoter,
  upvoters,
  votedAmong,
  voteRings,
  type WatchedVoter,
} from './queries.ts'
export { forgetVotes, recountAll, recountVotesOf } from './recount-votes.ts'
export type { Points, RankFormula } from './standing.ts'
export { findVoteRings, RING_SIZE, type TracedVote, type VoteRing } from './vote-rings.ts'
