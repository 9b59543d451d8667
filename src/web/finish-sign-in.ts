import { endSession, type Step } from '../people/index.ts'
import { redirect } from './respond.tsx'
import type { Request, Site } from './site.ts'
import { inviteCookie, visitOf, withCookies } from './visit.ts'

/**
 * The end of every way in. Success is a session with a new token (the one before, if any, ends: nobody keeps a session
 * that somebody else may have planted) and the way back; a problem leads to the sign-in page, in words.
 */
export async function finishSignIn(request: Request, site: Site, step: Step, back: `/${string}`): Promise<Response> {
  if (step.problem)
    return withCookies(redirect(`/sign-in?error=${encodeURIComponent(step.problem)}`, 303), step.cookies)
  const before = request.get('entry')
  if (before?.by === 'session') await endSession(site.db, before.sessionId)
  const isSecure = visitOf(request, site).origin.startsWith('https:')
  return withCookies(redirect(back, 303), [...step.cookies, inviteCookie('', isSecure)])
}
