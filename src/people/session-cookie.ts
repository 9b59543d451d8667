import { createHmac, timingSafeEqual } from 'node:crypto'

/** One key for each purpose, so that what is signed for one never passes for another. */
export function keyFor(secret: string, purpose: string): string {
  return createHmac('sha256', secret).update(purpose).digest('base64url')
}

/** The prefix makes browsers refuse such a cookie from anybody but this host over https: nobody can plant a session. */
export const sessionCookieName = (isSecure: boolean): string => `${isSecure ? '__Host-' : ''}paperround-session`

/** The value of a session cookie as better-auth writes it: the token and its signature. */
export function sessionCookieValue(token: string, key: string): string {
  return encodeURIComponent(`${token}.${signature(token, key)}`)
}

/** The session token in a `Cookie` header, if there is one and we signed it. */
export function sessionTokenIn(cookie: string | undefined, isSecure: boolean, key: string): string | undefined {
  const value = cookie && cookieNamed(cookie, sessionCookieName(isSecure))
  if (!value) return undefined
  const dot = value.lastIndexOf('.')
  const token = value.slice(0, dot)
  const given = Buffer.from(value.slice(dot + 1))
  const expected = Buffer.from(signature(token, key))
  return dot > 0 && given.length === expected.length && timingSafeEqual(given, expected) ? token : undefined
}

function signature(token: string, key: string): string {
  return createHmac('sha256', key).update(token).digest('base64')
}

function cookieNamed(header: string, name: string): string | undefined {
  for (const part of header.split(';')) {
    const [key, value] = part.trim().split('=', 2) as [string, string | undefined]
    if (key !== name || value === undefined) continue
    try {
      return decodeURIComponent(value)
    } catch {
      return undefined // not written by us
    }
  }
  return undefined
}
