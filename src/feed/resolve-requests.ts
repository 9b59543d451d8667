import { type Db, inTransaction } from '../db/index.ts'
import { currentAnnouncementDay, type Identifier } from '../papers/index.ts'
import { hasConfirmedClaim, instanceSettings, type Role } from '../people/index.ts'
import { arrivedRequests, findSubmittable, settleRequest } from './submission-queries.ts'
import { birthdayOf, whyTooOld } from './submission-rules.ts'
import { acceptSubmission } from './submit-paper.ts'

/** Requests settled in one run: bounds the work, the next run takes the rest. */
const SETTLED_AT_ONCE = 200

/**
 * Lists submitted papers that have come meanwhile, with the upvote and comment of who asked for them. A paper that
 * turns out too old is not listed; its upvote counts all the same. Returns how many requests were settled.
 */
export async function resolveRequests(db: Db, now: Date): Promise<number> {
  const arrived = await arrivedRequests(db, SETTLED_AT_ONCE)
  if (arrived.length === 0) return 0
  const rules = await instanceSettings(db, {})
  const today = currentAnnouncementDay(now)
  for (const request of arrived) {
    await inTransaction(db, async (tx) => {
      const paper = await findSubmittable(tx, request)
      if (!paper) return
      const { personId } = request
      const submitter = { personId, role: request.role as Role, hasClaim: await hasConfirmedClaim(tx, personId) }
      const tooOld = whyTooOld(rules, submitter, birthdayOf(paper, request), today)
      const problem = paper.day ? null : (removalText(paper.removedFor) ?? tooOld ?? null)
      const comment = request.comment ?? undefined
      const accepted = { paperId: paper.paperId, personId, comment, now }
      if (problem !== null) await acceptSubmission(tx, accepted, { kind: 'removed' })
      else await acceptSubmission(tx, accepted, paper.day ? { kind: 'listed_before' } : { kind: 'list', day: today })
      await settleRequest(tx, request, personId, problem === null ? 'listed' : 'failed', problem, now)
    })
  }
  return arrived.length
}

const removalText = (reason: string | null) =>
  reason === null ? undefined : `An editor took this paper out of its edition: ${reason}`

/** No source has such a paper: whoever asked for it is told why. */
export function failRequest(db: Db, identifier: Identifier, problem: string, now: Date): Promise<void> {
  return settleRequest(db, identifier, undefined, 'failed', problem, now)
}
