import { type Arriving, arriving, type Visit } from './arriving.ts'
import type { Auth } from './auth.ts'

/** What came of a step of signing in: cookies for the browser, and either a way on or a problem, as a code. */
export type Step = { cookies: string[]; problem?: string; location?: string; body: Record<string, unknown> }

/** Calls better-auth for a visit. Its refusals come as redirects with `?error=` or as JSON with a code: here as one thing. */
export async function callAuth(person: Arriving, call: (headers: Headers) => Promise<Response>): Promise<Step> {
  const answer = await arriving.run(person, () => call(headersOf(person.visit)))
  const cookies = answer.headers.getSetCookie()
  const location = answer.headers.get('location') ?? undefined
  const text = location ? '' : await answer.text()
  const body = (text ? JSON.parse(text) : {}) as Record<string, unknown>
  const problem = location
    ? (new URL(location, person.visit.origin).searchParams.get('error') ?? undefined)
    : answer.ok
      ? undefined
      : String(body.code ?? answer.status)
  return { cookies, body, ...(location ? { location } : {}), ...(problem ? { problem } : {}) }
}

function headersOf({ origin, cookie, userAgent }: Visit): Headers {
  const headers = new Headers({ origin })
  if (cookie) headers.set('cookie', cookie)
  if (userAgent) headers.set('user-agent', userAgent)
  return headers
}

/** One instance for each address the site is reached at: cookies and passkeys depend on it. Made when first needed. */
export type AuthFor = (origin: string) => Promise<Auth>
