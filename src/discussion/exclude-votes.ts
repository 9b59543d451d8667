import { type Db, inTransaction } from '../db/index.ts'
import { AppError } from '../errors.ts'
import type { PaperId } from '../papers/index.ts'
import { recordAdminAction } from '../people/index.ts'
import { deleteExclusion, findExclusion, insertExclusion } from './queries.ts'
import { recountVotesOf } from './recount-votes.ts'
import type { RankFormula } from './standing.ts'

/** Whose votes: on one paper, or all of them. */
export type VotesOf = { personId: string; paperId?: PaperId }
export type Moderation = { actorId: string; reason: string; at: Date; undoes?: number }

/**
 * Leaves votes out of every count, or lets them in again. The votes stay, and so does the exclusion when somebody
 * takes a vote back and gives it again. Logged with its reason; saying the same twice changes and logs nothing.
 */
export function excludeVotes(
  db: Db,
  of: VotesOf,
  wanted: 'excluded' | 'counted',
  moderation: Moderation,
  rank: RankFormula,
): Promise<void> {
  const reason = moderation.reason.trim()
  if (reason === '')
    throw new AppError('bad_request', 'Say why: whoever reads the log later must understand the decision.')
  return inTransaction(db, async (tx) => {
    const known = await findExclusion(tx, of)
    if ((known !== undefined) === (wanted === 'excluded')) return
    if (wanted === 'excluded') await insertExclusion(tx, of, reason, moderation.at)
    else await deleteExclusion(tx, of)
    await recountVotesOf(tx, of.personId, rank)
    await recordAdminAction(tx, {
      ...moderation,
      reason,
      kind: wanted === 'excluded' ? 'votes.exclude' : 'votes.count',
      subject: `person:${of.personId}`,
      before: known ? { paperId: of.paperId ?? 0, reason: known.reason } : null,
      after: wanted === 'excluded' ? { paperId: of.paperId ?? 0, reason } : null,
    })
  })
}
