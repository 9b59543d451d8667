import type { Db } from '../db/index.ts'
import type { Arrival, Entry } from './entry.ts'
import { type EntryRow, sessionEntry, tokenEntry } from './queries.ts'
import { sessionTokenIn } from './session-cookie.ts'
import { bearerTokenIn, hashOf } from './token-secret.ts'
import { type Role, roles, type Viewer } from './viewer.ts'

const everyScope = ['read', 'write', 'admin'] as const

/**
 * Who sends a request. A token beats a cookie. Undefined for nobody: no cookie, one that ended, or one we never gave.
 * A token that is not (or no longer) valid is `'refused'`: a program must learn of it instead of seeing public pages.
 * Nothing is written, and nothing is kept between requests: one look-up by key costs less than a twentieth of a page, and
 * a session that is revoked ends at once.
 */
export async function findEntry(
  db: Db,
  key: string,
  arrival: Arrival,
  now: Date,
): Promise<Entry | 'refused' | undefined> {
  const bearer = bearerTokenIn(arrival.authorization)
  if (bearer) {
    const row = await tokenEntry(db, hashOf(bearer))
    if (!row || isOver(row, now)) return 'refused'
    const scopes = everyScope.filter((scope) => row.scopes?.split(' ').includes(scope))
    return { viewer: viewerOf(row, scopes), by: 'token', tokenId: row.id }
  }
  const token = sessionTokenIn(arrival.cookie, arrival.isSecure, key)
  if (!token) return undefined
  const row = await sessionEntry(db, token)
  if (!row || isOver(row, now)) return undefined
  return { viewer: viewerOf(row, everyScope), by: 'session', sessionId: row.id, signedInAt: row.created_at }
}

const isOver = (row: EntryRow, now: Date): boolean =>
  row.blocked_at !== null || (row.expires_at !== null && row.expires_at <= now.toISOString())

function viewerOf(row: EntryRow, scopes: Viewer['scopes']): Viewer {
  const role = roles.find((one) => one === row.role) ?? ('reader' satisfies Role)
  return { personId: row.person_id, name: row.name, role, isConfirmed: row.email_verified === 1, scopes }
}
