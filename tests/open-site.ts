// The whole site in this process, without a port: what tests of pages ask when they need no browser.
import { describe, type TestContext } from 'node:test'
import { type Context, openContext, openSite } from '../src/compose/index.ts'
import { readConfig } from '../src/config.ts'
import { temporaryFolder } from './databases.ts'
import { withPostgresDatabase } from './postgres.ts'
import { formTokenOf, signIn } from './sign-in.ts'

export type TestSite = {
  context: Context
  /** Asks for a path, redirects not followed. `as` is what `signIn` gave. */
  ask(path: string, options?: { as?: string | undefined } & RequestInit): Promise<Response>
  /** Sends a form as the pages do: from this site, with the form token when somebody is signed in. */
  send(path: string, fields: Record<string, string>, as?: string, headers?: Record<string, string>): Promise<Response>
  /** Opens a session for a person; the answer is for `as`. */
  signIn(personId: string): Promise<string>
}
export type OpenTestSite = (t: TestContext, environment?: Record<string, string>) => Promise<TestSite | undefined>

/** The same suite against the site on SQLite and on PostgreSQL. */
export function onEverySite(title: string, suite: (open: OpenTestSite) => void): void {
  describe(`${title}, on SQLite`, () => suite((t, environment) => openTestSite(t, environment)))
  describe(`${title}, on PostgreSQL`, () =>
    suite(async (t, environment) => {
      const url = await withPostgresDatabase(t)
      return url ? openTestSite(t, { ...environment, DATABASE_URL: url }) : undefined
    }))
}

const ORIGIN = 'http://localhost:3000'

export async function openTestSite(t: TestContext, environment: Record<string, string> = {}): Promise<TestSite> {
  const config = readConfig({
    PAPERROUND_DATA: temporaryFolder(t),
    PAPERROUND_STARTER: 'false',
    PAPERROUND_GATHER: 'false',
    PAPERROUND_LOG: 'error',
    ...environment,
  })
  const context = await openContext(config, { command: 'test' })
  const site = openSite(context)
  t.after(async () => {
    await site[Symbol.asyncDispose]()
    await context[Symbol.asyncDispose]()
  })
  const ask: TestSite['ask'] = async (path, { as, ...init } = {}) => {
    const headers = new Headers(init.headers)
    if (as) headers.set('cookie', as)
    return site.fetch(new Request(new URL(path, ORIGIN), { redirect: 'manual', ...init, headers }))
  }
  return {
    context,
    ask,
    async send(path, fields, as, headers = {}) {
      const csrf = as ? await formTokenOf(context.db, context.secret, as) : undefined
      return ask(path, {
        as,
        method: 'POST',
        body: new URLSearchParams({ ...fields, ...(csrf ? { csrf } : {}) }),
        headers: { origin: ORIGIN, 'sec-fetch-site': 'same-origin', ...headers },
      })
    },
    signIn: (personId) => signIn(context.db, context.secret, personId),
  }
}
