import { getCookie } from 'hono/cookie'
import { AppError } from '../errors.ts'
import type { Visit } from '../people/index.ts'
import { absoluteUrl } from './absolute-url.ts'
import { clientAddress, isLoopback } from './client-address.ts'
import type { Request, Site } from './site.ts'

/**
 * What signing in needs to know of a request. Its origin ends up in mailed links and in passkeys, so it is never taken
 * from the `Host` header, which whoever asks can write: it is the configured address, or this very machine's.
 */
export function visitOf(request: Request, site: Site): Visit {
  const origin = new URL(absoluteUrl(site, request, '/')).origin
  const { hostname, host } = new URL(origin)
  if (!site.config.baseUrl && hostname !== 'localhost' && !isLoopback(hostname.replace(/^\[|\]$/g, '')))
    throw new AppError(
      'unavailable',
      `Nobody can sign in at ${host} yet, because this site does not know its own address. Its administrator sets PAPERROUND_BASE_URL=${origin} and starts it again.`,
    )
  return {
    origin,
    cookie: request.req.header('cookie'),
    userAgent: request.req.header('user-agent'),
    address: clientAddress(request, site.config.trustProxy),
  }
}

const INVITE_COOKIE = 'paperround-invite'
const INVITE_COOKIE_SECONDS = 3_600

/** The invitation that was accepted in this browser, until it is used for an account. */
export const inviteIn = (request: Request): string | undefined => getCookie(request, INVITE_COOKIE)

export function inviteCookie(secret: string, isSecure: boolean): string {
  const age = secret ? INVITE_COOKIE_SECONDS : 0
  return `${INVITE_COOKIE}=${secret}; Path=/; Max-Age=${age}; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`
}

/** Hands the cookies of a step of signing in to the browser. */
export function withCookies(response: Response, cookies: readonly string[]): Response {
  for (const cookie of cookies) response.headers.append('set-cookie', cookie)
  response.headers.set('cache-control', 'no-store')
  return response
}
