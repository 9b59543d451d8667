import { type Db, inTransaction } from '../db/index.ts'
import { AppError } from '../errors.ts'
import { recordAdminAction } from './admin-action.ts'
import type { PersonChange } from './change-role.ts'
import { findClaim, saveClaim } from './claim-queries.ts'

export type ClaimState = 'pending' | 'confirmed' | 'refused'

/** "I am an author of this paper." Waits for an editor; a refused claim can be made again. Returns where it stands. */
export function claimPaper(db: Db, claim: { personId: string; paperId: number; at: Date }): Promise<ClaimState> {
  return inTransaction(db, async (tx) => {
    const known = await findClaim(tx, claim.personId, claim.paperId)
    if (known === 'pending' || known === 'confirmed') return known
    await saveClaim(tx, claim.personId, claim.paperId, 'pending', claim.at)
    return 'pending'
  })
}

/** An editor's word about a claim, logged; undone by deciding the other way, or back to waiting. */
export function decideClaim(
  db: Db,
  claim: { personId: string; paperId: number },
  state: ClaimState,
  change: PersonChange,
): Promise<void> {
  return inTransaction(db, async (tx) => {
    const known = await findClaim(tx, claim.personId, claim.paperId)
    if (known === undefined) throw new AppError('not_found', 'There is no such claim any more.')
    if (known === state) return
    await saveClaim(tx, claim.personId, claim.paperId, state, change.at)
    await recordAdminAction(tx, {
      ...change,
      kind: state === 'confirmed' ? 'claim.confirm' : 'claim.refuse',
      subject: `paper:${claim.paperId}`,
      before: { personId: claim.personId, state: known },
      after: { personId: claim.personId, state },
    })
  })
}
