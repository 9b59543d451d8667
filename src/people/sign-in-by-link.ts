import type { Db } from '../db/index.ts'
import type { Arriving, Visit } from './arriving.ts'
import { type AuthFor, callAuth, type Step } from './call-auth.ts'
import { type InviteRow, inviteFor, takeInvite } from './invites.ts'
import { type JoinRules, joinProblem } from './join-rules.ts'
import { claimInvite, deletePerson, personByEmail, verificationOf } from './queries.ts'
import { readAddress } from './read-address.ts'
import { signInMail } from './sign-in-mail.ts'
import { hashOf } from './token-secret.ts'

export type LinkOptions = { db: Db; authFor: AuthFor; rules: JoinRules; siteName: () => Promise<string> }
export type Mail = { to: string; subject: string; text: string }

/**
 * Makes a sign-in link for an address and gives the mail that carries it. Undefined when this address may not come in
 * (no account and none to be had, or shut out): whoever asked must not be told, or anybody could try out addresses.
 */
export async function linkMail(
  { db, authFor, rules, siteName }: LinkOptions,
  visit: Visit,
  wanted: { email: string; back: string; inviteSecret?: string | undefined },
  now: Date,
): Promise<Mail | undefined> {
  const email = readAddress(wanted.email)
  const known = await personByEmail(db, email)
  if (known?.blocked_at) return undefined
  if (!known) {
    const invite = await inviteFor(db, { secret: wanted.inviteSecret, email }, now)
    if (joinProblem(rules, { email, isInvited: invite !== undefined })) return undefined
    if (invite) await claimInvite(db, invite.id, email)
  }
  const person: Arriving = { visit, join: () => undefined }
  const auth = await authFor(visit.origin)
  await callAuth(person, (headers) => auth.api.signInMagicLink({ body: { email }, headers, asResponse: true }))
  if (!person.linkToken) throw new Error('no sign-in link was made')
  const link = new URL('/sign-in/link', visit.origin)
  link.searchParams.set('token', person.linkToken)
  if (wanted.back !== '/') link.searchParams.set('back', wanted.back)
  return { to: email, ...signInMail(await siteName(), link.href) }
}

/** Whom a link is for, without using it up: mail scanners open links too. Undefined when it is used, over, or made up. */
export async function linkOwner(
  db: Db,
  token: string,
  now: Date,
): Promise<{ email: string; isNew: boolean } | undefined> {
  const row = await verificationOf(db, hashOf(token))
  if (!row || row.expires_at <= now.toISOString()) return undefined
  const { email } = JSON.parse(row.value) as { email: string }
  return { email, isNew: (await personByEmail(db, email)) === undefined }
}

/** Uses the link up and signs its owner in, making the account when there is none. */
export async function signInByLink(
  { db, authFor, rules }: LinkOptions,
  visit: Visit,
  given: { token: string; name?: string | undefined; inviteSecret?: string | undefined },
  now: Date,
): Promise<Step> {
  const owner = await linkOwner(db, given.token, now)
  if (!owner) return { cookies: [], body: {}, problem: 'INVALID_TOKEN' }
  const invite = await inviteFor(db, { secret: given.inviteSecret, email: owner.email }, now)
  const person: Arriving = { visit, name: given.name, join: joinRule(rules, invite) }
  const auth = await authFor(visit.origin)
  const step = await callAuth(person, (headers) =>
    auth.api.magicLinkVerify({ query: { token: given.token }, headers, asResponse: true }),
  )
  return settleInvite(db, person, invite, step, now)
}

export const joinRule = (rules: JoinRules, invite: InviteRow | undefined): Arriving['join'] => {
  return ({ email }) => joinProblem(rules, { email, isInvited: invite !== undefined })
}

/** A new account uses its invitation up. Two at once with the same one: the second account goes again. */
export async function settleInvite(
  db: Db,
  person: Arriving,
  invite: InviteRow | undefined,
  step: Step,
  now: Date,
): Promise<Step> {
  if (!invite || !person.createdPersonId) return step
  if (await takeInvite(db, invite, person.createdPersonId, now)) return step
  await deletePerson(db, person.createdPersonId)
  return { cookies: [], body: {}, problem: 'INVITATION_NEEDED' }
}
