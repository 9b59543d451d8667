import assert from 'node:assert/strict'
import { test } from 'node:test'
import { onEverySite, openTestSite, type TestSite } from '../open-site.ts'
import { ada, seedPeople } from '../people.ts'
import { providerEnvironment, startProvider } from '../provider.ts'

/** A browser as far as it matters: it keeps cookies and follows us to the provider and back. */
async function goThrough(site: TestSite, path: string, as?: string, fields: Record<string, string> = {}) {
  const started = await site.send(path, fields, as)
  const toProvider = started.headers.get('location') as string
  const cookies = [...(as ? [as] : []), ...started.headers.getSetCookie().map((one) => one.split(';')[0] as string)]
  const consent = await fetch(toProvider, { redirect: 'manual' })
  const back = new URL(consent.headers.get('location') as string)
  return { toProvider: new URL(toProvider), back, cookies }
}

const finish = (site: TestSite, back: URL, cookies: string[]) =>
  site.ask(back.pathname + back.search, { as: cookies.join('; ') })
const sessionOf = (answer: Response) =>
  answer.headers
    .getSetCookie()
    .find((one) => /^paperround-session=./.test(one) && !/Max-Age=0/.test(one))
    ?.split(';')[0]
const people = (site: TestSite) => site.context.db.selectFrom('person').selectAll().orderBy('created_at').execute()

async function signInWith(site: TestSite, provider: string, back = '/papers/trending') {
  const { back: callback, cookies } = await goThrough(site, `/sign-in/with/${provider}`, undefined, { back })
  return finish(site, callback, cookies)
}

onEverySite('signing in with another site', (open) => {
  test('ORCID without an address: the account is made, survives, and is found again', async (t) => {
    const provider = await startProvider(t)
    const site = await open(t, providerEnvironment(provider))
    if (!site) return
    provider.subject = { sub: '0000-0002-1825-0097', given_name: 'Josiah', family_name: 'Carberry' }
    const first = await signInWith(site, 'orcid')
    assert.equal(first.headers.get('location'), '/papers/trending')
    const [person] = await people(site)
    assert.deepEqual([person?.name, person?.email, person?.email_verified], ['Josiah Carberry', null, 1])
    const cookie = sessionOf(first)
    assert.match(await (await site.ask('/account', { as: cookie })).text(), /Josiah Carberry/)
    assert.ok(sessionOf(await signInWith(site, 'orcid')))
    assert.equal((await people(site)).length, 1)
    const identity = await site.context.db.selectFrom('identity').selectAll().executeTakeFirstOrThrow()
    assert.deepEqual(
      [identity.provider, identity.subject, identity.access_token, identity.refresh_token, identity.id_token],
      ['orcid', '0000-0002-1825-0097', null, null, null],
      'no key to the other site is kept',
    )
    // A second way in for somebody without an address.
    provider.subject = { id: 7, login: 'josiah' }
    const linking = await goThrough(site, '/account/identities/github', cookie)
    const linked = await finish(site, linking.back, linking.cookies)
    assert.equal(linked.headers.get('location'), '/account')
    assert.equal((await site.context.db.selectFrom('identity').selectAll().execute()).length, 2)
    assert.equal((await people(site)).length, 1)
  })
})

test('GitHub: an address counts only where GitHub has checked it; a checked one finds the account that has it', async (t) => {
  const provider = await startProvider(t)
  const site = await openTestSite(t, providerEnvironment(provider))
  await seedPeople(site.context.db)
  provider.subject = { id: 42, login: 'mallory', name: 'Mallory' }
  provider.emails = [{ email: 'ada@example.org', verified: false, primary: true }]
  assert.ok(sessionOf(await signInWith(site, 'github')))
  const mallory = (await people(site)).find((one) => one.name === 'Mallory')
  assert.equal(mallory?.email, null, 'an unchecked address takes nobody’s account')
  provider.subject = { id: 43, login: 'ada', name: 'A. Byron' }
  provider.emails = [{ email: 'Ada@example.org', verified: true, primary: true }]
  assert.ok(sessionOf(await signInWith(site, 'github')))
  const identity = await site.context.db
    .selectFrom('identity')
    .selectAll()
    .where('subject', '=', '43')
    .executeTakeFirstOrThrow()
  assert.equal(identity.person_id, ada)
  assert.equal((await people(site)).length, 4)
})

/** The address with one of its parameters replaced or, without a value, left out. */
function changed(address: URL, name: string, value?: string): URL {
  const url = new URL(address)
  if (value === undefined) url.searchParams.delete(name)
  else url.searchParams.set(name, value)
  assert.notEqual(url.href, address.href)
  return url
}

test('Hugging Face: state and PKCE are sent; wrong state, another browser, no, and a used answer sign nobody in', async (t) => {
  const provider = await startProvider(t)
  const site = await openTestSite(t, providerEnvironment(provider))
  const counts = async () => (await site.context.db.selectFrom('session').selectAll().execute()).length
  provider.subject = { sub: 'hf1', name: 'Grace', email: 'grace@example.org', email_verified: true }
  const { toProvider, back, cookies } = await goThrough(site, '/sign-in/with/huggingface')
  assert.ok((toProvider.searchParams.get('state') ?? '').length >= 32)
  assert.equal(toProvider.searchParams.get('scope'), 'openid profile email')
  assert.equal(toProvider.searchParams.get('redirect_uri'), 'http://localhost:3000/sign-in/callback/huggingface')

  const problems: [string, () => Promise<Response>][] = [
    ['another browser', () => finish(site, back, [])],
    ['wrong state', () => finish(site, changed(back, 'state', 'wrong'), cookies)],
    ['no state', () => finish(site, changed(back, 'state'), cookies)],
    ['a forged cookie', () => finish(site, back, ['paperround-oauth=abcdef'])],
    ['a wrong code', () => finish(site, changed(back, 'code', 'wrong'), cookies)],
  ]
  for (const [what, attempt] of problems) {
    const answer = await attempt()
    assert.match(answer.headers.get('location') ?? '', /^\/sign-in\?error=/, what)
    assert.equal(sessionOf(answer), undefined, what)
    const page = await (await site.ask(answer.headers.get('location') as string)).text()
    assert.match(page, /role="alert"/, what)
  }
  provider.answer = 'deny'
  assert.equal((await signInWith(site, 'huggingface')).headers.get('location'), '/sign-in?error=access_denied')
  provider.answer = 'consent'
  assert.equal(await counts(), 0)

  assert.ok(sessionOf(await finish(site, back, cookies)))
  assert.equal(await counts(), 1)
  const replayed = await finish(site, back, cookies)
  assert.match(replayed.headers.get('location') ?? '', /error=/, 'the code was used up')
  assert.equal(await counts(), 1)
})

test('where accounts need an invitation or a domain, the other site opens none', async (t) => {
  const provider = await startProvider(t)
  const byDomain = { ...providerEnvironment(provider), PAPERROUND_MAIL_DOMAINS: 'lab.example.org' }
  const site = await openTestSite(t, byDomain)
  provider.subject = { sub: 'hf2', name: 'Eve', email: 'eve@evil.example', email_verified: true }
  const refused = await signInWith(site, 'huggingface')
  assert.equal(refused.headers.get('location'), '/sign-in?error=DOMAIN_NOT_ALLOWED')
  assert.match(await (await site.ask('/sign-in?error=DOMAIN_NOT_ALLOWED')).text(), /lab\.example\.org/)
  assert.equal((await people(site)).length, 0)
  provider.subject = { sub: 'hf3', name: 'Lee', email: 'lee@deep.lab.example.org', email_verified: true }
  assert.ok(sessionOf(await signInWith(site, 'huggingface')))
})

test('without keys there is no button and no way', async (t) => {
  const site = await openTestSite(t)
  assert.doesNotMatch(await (await site.ask('/sign-in')).text(), /ORCID|GitHub|Hugging Face/)
  assert.equal((await site.send('/sign-in/with/github', {})).status, 404)
  assert.equal((await site.ask('/sign-in/callback/github?code=x&state=y')).status, 404)
})
