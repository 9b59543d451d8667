// People of one laboratory share a network, and may all like a paper: what looks like a ring is shown to moderators,
// and counts until one of them decides otherwise.

/** This many accounts on one paper are worth a look; two colleagues who just talked are not. */
export const RING_SIZE = 3
/** "The same minute", counted from any vote to any other, so that no ring hides across the full minute. */
const RING_SECONDS = 60

export type TracedVote = { paperId: number; personId: string; network: string; at: string }
export type VoteRing = { network: string; people: string[]; papers: number[]; votes: number; lastAt: string }

/**
 * Groups of accounts that voted from one network for one paper within a minute, the most often seen together first.
 * Groups that share a network and at least two people are one ring.
 */
export function findVoteRings(votes: readonly TracedVote[]): VoteRing[] {
  const rings: VoteRing[] = []
  for (const [, ofPair] of Map.groupBy(votes, (vote) => `${vote.network} ${vote.paperId}`)) {
    const inOrder = [...ofPair].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
    for (const burst of bursts(inOrder)) addTo(rings, burst)
  }
  return rings.sort((a, b) => b.papers.length - a.papers.length || b.votes - a.votes || (a.lastAt < b.lastAt ? 1 : -1))
}

/** Runs of votes in which at least so many people fit into the window; overlapping windows make one run. */
function bursts(votes: TracedVote[]): TracedVote[][] {
  const found: TracedVote[][] = []
  let start = 0
  let lastEnd = -1
  for (let end = 0; end < votes.length; end++) {
    while (secondsBetween(votes[start]!, votes[end]!) > RING_SECONDS) start++
    const people = new Set(votes.slice(start, end + 1).map((vote) => vote.personId))
    if (people.size < RING_SIZE) continue
    if (start <= lastEnd) found.at(-1)!.push(...votes.slice(lastEnd + 1, end + 1))
    else found.push(votes.slice(start, end + 1))
    lastEnd = end
  }
  return found
}

function addTo(rings: VoteRing[], burst: TracedVote[]): void {
  const people = new Set(burst.map((vote) => vote.personId))
  const { network, paperId } = burst[0]!
  const lastAt = burst.at(-1)!.at
  const known = rings.find(
    (ring) => ring.network === network && ring.people.filter((person) => people.has(person)).length >= 2,
  )
  if (!known) {
    rings.push({ network, people: [...people], papers: [paperId], votes: burst.length, lastAt })
    return
  }
  known.people = [...new Set([...known.people, ...people])]
  known.papers = [...new Set([...known.papers, paperId])]
  known.votes += burst.length
  if (lastAt > known.lastAt) known.lastAt = lastAt
}

function secondsBetween(a: TracedVote, b: TracedVote): number {
  return (Date.parse(b.at) - Date.parse(a.at)) / 1000
}
