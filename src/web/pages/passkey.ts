import { AppError } from '../../errors.ts'
import type { Step } from '../../people/index.ts'
import { finishSignIn } from '../finish-sign-in.ts'
import { checkFresh } from '../fresh.ts'
import { signInProblem } from '../sign-in-problem.ts'
import type { Page, Request, Site } from '../site.ts'
import { visitOf, withCookies } from '../visit.ts'

// The ceremonies of passkeys are conversations between the island `passkey.ts` and these addresses, in JSON.

/** `POST /sign-in/passkey/options` */
export const passkeySignInOptions: Page = async (request, site) =>
  answer(site, await site.accounts.passkeys.beginSignIn(visitOf(request, site)))

/** `POST /sign-in/passkey` */
export const passkeySignIn: Page = async (request, site) => {
  const { response } = await readJson(request)
  const step = await site.accounts.passkeys.finishSignIn(visitOf(request, site), response)
  if (step.problem) return answer(site, step)
  const finished = await finishSignIn(request, site, step, '/')
  return withCookies(Response.json({}), finished.headers.getSetCookie())
}

/** `POST /account/passkeys/options` */
export const passkeyOptions: Page = async (request, site) => {
  checkFresh(request, site)
  const name = request.get('viewer')?.name ?? ''
  return answer(site, await site.accounts.passkeys.beginRegistration(visitOf(request, site), name))
}

/** `POST /account/passkeys` */
export const addPasskey: Page = async (request, site) => {
  checkFresh(request, site)
  const { response, name } = await readJson(request)
  const step = await site.accounts.passkeys.finishRegistration(visitOf(request, site), response, name)
  return step.problem ? answer(site, step) : withCookies(Response.json({}), step.cookies)
}

function answer(site: Site, step: Step): Response {
  if (!step.problem) return withCookies(Response.json(step.body), step.cookies)
  return withCookies(Response.json({ message: signInProblem(step.problem, site) }, { status: 400 }), step.cookies)
}

const MAX_PASSKEY_NAME_CHARACTERS = 60

async function readJson(request: Request): Promise<{ response: Record<string, unknown>; name: string }> {
  try {
    const { response, name } = (await request.req.json()) as { response?: unknown; name?: unknown }
    if (typeof response !== 'object' || response === null) throw new Error('no response in it')
    const shown = typeof name === 'string' ? name.trim().slice(0, MAX_PASSKEY_NAME_CHARACTERS) : ''
    return { response: response as Record<string, unknown>, name: shown || 'Passkey' }
  } catch (cause) {
    if (cause instanceof AppError) throw cause
    throw new AppError('bad_request', 'Expected the answer of an authenticator, as JSON.', { cause })
  }
}
