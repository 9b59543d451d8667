import { randomUUID } from 'node:crypto'
import type { Db } from '../db/index.ts'
import { AppError } from '../errors.ts'
import { insertToken, tokensOf } from './queries.ts'
import { newSecret } from './token-secret.ts'
import type { Viewer } from './viewer.ts'

export const scopes = ['read', 'write', 'admin'] as const
export type Scope = (typeof scopes)[number]

/** How long a token may live, in days. There is none for ever: a forgotten one ends by itself. */
export const tokenDays = [7, 30, 90, 365] as const
/** More than anybody keeps track of. */
const MAX_TOKENS = 50
const MAX_NAME_CHARACTERS = 60

/**
 * Makes a token and returns it, this once. A scope includes those before it: who may write may read. Throws
 * `bad_request` for an empty wish, `not_allowed` for the scope `admin` to anybody but an administrator.
 */
export async function createAccessToken(
  db: Db,
  person: Pick<Viewer, 'personId' | 'role'>,
  wanted: { name: string; scope: string; days: number },
  now: Date,
): Promise<string> {
  const name = wanted.name.trim().slice(0, MAX_NAME_CHARACTERS)
  const level = scopes.indexOf(wanted.scope as Scope)
  const days = tokenDays.find((one) => one === wanted.days)
  if (!name || level < 0 || !days)
    throw new AppError(
      'bad_request',
      'A token needs a name, a scope (read, write or admin) and a lifetime from the list.',
    )
  if (wanted.scope === 'admin' && person.role !== 'admin')
    throw new AppError('not_allowed', 'Only administrators can make tokens with the scope "admin".')
  if ((await tokensOf(db, person.personId)).length >= MAX_TOKENS)
    throw new AppError('bad_request', `You have ${MAX_TOKENS} tokens. Revoke one that you no longer need first.`)
  const { secret, prefix, hash } = newSecret()
  await insertToken(db, {
    id: randomUUID(),
    person_id: person.personId,
    name,
    prefix,
    hash,
    scopes: scopes.slice(0, level + 1).join(' '),
    created_at: now.toISOString(),
    expires_at: new Date(now.getTime() + days * 86_400_000).toISOString(),
  })
  return secret
}
