import { type SqlBool, sql } from 'kysely'
import type { Db } from '../db/index.ts'
import type { NewAdminAction } from './admin-action.ts'

// SQL of what administrators see and change: the log, settings, people and their roles.

// --- log ---

export async function insertAdminAction(tx: Db, action: NewAdminAction): Promise<void> {
  const json = (value: unknown) => (value === null || value === undefined ? null : JSON.stringify(value))
  await tx
    .insertInto('admin_action')
    .values({
      at: action.at.toISOString(),
      person_id: action.actorId,
      kind: action.kind,
      subject: action.subject,
      before: json(action.before),
      after: json(action.after),
      reason: action.reason ?? null,
      undoes: action.undoes ?? null,
    })
    .execute()
}

export type AdminActionRow = Awaited<ReturnType<typeof adminActionRows>>[number]
type LogFilter = { limit: number; before?: number; subject?: string; id?: number }

export function adminActionRows(db: Db, { limit, before, subject, id }: LogFilter) {
  let query = db
    .selectFrom('admin_action')
    .leftJoin('person', 'person.id', 'admin_action.person_id')
    .select([
      'admin_action.id',
      'admin_action.kind',
      'admin_action.subject',
      'admin_action.before',
      'admin_action.after',
      'admin_action.at',
      'admin_action.reason',
      'admin_action.undoes',
      'person.id as actor_id',
      'person.name as actor_name',
    ])
    .select((eb) =>
      eb
        .selectFrom('admin_action as later')
        .select((max) => max.fn.max('later.id').as('id'))
        .whereRef('later.undoes', '=', 'admin_action.id')
        .as('undone_by'),
    )
    .orderBy('admin_action.id', 'desc')
    .limit(limit)
  if (before !== undefined) query = query.where('admin_action.id', '<', before)
  if (subject !== undefined) query = query.where('admin_action.subject', '=', subject)
  if (id !== undefined) query = query.where('admin_action.id', '=', id)
  return query.execute()
}

// --- settings ---

const SETTING_PREFIX = 'instance.'

export async function settingRows(db: Db): Promise<Map<string, string>> {
  const rows = await db
    .selectFrom('setting')
    .select(['name', 'value'])
    .where('name', 'like', `${SETTING_PREFIX}%`)
    .execute()
  return new Map(rows.map((row) => [row.name.slice(SETTING_PREFIX.length), row.value]))
}

export async function saveSetting(tx: Db, name: string, value: string): Promise<void> {
  await tx
    .insertInto('setting')
    .values({ name: SETTING_PREFIX + name, value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute()
}

export async function deleteSetting(tx: Db, name: string): Promise<void> {
  await tx
    .deleteFrom('setting')
    .where('name', '=', SETTING_PREFIX + name)
    .execute()
}

// --- people ---

export type PeopleRequest = { text?: string; role?: string; after?: string; limit: number }

/** People by name or address, in the order of their ids; one more than asked for tells that there are more. */
export function peopleRows(db: Db, { text, role, after, limit }: PeopleRequest) {
  let query = db
    .selectFrom('person')
    .select(['id', 'name', 'email', 'email_verified', 'role', 'created_at', 'blocked_at'])
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .limit(limit + 1)
  if (role) query = query.where('role', '=', role)
  if (text) {
    const pattern = `%${text.toLowerCase().replace(/[!%_]/g, '!$&')}%`
    query = query.where((eb) =>
      eb.or([
        sql<SqlBool>`lower(name) like ${pattern} escape '!'`,
        sql<SqlBool>`lower(email) like ${pattern} escape '!'`,
        eb('id', '=', text),
      ]),
    )
  }
  if (after) {
    const [createdAt = '', id = ''] = after.split('~')
    query = query.where((eb) =>
      eb.or([eb('created_at', '<', createdAt), eb.and([eb('created_at', '=', createdAt), eb('id', '>', id)])]),
    )
  }
  return query.execute()
}

export function personRow(db: Db, id: string) {
  return db
    .selectFrom('person')
    .select(['id', 'name', 'email', 'email_verified', 'role', 'created_at', 'blocked_at'])
    .where('id', '=', id)
    .executeTakeFirst()
}

/** Administrators who can sign in, for the rule that the last one stays. */
export async function countActiveAdmins(tx: Db): Promise<number> {
  const row = await tx
    .selectFrom('person')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('role', '=', 'admin')
    .where('blocked_at', 'is', null)
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

export async function updateRole(tx: Db, id: string, role: string, now: Date): Promise<void> {
  await tx.updateTable('person').set({ role, updated_at: now.toISOString() }).where('id', '=', id).execute()
}

export async function updateSuspension(tx: Db, id: string, blockedAt: string | null): Promise<void> {
  await tx.updateTable('person').set({ blocked_at: blockedAt }).where('id', '=', id).execute()
}
