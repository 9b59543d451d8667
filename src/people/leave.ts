import { type Db, inTransaction, lockForWriting } from '../db/index.ts'
import { AppError } from '../errors.ts'
import { countActiveAdmins } from './admin-queries.ts'
import { deletePerson, personById, stripPerson } from './queries.ts'

/** What becomes of the votes of somebody who leaves: they count on, nameless, or go. */
export type VotesOfLeaver = 'keep' | 'remove'

/**
 * What another room does when somebody leaves: lets go of what it keeps of them, in our transaction. The email is there
 * because some things are known by it alone.
 */
export type OnLeaving = (
  tx: Db,
  person: { personId: string; email: string | null },
  votes: VotesOfLeaver,
) => Promise<void>

/** Ends an account. Throws `not_allowed` when it is the last administrator's: nobody could run the site. */
export function leave(
  db: Db,
  personId: string,
  votes: VotesOfLeaver,
  onLeaving: readonly OnLeaving[],
  now: Date,
): Promise<void> {
  return inTransaction(db, async (tx) => {
    // Two administrators who leave at once must not both succeed.
    await lockForWriting(tx, 'roles')
    const person = await personById(tx, personId)
    if (!person) throw new AppError('person_not_found', 'There is no such account.')
    if (person.role === 'admin' && (await countActiveAdmins(tx)) <= 1)
      throw new AppError(
        'not_allowed',
        'You are the only administrator: make somebody else one first, or nobody could run this site.',
      )
    for (const letGo of onLeaving) await letGo(tx, { personId, email: person.email }, votes)
    if (votes === 'keep') await stripPerson(tx, personId, now.toISOString())
    else await deletePerson(tx, personId)
  })
}
