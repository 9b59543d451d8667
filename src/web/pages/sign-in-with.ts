import { AppError } from '../../errors.ts'
import type { ProviderName } from '../../people/index.ts'
import { backPath } from '../back-path.ts'
import { finishSignIn } from '../finish-sign-in.ts'
import { readForm, textField } from '../read-form.ts'
import { redirect } from '../respond.tsx'
import type { Page, Request, Site } from '../site.ts'
import { inviteIn, visitOf, withCookies } from '../visit.ts'

/** `POST /sign-in/with/PROVIDER`: off to the other site. */
export const signInWith: Page = (request, site) => goToProvider(request, site, false)

/** `POST /account/identities/PROVIDER`: the same, to add that identity to the account. */
export const addIdentity: Page = (request, site) => goToProvider(request, site, true)

async function goToProvider(request: Request, site: Site, link: boolean): Promise<Response> {
  const provider = providerOf(request, site)
  const back = link ? '/account' : backPath(textField(await readForm(request), 'back'))
  const step = await site.accounts.startAtProvider(visitOf(request, site), { provider, back, link })
  if (typeof step.body.url !== 'string')
    return finishSignIn(request, site, { ...step, problem: step.problem ?? '' }, '/')
  // The one place where a redirect leaves this site: to the address of the provider in the configuration.
  return withCookies(new Response(null, { status: 303, headers: { location: step.body.url } }), step.cookies)
}

/**
 * `GET /sign-in/callback/PROVIDER`: the browser brings back what the other site says. The only GET that may sign somebody
 * in, since the protocol brings the answer so; without the encrypted cookie of the browser that began, it does nothing.
 */
export const providerCallback: Page = async (request, site) => {
  const provider = providerOf(request, site)
  const given = { provider, query: request.req.query(), inviteSecret: inviteIn(request) }
  const step = await site.accounts.finishAtProvider(visitOf(request, site), given, site.clock())
  const isLink = step.location?.startsWith('/account')
  if (isLink)
    return withCookies(
      redirect(step.problem ? `/account?error=${encodeURIComponent(step.problem)}` : '/account', 303),
      step.cookies,
    )
  return finishSignIn(request, site, step, backPath(step.location))
}

function providerOf(request: Request, site: Site): ProviderName {
  const name = request.req.param('provider')
  const provider = site.accounts.providers.find((one) => one.name === name)
  if (!provider) throw new AppError('not_found', 'Signing in with that site is not set up here.')
  return provider.name
}
