import { randomUUID } from 'node:crypto'
import { type Db, inTransaction } from '../db/index.ts'
import { countActiveAdmins, updateRole } from './admin-queries.ts'
import { deleteUnusedFirstInvites, insertInvite, openInvite, useInvite } from './queries.ts'
import { hashOf, newSecret } from './token-secret.ts'
import type { Role } from './viewer.ts'

export type InviteRow = { id: string; role: Role; note: string; invited_by: string | null }

const INVITE_DAYS = 14
/** Printed at each start anew, so it need not live longer than a program usually runs. */
const FIRST_INVITE_DAYS = 365
const MAX_NOTE_CHARACTERS = 120

/** A link for one new account. The secret is given back once; only its hash is kept. */
export async function createInvite(
  db: Db,
  { role, note, invitedBy }: { role: Role; note: string; invitedBy: string },
  now: Date,
): Promise<string> {
  return newInvite(db, { role, note: note.trim().slice(0, MAX_NOTE_CHARACTERS), invitedBy }, INVITE_DAYS, now)
}

/**
 * The way in for the first administrator: a new secret at each start until somebody has used one, since the old one is
 * known only by its hash. Undefined once there is an administrator.
 */
export async function offerFirstAdministrator(db: Db, now: Date): Promise<string | undefined> {
  return inTransaction(db, async (tx) => {
    await deleteUnusedFirstInvites(tx)
    if ((await countActiveAdmins(tx)) > 0) return undefined
    return newInvite(tx, { role: 'admin', note: 'first administrator', invitedBy: null }, FIRST_INVITE_DAYS, now)
  })
}

async function newInvite(
  db: Db,
  { role, note, invitedBy }: { role: Role; note: string; invitedBy: string | null },
  days: number,
  now: Date,
): Promise<string> {
  const { secret, hash } = newSecret('')
  await insertInvite(db, {
    id: randomUUID(),
    hash,
    role,
    note,
    invited_by: invitedBy,
    created_at: now.toISOString(),
    expires_at: new Date(now.getTime() + days * 86_400_000).toISOString(),
  })
  return secret
}

/** The open invitation of a secret, or one that this address asked for its link with; undefined for none. */
export async function inviteFor(
  db: Db,
  by: { secret?: string | undefined; email?: string | undefined },
  now: Date,
): Promise<InviteRow | undefined> {
  if (!by.secret && !by.email) return undefined
  return openInvite(db, { hash: by.secret ? hashOf(by.secret) : undefined, email: by.email }, now.toISOString())
}

/** Uses an invitation up for a person, who gets its role; false when somebody else was faster. */
export function takeInvite(db: Db, invite: InviteRow, personId: string, now: Date): Promise<boolean> {
  return inTransaction(db, async (tx) => {
    if (!(await useInvite(tx, invite.id, personId, now.toISOString()))) return false
    if (invite.role !== 'reader') await updateRole(tx, personId, invite.role, now)
    return true
  })
}
