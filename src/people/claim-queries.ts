import type { Db } from '../db/index.ts'
import type { ClaimState } from './claim-paper.ts'

// SQL of authorship claims.

export async function findClaim(db: Db, personId: string, paperId: number): Promise<ClaimState | undefined> {
  const row = await db
    .selectFrom('paper_claim')
    .select('state')
    .where('person_id', '=', personId)
    .where('paper_id', '=', paperId)
    .executeTakeFirst()
  return row?.state as ClaimState | undefined
}

export async function hasConfirmedClaim(db: Db, personId: string): Promise<boolean> {
  const row = await db
    .selectFrom('paper_claim')
    .select('paper_id')
    .where('person_id', '=', personId)
    .where('state', '=', 'confirmed')
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

export type Claim = {
  personId: string
  name: string
  email?: string
  paperId: number
  title: string
  authors: string[]
  at: string
}

/** Claims that wait, the longest waiting first. */
export async function pendingClaims(db: Db, limit: number): Promise<Claim[]> {
  const rows = await db
    .selectFrom('paper_claim')
    .innerJoin('person', 'person.id', 'paper_claim.person_id')
    .innerJoin('paper', 'paper.id', 'paper_claim.paper_id')
    .select([
      'paper_claim.person_id',
      'paper_claim.paper_id',
      'paper_claim.claimed_at',
      'person.name',
      'person.email',
      'paper.title',
      'paper.byline',
    ])
    .where('paper_claim.state', '=', 'pending')
    .orderBy('paper_claim.claimed_at')
    .limit(limit)
    .execute()
  return rows.map((row) => ({
    personId: row.person_id,
    name: row.name,
    ...(row.email === null ? {} : { email: row.email }),
    paperId: row.paper_id,
    title: row.title,
    authors: JSON.parse(row.byline) as string[],
    at: row.claimed_at,
  }))
}

/** People whose claim to a paper was confirmed. */
export function confirmedAuthors(db: Db, paperId: number): Promise<{ id: string; name: string }[]> {
  return db
    .selectFrom('paper_claim')
    .innerJoin('person', 'person.id', 'paper_claim.person_id')
    .select(['person.id', 'person.name'])
    .where('paper_claim.paper_id', '=', paperId)
    .where('paper_claim.state', '=', 'confirmed')
    .where('person.left_at', 'is', null)
    .orderBy('person.name')
    .limit(50)
    .execute()
}

export async function saveClaim(tx: Db, personId: string, paperId: number, state: ClaimState, at: Date): Promise<void> {
  await tx
    .insertInto('paper_claim')
    .values({ person_id: personId, paper_id: paperId, state, claimed_at: at.toISOString() })
    .onConflict((conflict) => conflict.columns(['person_id', 'paper_id']).doUpdateSet({ state }))
    .execute()
}
