import type { Db } from '../db/index.ts'
import type { Arriving, Visit } from './arriving.ts'
import { type AuthFor, callAuth, type Step } from './call-auth.ts'
import { inviteFor } from './invites.ts'
import type { JoinRules } from './join-rules.ts'
import type { ProviderName } from './providers.ts'
import { joinRule, settleInvite } from './sign-in-by-link.ts'

type Options = { db: Db; authFor: AuthFor; rules: JoinRules }

/** Longer than any honest provider needs to exchange a code and say who it is. */
const EXCHANGE_PATIENCE_MS = 20_000

/** Where to send the browser: the provider's own page. `link` adds the identity to the account of the session. */
export async function startAtProvider(
  { authFor }: Options,
  visit: Visit,
  { provider, back, link }: { provider: ProviderName; back: string; link: boolean },
): Promise<Step> {
  const auth = await authFor(visit.origin)
  const body = { provider, callbackURL: back, errorCallbackURL: link ? '/account' : '/sign-in', disableRedirect: true }
  return callAuth({ visit, join: () => undefined }, (headers) =>
    link
      ? auth.api.linkSocialAccount({ body, headers, asResponse: true })
      : auth.api.signInSocial({ body, headers, asResponse: true }),
  )
}

/**
 * The answer of the provider, brought by the browser: state and verifier come from the encrypted cookie that the start
 * left there, so only the browser that began can finish.
 */
export async function finishAtProvider(
  { db, authFor, rules }: Options,
  visit: Visit,
  given: { provider: ProviderName; query: Record<string, string>; inviteSecret?: string | undefined },
  now: Date,
): Promise<Step> {
  const invite = await inviteFor(db, { secret: given.inviteSecret }, now)
  const person: Arriving = { visit, join: joinRule(rules, invite) }
  const auth = await authFor(visit.origin)
  const step = await patiently(
    callAuth(person, (headers) =>
      auth.api.callbackOAuth({
        method: 'GET',
        params: { id: given.provider },
        query: given.query,
        headers,
        asResponse: true,
      }),
    ),
  )
  return settleInvite(db, person, invite, step, now)
}

async function patiently(work: Promise<Step>): Promise<Step> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<Step>((resolve) => {
    timer = setTimeout(() => resolve({ cookies: [], body: {}, problem: 'provider_too_slow' }), EXCHANGE_PATIENCE_MS)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}
