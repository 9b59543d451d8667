import { type Db, inTransaction, lockForWriting } from '../db/index.ts'
import { castVote } from '../discussion/index.ts'
import { announcedAt, currentAnnouncementDay, type Identifier, type PaperId } from '../papers/index.ts'
import { hotness } from './hotness.ts'
import { listPapers } from './list-papers.ts'
import {
  countSubmittedSince,
  findRequest,
  findSubmittable,
  type Submittable,
  saveRequest,
  saveSubmission,
} from './submission-queries.ts'
import {
  birthdayOf,
  type SubmissionRules,
  type Submitter,
  whyNotNow,
  whyTooMany,
  whyTooOld,
} from './submission-rules.ts'

export type Submission = {
  submitter: Submitter
  identifier: Identifier
  comment?: string | undefined
  rules: SubmissionRules
  now: Date
  network?: string | undefined
}

/** What submitting does: said in the preview, done by `submitPaper`. A refusal is an answer, not an error. */
export type SubmissionPlan =
  /** Goes into today's edition, with the submitter's upvote. */
  | { kind: 'list'; paperId: PaperId; day: string }
  /** Stands in an edition already: an upvote and, if given, a comment. */
  | { kind: 'listed_before'; paperId: PaperId; day: string }
  /** An editor took it out of its edition: an upvote, but no listing. */
  | { kind: 'removed'; paperId: PaperId; reason: string }
  /** Not stored: waits until it has been gathered. */
  | { kind: 'queue'; again: boolean }
  | { kind: 'refused'; text: string; paperId?: PaperId }

/** What would happen. Changes nothing. */
export async function planSubmission(db: Db, submission: Submission): Promise<SubmissionPlan> {
  const { submitter, identifier, now } = submission
  const paper = await findSubmittable(db, identifier)
  // Twice is an upvote and a comment, whatever the rules say: those are about what is new in an edition.
  if (paper?.day) return { kind: 'listed_before', paperId: paper.paperId, day: paper.day }
  if (paper?.removedFor != null) return { kind: 'removed', paperId: paper.paperId, reason: paper.removedFor }
  const again = !paper && (await findRequest(db, identifier, submitter.personId)) === 'queued'
  if (again) return { kind: 'queue', again: true }
  const text = await whyRefused(db, submission, paper)
  if (text) return { kind: 'refused', text, ...(paper ? { paperId: paper.paperId } : {}) }
  if (!paper) return { kind: 'queue', again: false }
  return { kind: 'list', paperId: paper.paperId, day: currentAnnouncementDay(now) }
}

async function whyRefused(
  db: Db,
  { submitter, identifier, rules, now }: Submission,
  paper: Submittable | undefined,
): Promise<string | undefined> {
  const today = currentAnnouncementDay(now)
  const birthday = birthdayOf(paper ?? { announcedOn: null, submittedAt: null, datedOn: null }, identifier)
  return (
    whyNotNow(rules, submitter, now) ??
    whyTooOld(rules, submitter, birthday, today) ??
    whyTooMany(rules, submitter, await countSubmittedSince(db, submitter.personId, announcedAt(today)))
  )
}

/** Does what the plan says, in one transaction, and answers with it. Doing it again harms nothing. */
export function submitPaper(db: Db, submission: Submission): Promise<SubmissionPlan> {
  const { submitter, identifier, now, network } = submission
  const comment = submission.comment?.trim() || undefined
  return inTransaction(db, async (tx) => {
    // The limit of a day holds for two requests at once too.
    await lockForWriting(tx, `submissions of ${submitter.personId}`)
    const plan = await planSubmission(tx, submission)
    if (plan.kind === 'refused') return plan
    if (plan.kind === 'queue') {
      await saveRequest(tx, identifier, submitter.personId, comment, now)
      return plan
    }
    await acceptSubmission(tx, { paperId: plan.paperId, personId: submitter.personId, comment, now, network }, plan)
    return plan
  })
}

type Accepted = {
  paperId: PaperId
  personId: string
  comment?: string | undefined
  now: Date
  network?: string | undefined
}

/** Lists the paper if it is to be listed, keeps who submitted it with what words, and casts their upvote. */
export async function acceptSubmission(
  tx: Db,
  { paperId, personId, comment, now, network }: Accepted,
  plan: { kind: 'list'; day: string } | { kind: 'listed_before' | 'removed' },
): Promise<void> {
  if (plan.kind === 'list') await listPapers(tx, [{ paperId, day: plan.day }], 'submitted', now)
  if (plan.kind !== 'removed') await saveSubmission(tx, { paperId, personId, comment, at: now })
  await castVote(tx, { paperId, personId, at: now, network }, 'up', hotness)
}
