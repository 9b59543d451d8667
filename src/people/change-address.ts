import { randomUUID } from 'node:crypto'
import type { Db } from '../db/index.ts'
import { LINK_MINUTES } from './auth-limits.ts'
import { insertVerification, personByEmail, savePersonEmail, takeVerification } from './queries.ts'
import { readAddress } from './read-address.ts'
import type { Mail } from './sign-in-by-link.ts'
import { newAddressMail } from './sign-in-mail.ts'
import { hashOf, newSecret } from './token-secret.ts'

type Person = { personId: string; name: string }

/**
 * A link to a new address of somebody who is signed in. Undefined when the address has an account already: the person who
 * asked sees no difference, for who has an account is nobody's business.
 */
export async function newAddressLink(
  db: Db,
  person: Person,
  wanted: { email: string; origin: string; siteName: string },
  now: Date,
): Promise<Mail | undefined> {
  const email = readAddress(wanted.email)
  if (await personByEmail(db, email)) return undefined
  const { secret } = newSecret('')
  const at = now.toISOString()
  await insertVerification(db, {
    id: randomUUID(),
    identifier: identifierOf(person, secret),
    value: email,
    expires_at: new Date(now.getTime() + LINK_MINUTES * 60_000).toISOString(),
    created_at: at,
    updated_at: at,
  })
  const link = new URL('/account/address', wanted.origin)
  link.searchParams.set('token', secret)
  return { to: email, ...newAddressMail(wanted.siteName, link.href, person.name) }
}

/** Whether the address is the person's now. The link works for whoever asked for it, signed in, and once. */
export async function confirmAddress(db: Db, person: Person, token: string, now: Date): Promise<boolean> {
  const email = await takeVerification(db, identifierOf(person, token), now.toISOString())
  return email !== undefined && (await savePersonEmail(db, person.personId, email, now.toISOString()))
}

const identifierOf = (person: Person, secret: string): string => `address ${person.personId} ${hashOf(secret)}`
