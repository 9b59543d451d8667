import { type Db, inTransaction, lockForWriting } from '../db/index.ts'
import { AppError } from '../errors.ts'
import { recordAdminAction } from './admin-action.ts'
import { countActiveAdmins, personRow, updateRole, updateSuspension } from './admin-queries.ts'
import { type Role, roles } from './viewer.ts'

export type PersonChange = { actorId: string; at: Date; reason?: string; undoes?: number }

/**
 * Gives somebody a role. The last administrator keeps theirs (`conflict`): somebody else must become one first. Logged;
 * a role that the person has already changes nothing.
 */
export function changeRole(db: Db, personId: string, role: Role, change: PersonChange): Promise<void> {
  if (!roles.includes(role))
    throw new AppError('bad_request', `There is no role "${String(role).slice(0, 20)}"; expected ${roles.join(', ')}.`)
  return changePerson(db, personId, async (tx, person) => {
    if (person.role === role) return
    if (person.role === 'admin' && person.blocked_at === null) await refuseLastAdmin(tx, person.name)
    await updateRole(tx, personId, role, change.at)
    await recordAdminAction(tx, {
      ...change,
      kind: 'role.change',
      subject: `person:${personId}`,
      before: person.role,
      after: role,
    })
  })
}

/** Locks somebody out, or lets them in again. What they voted and submitted stays. */
export function suspendPerson(
  db: Db,
  personId: string,
  wanted: 'suspended' | 'restored',
  change: PersonChange,
): Promise<void> {
  return changePerson(db, personId, async (tx, person) => {
    const isSuspended = person.blocked_at !== null
    if (isSuspended === (wanted === 'suspended')) return
    if (!isSuspended && person.role === 'admin') await refuseLastAdmin(tx, person.name)
    await updateSuspension(tx, personId, wanted === 'suspended' ? change.at.toISOString() : null)
    await recordAdminAction(tx, {
      ...change,
      kind: wanted === 'suspended' ? 'person.suspend' : 'person.restore',
      subject: `person:${personId}`,
      before: isSuspended ? 'suspended' : 'active',
      after: wanted === 'suspended' ? 'suspended' : 'active',
    })
  })
}

type Person = NonNullable<Awaited<ReturnType<typeof personRow>>>

function changePerson(db: Db, personId: string, work: (tx: Db, person: Person) => Promise<void>): Promise<void> {
  return inTransaction(db, async (tx) => {
    // Two administrators who demote each other at once must not both succeed.
    await lockForWriting(tx, 'roles')
    const person = await personRow(tx, personId)
    if (!person) throw new AppError('person_not_found', 'This person is not here any more.')
    await work(tx, person)
  })
}

async function refuseLastAdmin(tx: Db, name: string): Promise<void> {
  if ((await countActiveAdmins(tx)) > 1) return
  throw new AppError(
    'conflict',
    `${name} is the only administrator. Make somebody else one first, or nobody could run this site.`,
  )
}
