import { sql } from 'kysely'
import type { Db } from '../db/index.ts'
import type { Identifier, PaperId } from '../papers/index.ts'
import type { PaperDates } from './submission-rules.ts'

// SQL of submissions: what is known of a paper that somebody submits, who submitted it, and what waits.

export type Submittable = PaperDates & { paperId: PaperId; day: string | null; removedFor: string | null }

/** A paper by any of its identifiers, as far as submitting asks; undefined when it is not stored. */
export async function findSubmittable(db: Db, { source, id }: Identifier): Promise<Submittable | undefined> {
  const row = await db
    .selectFrom('paper_identifier')
    .innerJoin('paper', 'paper.id', 'paper_identifier.paper_id')
    .leftJoin('edition_entry', 'edition_entry.paper_id', 'paper.id')
    .leftJoin('edition_removal', 'edition_removal.paper_id', 'paper.id')
    .select([
      'paper.id',
      'paper.announced_on',
      'paper.submitted_at',
      'paper.dated_on',
      'edition_entry.day',
      'edition_removal.reason',
    ])
    .where('paper_identifier.source', '=', source)
    .where('paper_identifier.id', '=', id)
    .executeTakeFirst()
  if (!row) return undefined
  return {
    paperId: row.id as PaperId,
    announcedOn: row.announced_on,
    submittedAt: row.submitted_at,
    datedOn: row.dated_on,
    day: row.day,
    removedFor: row.reason,
  }
}

/** What a person has put into editions since an instant, and what of theirs waits since then. */
export async function countSubmittedSince(db: Db, personId: string, since: Date): Promise<number> {
  const from = since.toISOString()
  const row = await db
    .selectNoFrom((eb) => [
      eb
        .selectFrom('submission')
        .innerJoin('edition_entry', 'edition_entry.paper_id', 'submission.paper_id')
        .select((count) => count.fn.countAll<number>().as('count'))
        .where('submission.person_id', '=', personId)
        .where('submission.submitted_at', '>=', from)
        // Listed by this very submission: at the same instant.
        .whereRef('edition_entry.listed_at', '=', 'submission.submitted_at')
        .where('edition_entry.origin', '=', 'submitted')
        .as('listed'),
      eb
        .selectFrom('submission_request')
        .select((count) => count.fn.countAll<number>().as('count'))
        .where('person_id', '=', personId)
        .where('state', '=', 'queued')
        .where('requested_at', '>=', from)
        .as('waiting'),
    ])
    .executeTakeFirstOrThrow()
  return Number(row.listed) + Number(row.waiting)
}

export type Remark = { personId: string; name: string; comment: string | null; at: string }

/** Who submitted a paper and what they said, the first first. */
export async function submissionsOf(db: Db, paperId: PaperId, limit: number): Promise<Remark[]> {
  const rows = await db
    .selectFrom('submission')
    .innerJoin('person', 'person.id', 'submission.person_id')
    .select(['person.id', 'person.name', 'submission.comment', 'submission.submitted_at'])
    .where('submission.paper_id', '=', paperId)
    .orderBy('submission.submitted_at')
    .orderBy('person.id')
    .limit(limit)
    .execute()
  return rows.map((row) => ({ personId: row.id, name: row.name, comment: row.comment, at: row.submitted_at }))
}

export async function papersSubmittedBy(db: Db, personId: string): Promise<PaperId[]> {
  const rows = await db.selectFrom('submission').select('paper_id').where('person_id', '=', personId).execute()
  return rows.map((row) => row.paper_id as PaperId)
}

// --- requests for papers that are not stored ---

export type RequestState = 'queued' | 'listed' | 'failed'
export type SubmissionRequest = Identifier & {
  personId: string
  comment: string | null
  at: string
  state: RequestState
  problem?: string
}

export async function findRequest(
  db: Db,
  { source, id }: Identifier,
  personId: string,
): Promise<RequestState | undefined> {
  const row = await db
    .selectFrom('submission_request')
    .select('state')
    .where('source', '=', source)
    .where('id', '=', id)
    .where('person_id', '=', personId)
    .executeTakeFirst()
  return row?.state as RequestState | undefined
}

/** A person's requests, the newest first: what waits, what came, what did not. */
export async function requestsOf(db: Db, personId: string, limit: number): Promise<SubmissionRequest[]> {
  const rows = await db
    .selectFrom('submission_request')
    .selectAll()
    .where('person_id', '=', personId)
    .orderBy('requested_at', 'desc')
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map(presentRequest)
}

/** Papers that somebody waits for, the longest waiting first, each once: what a source should fetch. */
export async function queuedPapers(db: Db, limit: number): Promise<Identifier[]> {
  return db
    .selectFrom('submission_request')
    .select(['source', 'id'])
    .where('state', '=', 'queued')
    .groupBy(['source', 'id'])
    .orderBy(sql`min(requested_at)`)
    .orderBy('id')
    .limit(limit)
    .execute()
}

/** Waiting requests whose paper has come, with the role of who made them. */
export async function arrivedRequests(db: Db, limit: number) {
  const rows = await db
    .selectFrom('submission_request')
    .innerJoin('paper_identifier', (join) =>
      join
        .onRef('paper_identifier.source', '=', 'submission_request.source')
        .onRef('paper_identifier.id', '=', 'submission_request.id'),
    )
    .innerJoin('person', 'person.id', 'submission_request.person_id')
    .select([
      'submission_request.source',
      'submission_request.id',
      'submission_request.person_id',
      'submission_request.comment',
      'submission_request.requested_at',
      'submission_request.state',
      'submission_request.problem',
      'person.role',
    ])
    .where('submission_request.state', '=', 'queued')
    .orderBy('submission_request.requested_at')
    .orderBy('submission_request.person_id')
    .limit(limit)
    .execute()
  return rows.map((row) => ({ ...presentRequest(row), role: row.role }))
}

function presentRequest(row: {
  source: string
  id: string
  person_id: string
  comment: string | null
  requested_at: string
  state: string
  problem: string | null
}): SubmissionRequest {
  return {
    source: row.source,
    id: row.id,
    personId: row.person_id,
    comment: row.comment,
    at: row.requested_at,
    state: row.state as RequestState,
    ...(row.problem === null ? {} : { problem: row.problem }),
  }
}

// --- writes ---

type NewSubmission = { paperId: PaperId; personId: string; comment?: string | undefined; at: Date }

/** The first submission of a person stays; a later comment takes the place of the earlier one. */
export async function saveSubmission(tx: Db, { paperId, personId, comment, at }: NewSubmission): Promise<void> {
  const values = {
    paper_id: paperId,
    person_id: personId,
    comment: comment ?? null,
    submitted_at: at.toISOString(),
  }
  await tx
    .insertInto('submission')
    .values(values)
    .onConflict((conflict) =>
      comment === undefined
        ? conflict.doNothing()
        : conflict.columns(['paper_id', 'person_id']).doUpdateSet({ comment }),
    )
    .execute()
}

export async function saveRequest(
  tx: Db,
  { source, id }: Identifier,
  personId: string,
  comment: string | undefined,
  at: Date,
): Promise<void> {
  const fresh = {
    comment: comment ?? null,
    requested_at: at.toISOString(),
    state: 'queued',
    problem: null,
    resolved_at: null,
  }
  await tx
    .insertInto('submission_request')
    .values({ source, id, person_id: personId, ...fresh })
    .onConflict((conflict) => conflict.columns(['source', 'id', 'person_id']).doUpdateSet(fresh))
    .execute()
}

export async function settleRequest(
  tx: Db,
  { source, id }: Identifier,
  personId: string | undefined,
  state: RequestState,
  problem: string | null,
  at: Date,
): Promise<void> {
  let query = tx
    .updateTable('submission_request')
    .set({ state, problem, resolved_at: at.toISOString() })
    .where('source', '=', source)
    .where('id', '=', id)
    .where('state', '=', 'queued')
  if (personId !== undefined) query = query.where('person_id', '=', personId)
  await query.execute()
}
