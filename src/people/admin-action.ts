import type { Db } from '../db/index.ts'
import { type AdminActionRow, adminActionRows, insertAdminAction } from './admin-queries.ts'

/**
 * Everything that people with a role change. `before` and `after` hold what is needed to undo it; each kind is undone
 * by the action that makes the opposite change, which is logged too.
 */
export const adminActionKinds = [
  'setting.change',
  'role.change',
  'person.suspend',
  'person.restore',
  'votes.exclude',
  'votes.count',
  'pick.add',
  'pick.remove',
  'edition.place',
  'edition.remove',
  'claim.confirm',
  'claim.refuse',
  'source.change',
  'job.run',
  'mail.pause',
  'mail.resume',
  'mail.suppress',
  'mail.release',
  'mail.retry',
  'mail.canary',
  'mail.test',
] as const
export type AdminActionKind = (typeof adminActionKinds)[number]

export type NewAdminAction = {
  kind: AdminActionKind
  /** What was changed: `setting:NAME`, `person:ID`, `paper:ID`. */
  subject: string
  /** JSON values; null where there was, or is, nothing. */
  before: unknown
  after: unknown
  actorId: string
  at: Date
  reason?: string
  /** The action that this one takes back. */
  undoes?: number
}

export type AdminAction = {
  id: number
  kind: AdminActionKind
  subject: string
  before: unknown
  after: unknown
  at: string
  reason?: string
  undoes?: number
  /** The action that took this one back. */
  undoneBy?: number
  /** Nobody when the account is gone. */
  actor?: { id: string; name: string }
}

/** Writes a line of the log, in the transaction of the change itself. */
export function recordAdminAction(tx: Db, action: NewAdminAction): Promise<void> {
  return insertAdminAction(tx, action)
}

export type AdminLogRequest = { limit: number; before?: number; subject?: string }

/** The log, newest first; `before` is the number of the last action of the page before. */
export async function adminLog(db: Db, request: AdminLogRequest): Promise<{ actions: AdminAction[]; next?: number }> {
  const rows = await adminActionRows(db, { ...request, limit: request.limit + 1 })
  const actions = rows.slice(0, request.limit).map(presentAction)
  return { actions, ...(rows.length > request.limit ? { next: actions.at(-1)!.id } : {}) }
}

export async function findAdminAction(db: Db, id: number): Promise<AdminAction | undefined> {
  const [row] = await adminActionRows(db, { limit: 1, id })
  return row && presentAction(row)
}

function presentAction(row: AdminActionRow): AdminAction {
  return {
    id: row.id,
    kind: row.kind as AdminActionKind,
    subject: row.subject,
    before: row.before === null ? null : JSON.parse(row.before),
    after: row.after === null ? null : JSON.parse(row.after),
    at: row.at,
    ...(row.reason === null ? {} : { reason: row.reason }),
    ...(row.undoes === null ? {} : { undoes: row.undoes }),
    ...(row.undone_by === null ? {} : { undoneBy: row.undone_by }),
    ...(row.actor_id === null ? {} : { actor: { id: row.actor_id, name: row.actor_name ?? '' } }),
  }
}
