import { type Db, inTransaction } from '../db/index.ts'
import { AppError } from '../errors.ts'
import { countActiveAdmins } from './admin-queries.ts'
import { type Arriving, arriving, type Visit } from './arriving.ts'
import { MAX_NAME_CHARACTERS } from './auth-limits.ts'
import type { AuthFor } from './call-auth.ts'
import { inviteFor, takeInvite } from './invites.ts'
import { personByEmail } from './queries.ts'
import { readAddress } from './read-address.ts'

/**
 * Makes the first administrator with the secret from the server's log. Whoever reads that log runs the machine, so the
 * address they give needs no proof. Returns the token of a new session; throws when the link is used or wrong.
 */
export async function becomeFirstAdministrator(
  db: Db,
  authFor: AuthFor,
  visit: Visit,
  given: { secret: string; name: string; email: string },
  now: Date,
): Promise<string> {
  const email = readAddress(given.email)
  const name = given.name.trim().slice(0, MAX_NAME_CHARACTERS)
  if (!name) throw new AppError('bad_request', 'Give the name that others will see.')
  const invite = await inviteFor(db, { secret: given.secret }, now)
  if (!invite || invite.invited_by !== null || (await countActiveAdmins(db)) > 0)
    throw new AppError(
      'not_found',
      'This link was used, or a newer one was printed. The newest one stands where the program was started, until there is an administrator.',
    )
  const person: Arriving = { visit, name, join: () => undefined }
  const { internalAdapter } = await (await authFor(visit.origin)).$context
  return arriving.run(person, async () => {
    const known = await personByEmail(db, email)
    const source = { method: 'first-administrator' } as never
    const personId = known?.id ?? (await internalAdapter.createUser({ email, emailVerified: true, name }, source)).id
    if (!(await inTransaction(db, (tx) => takeInvite(tx, invite, personId, now))))
      throw new AppError('not_found', 'Somebody else used this link at the same moment.')
    return (await internalAdapter.createSession(personId)).token
  })
}
