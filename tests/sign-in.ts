// Signs people of the tests in as the site itself would: a row of `session`, and the cookie that goes with it.
import { randomBytes } from 'node:crypto'
import type { BrowserContext } from 'playwright-core'
import type { Db } from '../src/db/index.ts'
import { findEntry } from '../src/people/find-entry.ts'
import { formToken } from '../src/people/form-token.ts'
import { keyFor, sessionCookieName, sessionCookieValue } from '../src/people/index.ts'

const DAY_MS = 86_400_000

/** Opens a session for a person; the text is a whole `Cookie` header. `secret` is the instance's (`context.secret`). */
export async function signIn(db: Db, secret: string, personId: string, now = new Date()): Promise<string> {
  const token = randomBytes(24).toString('base64url')
  await db
    .insertInto('session')
    .values({
      id: randomBytes(12).toString('base64url'),
      token,
      person_id: personId,
      expires_at: new Date(now.getTime() + DAY_MS).toISOString(),
      network: '127.0.0.0/24',
      browser: 'a test',
      created_at: now.toISOString(),
      updated_at: now.toISOString(),
    })
    .execute()
  return `${sessionCookieName(false)}=${sessionCookieValue(token, keyFor(secret, 'sessions'))}`
}

/** What the hidden field `csrf` of a form holds for the session of this cookie; undefined once the session has ended. */
export async function formTokenOf(db: Db, secret: string, cookie: string): Promise<string | undefined> {
  const entry = await findEntry(db, keyFor(secret, 'sessions'), { cookie, isSecure: false }, new Date())
  const isSession = typeof entry === 'object' && entry.by === 'session'
  return isSession ? formToken(keyFor(secret, 'forms'), entry.sessionId) : undefined
}

/** The same for a browser: `await signInBrowser(page.context(), site.url, cookie)`. */
export async function signInBrowser(context: BrowserContext, url: string, cookie: string): Promise<void> {
  const [name, value] = cookie.split(/=(.*)/s) as [string, string]
  await context.addCookies([{ name, value, url, httpOnly: true, sameSite: 'Lax' }])
}
