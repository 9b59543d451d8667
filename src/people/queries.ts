import { type Db, runCompiled } from '../db/index.ts'

// All SQL of the room `people` (better-auth makes its own, see `auth.ts`).

/** What a session or a token says about who comes in. */
export type EntryRow = {
  id: string
  person_id: string
  name: string
  role: string
  email_verified: number
  blocked_at: string | null
  created_at: string
  expires_at: string | null
  scopes?: string
}

const entryColumns = ['person.name', 'person.role', 'person.email_verified', 'person.blocked_at'] as const

/** Asked on every page of somebody signed in. */
export async function sessionEntry(db: Db, token: string): Promise<EntryRow | undefined> {
  const rows = await runCompiled<EntryRow>(db, 'session entry', [token], () =>
    db
      .selectFrom('session')
      .innerJoin('person', 'person.id', 'session.person_id')
      .select(['session.id', 'session.person_id', 'session.created_at', 'session.expires_at', ...entryColumns])
      .where('session.token', '=', token),
  )
  return rows[0]
}

export async function tokenEntry(db: Db, hash: string): Promise<EntryRow | undefined> {
  const rows = await runCompiled<EntryRow>(db, 'token entry', [hash], () =>
    db
      .selectFrom('access_token')
      .innerJoin('person', 'person.id', 'access_token.person_id')
      .select(['access_token.id', 'access_token.person_id', 'access_token.created_at', 'access_token.expires_at'])
      .select(['access_token.scopes', ...entryColumns])
      .where('access_token.hash', '=', hash),
  )
  return rows[0]
}

// --- writes ---

export async function deleteSession(db: Db, sessionId: string): Promise<void> {
  await db.deleteFrom('session').where('id', '=', sessionId).execute()
}
