import { endSession, sessionCookieName } from '../../people/index.ts'
import { redirect } from '../respond.tsx'
import type { Page } from '../site.ts'

/** `POST /sign-out`: ends the session everywhere at once, and takes the cookie back. */
export const signOut: Page = async (request, site) => {
  const entry = request.get('entry')
  if (entry?.by === 'session') await endSession(site.db, entry.sessionId)
  const response = redirect('/', 303)
  for (const cookie of signOutCookies()) response.headers.append('set-cookie', cookie)
  // What a browser kept of signed-in pages goes too, so that the back button shows them to nobody.
  response.headers.set('clear-site-data', '"cache"')
  return response
}

export function signOutCookies(): string[] {
  return [true, false].map((isSecure) => {
    const cookie = `${sessionCookieName(isSecure)}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax`
    return isSecure ? `${cookie}; Secure` : cookie
  })
}
