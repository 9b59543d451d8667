// Another site that people have an account at: an OAuth provider on a port of this process, which checks what it is sent.
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'

/** Who the provider says somebody is, in the shape of each of the three sites. */
export type Subject = Record<string, unknown>
export type FakeProvider = {
  url: string
  /** Whoever signs in there next. */
  subject: Subject
  /** GitHub's list of addresses. */
  emails: { email: string; verified: boolean; primary: boolean }[]
  /** What the person does on the provider's page. */
  answer: 'consent' | 'deny'
  exchanges: number
}

export const CLIENT_ID = 'paperround-at-provider'
export const CLIENT_SECRET = 'a secret of the provider'

type Grant = { challenge: string; redirectUri: string }

/** Answers under the paths of ORCID, Hugging Face and GitHub alike. A code works once, for its verifier and address. */
export async function startProvider(t: Pick<TestContext, 'after'>): Promise<FakeProvider> {
  const grants = new Map<string, Grant>()
  const tokens = new Set<string>()
  const provider: FakeProvider = { url: '', subject: {}, emails: [], answer: 'consent', exchanges: 0 }
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', provider.url)
    const json = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(JSON.stringify(body))
    }
    const isSignedIn = tokens.has(request.headers.authorization?.replace(/^Bearer /, '') ?? '')
    if (/\/oauth\/authorize$/.test(url.pathname)) {
      const asked = url.searchParams
      assert.equal(asked.get('client_id'), CLIENT_ID)
      assert.equal(asked.get('response_type'), 'code')
      assert.equal(asked.get('code_challenge_method'), 'S256')
      const back = new URL(asked.get('redirect_uri') as string)
      back.searchParams.set('state', asked.get('state') as string)
      if (provider.answer === 'deny') back.searchParams.set('error', 'access_denied')
      else {
        const code = randomBytes(8).toString('hex')
        grants.set(code, {
          challenge: asked.get('code_challenge') as string,
          redirectUri: asked.get('redirect_uri') as string,
        })
        back.searchParams.set('code', code)
      }
      response.writeHead(302, { location: back.href }).end()
    } else if (/\/oauth\/(token|access_token)$/.test(url.pathname)) {
      const form = new URLSearchParams(await bodyOf(request))
      const grant = grants.get(form.get('code') ?? '')
      grants.delete(form.get('code') ?? '')
      provider.exchanges++
      const challenge = createHash('sha256')
        .update(form.get('code_verifier') ?? '')
        .digest('base64url')
      const isOurs = form.get('client_id') === CLIENT_ID && form.get('client_secret') === CLIENT_SECRET
      if (!grant || !isOurs || grant.challenge !== challenge || grant.redirectUri !== form.get('redirect_uri'))
        return json(400, { error: 'invalid_grant' })
      const access_token = randomBytes(16).toString('hex')
      tokens.add(access_token)
      json(200, { access_token, token_type: 'bearer', expires_in: 3600 })
    } else if (!isSignedIn) json(401, { error: 'invalid_token' })
    else if (/\/(oauth\/userinfo|api\/v3\/user)$/.test(url.pathname)) json(200, provider.subject)
    else if (url.pathname.endsWith('/api/v3/user/emails')) json(200, provider.emails)
    else json(404, {})
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  provider.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return provider
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) text += chunk
  return text
}

/** The environment of a site where all three sites are this provider. */
export function providerEnvironment({ url }: FakeProvider): Record<string, string> {
  return Object.fromEntries(
    ['ORCID', 'GITHUB', 'HUGGINGFACE'].flatMap((name) => [
      [`PAPERROUND_${name}_ID`, CLIENT_ID],
      [`PAPERROUND_${name}_SECRET`, CLIENT_SECRET],
      [`PAPERROUND_${name}_URL`, url],
    ]),
  )
}
