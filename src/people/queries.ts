import { type Insertable, sql } from 'kysely'
import { type Database, type Db, runCompiled } from '../db/index.ts'
import type { InviteRow } from './invites.ts'
import type { Role } from './viewer.ts'

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

/** Sessions, newest first; the secret part stays in the database. */
export function sessionsOf(db: Db, personId: string, now: string) {
  return db
    .selectFrom('session')
    .select(['id', 'network', 'browser', 'created_at', 'expires_at'])
    .where('person_id', '=', personId)
    .where('expires_at', '>', now)
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .execute()
}

export function identitiesOf(db: Db, personId: string) {
  return db
    .selectFrom('identity')
    .select(['id', 'provider', 'subject', 'created_at'])
    .where('person_id', '=', personId)
    .orderBy('created_at')
    .execute()
}

export function passkeysOf(db: Db, personId: string) {
  return db
    .selectFrom('passkey')
    .select(['id', 'name', 'created_at', 'backed_up'])
    .where('person_id', '=', personId)
    .orderBy('created_at')
    .execute()
}

export function tokensOf(db: Db, personId: string) {
  return db
    .selectFrom('access_token')
    .select(['id', 'name', 'prefix', 'scopes', 'created_at', 'expires_at', 'last_used_at'])
    .where('person_id', '=', personId)
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .execute()
}

export function personById(db: Db, personId: string) {
  return db
    .selectFrom('person')
    .select(['id', 'name', 'email', 'email_verified', 'role', 'created_at', 'left_at', 'blocked_at'])
    .where('id', '=', personId)
    .executeTakeFirst()
}

export function personByEmail(db: Db, email: string) {
  return db.selectFrom('person').select(['id', 'name', 'blocked_at']).where('email', '=', email).executeTakeFirst()
}

export async function isShutOut(db: Db, personId: string): Promise<boolean> {
  const person = await personById(db, personId)
  return !person || person.blocked_at !== null || person.left_at !== null
}

export function verificationOf(db: Db, identifier: string) {
  return db
    .selectFrom('verification')
    .select(['id', 'value', 'expires_at'])
    .where('identifier', '=', identifier)
    .executeTakeFirst()
}

export async function openInvite(
  db: Db,
  by: { hash: string | undefined; email: string | undefined },
  now: string,
): Promise<InviteRow | undefined> {
  const row = await db
    .selectFrom('invite')
    .select(['id', 'role', 'note', 'invited_by'])
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .where((eb) =>
      eb.or([...(by.hash ? [eb('hash', '=', by.hash)] : []), ...(by.email ? [eb('claimed_by', '=', by.email)] : [])]),
    )
    .orderBy('created_at', 'desc')
    .executeTakeFirst()
  return row && { ...row, role: row.role as Role }
}

export function listInvites(db: Db) {
  return db
    .selectFrom('invite')
    .leftJoin('person as inviter', 'inviter.id', 'invite.invited_by')
    .leftJoin('person as guest', 'guest.id', 'invite.used_by')
    .select(['invite.id', 'invite.role', 'invite.note', 'invite.created_at', 'invite.expires_at', 'invite.used_at'])
    .select(['inviter.name as inviter', 'guest.name as guest'])
    .where('invite.invited_by', 'is not', null)
    .orderBy('invite.created_at', 'desc')
    .limit(200)
    .execute()
}

// --- writes ---

export async function deleteSession(db: Db, sessionId: string): Promise<void> {
  await db.deleteFrom('session').where('id', '=', sessionId).execute()
}

/** Of the rows of one person only: an id of somebody else's changes nothing and is answered like one that never was. */
type OwnedTable = 'session' | 'passkey' | 'access_token' | 'identity'
export async function deleteOwned(db: Db, table: OwnedTable, personId: string, id: string): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom(table as 'session')
    .where('id', '=', id)
    .where('person_id', '=', personId)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

export async function deleteOtherSessions(db: Db, personId: string, kept: string | undefined): Promise<void> {
  let query = db.deleteFrom('session').where('person_id', '=', personId)
  if (kept) query = query.where('id', '!=', kept)
  await query.execute()
}

export async function savePersonName(db: Db, personId: string, name: string, now: string): Promise<void> {
  await db.updateTable('person').set({ name, updated_at: now }).where('id', '=', personId).execute()
}

/** False when the address has come to belong to somebody else meanwhile. */
export async function savePersonEmail(db: Db, personId: string, email: string, now: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('person')
    .set({ email, email_verified: 1, updated_at: now })
    .where('id', '=', personId)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('person as other').select('other.id').where('other.email', '=', email))),
    )
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export async function deletePerson(db: Db, personId: string): Promise<void> {
  await db.deleteFrom('person').where('id', '=', personId).execute()
}

/** What remains of somebody who left and whose votes count on: a row without a name. */
export async function stripPerson(db: Db, personId: string, now: string): Promise<void> {
  for (const table of ['session', 'identity', 'passkey', 'access_token'] as const)
    await db
      .deleteFrom(table as 'session')
      .where('person_id', '=', personId)
      .execute()
  await db
    .updateTable('person')
    .set({ name: 'A former reader', email: null, image: null, role: 'reader', left_at: now, updated_at: now })
    .where('id', '=', personId)
    .execute()
}

export async function insertToken(db: Db, row: Insertable<Database['access_token']>): Promise<void> {
  await db.insertInto('access_token').values(row).execute()
}

export async function saveTokenUses(db: Db, uses: ReadonlyMap<string, string>): Promise<void> {
  for (const [id, at] of uses)
    await db.updateTable('access_token').set({ last_used_at: at }).where('id', '=', id).execute()
}

export async function insertVerification(db: Db, row: Insertable<Database['verification']>): Promise<void> {
  await db.insertInto('verification').values(row).execute()
}

/** Takes what waited under a name, once: the second to ask gets nothing. */
export async function takeVerification(db: Db, identifier: string, now: string): Promise<string | undefined> {
  const row = await db
    .deleteFrom('verification')
    .where('identifier', '=', identifier)
    .returning(['value', 'expires_at'])
    .executeTakeFirst()
  return row && row.expires_at > now ? row.value : undefined
}

/** Old sessions, links and challenges: nothing reads them any more. */
export async function deleteExpired(db: Db, now: string): Promise<{ sessions: number; links: number }> {
  const sessions = await db.deleteFrom('session').where('expires_at', '<=', now).executeTakeFirst()
  const links = await db.deleteFrom('verification').where('expires_at', '<=', now).executeTakeFirst()
  return { sessions: Number(sessions.numDeletedRows), links: Number(links.numDeletedRows) }
}

export async function insertInvite(db: Db, row: Insertable<Database['invite']>): Promise<void> {
  await db.insertInto('invite').values(row).execute()
}

export async function claimInvite(db: Db, inviteId: string, email: string): Promise<void> {
  await db.updateTable('invite').set({ claimed_by: email }).where('id', '=', inviteId).execute()
}

/** False when it was used already. */
export async function useInvite(tx: Db, inviteId: string, personId: string, now: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('invite')
    .set({ used_by: personId, used_at: now, claimed_by: null })
    .where('id', '=', inviteId)
    .where('used_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export async function deleteInvite(db: Db, inviteId: string): Promise<void> {
  await db.deleteFrom('invite').where('id', '=', inviteId).where('used_at', 'is', null).execute()
}

export async function deleteUnusedFirstInvites(db: Db): Promise<void> {
  await db.deleteFrom('invite').where('invited_by', 'is', null).where('used_at', 'is', null).execute()
}

// --- everything that is about a person, whatever room keeps it ---

/** Columns that would let a reader of the export act as the person. */
const secretColumns = new Set([
  'token',
  'hash',
  'value',
  'public_key',
  'counter',
  'access_token',
  'refresh_token',
  'id_token',
  'password',
])

/**
 * Every row of every table that names the person, by table. Tables are found by their columns, so that what other rooms
 * keep of people is never forgotten here.
 */
export async function rowsAbout(db: Db, personId: string, email: string | null): Promise<Record<string, unknown[]>> {
  const about: Record<string, unknown[]> = {}
  const tables = await db.introspection.getTables()
  for (const table of tables.filter((one) => !one.isView)) {
    const columns = table.columns.map((column) => column.name)
    const conditions = [
      ...columns
        .filter((name) => /^(person_id|invited_by|used_by|.*_person_id)$/.test(name))
        .map((name) => sql`${sql.ref(name)} = ${personId}`),
      ...(email && columns.includes('email') && table.name !== 'person' ? [sql`email = ${email}`] : []),
      ...(table.name === 'person' ? [sql`id = ${personId}`] : []),
    ]
    if (conditions.length === 0) continue
    const kept = columns.filter((name) => !secretColumns.has(name)).map((name) => sql.ref(name))
    const query = sql<
      Record<string, unknown>
    >`select ${sql.join(kept)} from ${sql.table(table.name)} where ${sql.join(conditions, sql` or `)}`
    const { rows } = await query.execute(db)
    if (rows.length > 0) about[table.name] = rows.map((row) => ({ ...row }))
  }
  return about
}

export function papersByIds(db: Db, ids: readonly number[]) {
  return db
    .selectFrom('paper')
    .select(['id', 'source', 'base_id', 'title'])
    .where('id', 'in', [...ids])
    .execute()
}
