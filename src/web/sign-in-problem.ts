import type { Site } from './site.ts'

/** Codes of better-auth and of our rules, in words. What is not here is told in general: codes help nobody. */
const problems: Record<string, string> = {
  INVALID_TOKEN: 'This link was used already, or is too old. Ask for a new one.',
  INVITATION_NEEDED: 'There is no account for you here yet, and new ones need an invitation of an administrator.',
  DOMAIN_NOT_ALLOWED: 'There is no account for you here yet, and new ones need an address of this community.',
  SHUT_OUT: 'This account was locked by an administrator.',
  access_denied: 'You said no there, so nothing happened. Choose another way, or try again.',
  state_mismatch: 'That took too long, or began in another browser. Try again here.',
  state_not_found: 'That took too long, or began in another browser. Try again here.',
  state_invalid: 'That took too long, or began in another browser. Try again here.',
  please_restart_the_process: 'That took too long, or began in another browser. Try again here.',
  invalid_code: 'The other site did not confirm who you are. Try again.',
  unable_to_get_user_info: 'The other site did not say who you are. Try again.',
  provider_too_slow: 'The other site did not answer in time. Try again later, or choose another way.',
  account_not_linked:
    'There is an account with this address already. Sign in to it by mail, then add this way of signing in on your account page.',
  account_already_linked_to_different_user: 'Somebody else’s account here uses that identity already.',
  USER_NOT_VERIFIED: 'The device did not check that it is you: unlock it by finger, face or code when it asks.',
  PASSKEY_NOT_FOUND: 'This passkey is not known here. Sign in another way and add it on your account page.',
  CHALLENGE_NOT_FOUND: 'That took too long. Try again.',
  SESSION_NOT_FRESH: 'For this, sign in again first: your last sign-in is more than a day ago.',
}

export function signInProblem(code: string | undefined, site: Site): string | undefined {
  if (!code) return undefined
  const { domains } = site.accounts.rules
  if (code === 'DOMAIN_NOT_ALLOWED' && domains.length > 0)
    return `There is no account for you here yet, and new ones need an address of ${domains.join(', ')}.`
  return problems[code] ?? 'Signing in did not work. Try again, or choose another way.'
}
