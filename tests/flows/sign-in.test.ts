import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createInvite } from '../../src/people/index.ts'
import { startMailServer } from '../mail-server.ts'
import { onEverySite, openTestSite, type TestSite } from '../open-site.ts'
import { ada, seedPeople } from '../people.ts'
import { until } from '../processes.ts'

const mailed = (port: number, more: Record<string, string> = {}) => ({
  SMTP_URL: `smtp://127.0.0.1:${port}?tls=none&rate=0`,
  PAPERROUND_MAIL_FROM: 'papers@example.org',
  PAPERROUND_BASE_URL: 'http://localhost:3000',
  ...more,
})
const cookieOf = (answer: Response): string | undefined =>
  answer.headers
    .getSetCookie()
    .find((cookie) => cookie.startsWith('paperround-session=') && !/Max-Age=0/.test(cookie))
    ?.split(';')[0]

/** Asks for a link and reads it out of the mail that arrives. */
async function linkFor(site: TestSite, server: Awaited<ReturnType<typeof startMailServer>>, email: string) {
  const before = server.delivered.length
  const answer = await site.send('/sign-in/mail', { email, back: '/papers/trending' })
  assert.equal(answer.headers.get('location'), '/sign-in/sent')
  await until(() => server.delivered.length > before)
  const mail = (await server.mailTo(email)).at(-1)
  const link = /http:\S+/.exec(mail?.text ?? '')?.[0]
  assert.ok(link, `a link is in the mail to ${email}`)
  return new URL(link)
}

onEverySite('signing in by mail', (open) => {
  test('a link makes an account by POST alone, works once, and leads back', async (t) => {
    const server = await startMailServer(t)
    const site = await open(t, mailed(server.port))
    if (!site) return
    const { db } = site.context
    const link = await linkFor(site, server, 'grace@example.org')
    const path = link.pathname + link.search
    for (const method of ['GET', 'HEAD', 'GET']) {
      const page = await site.ask(path, { method })
      assert.equal(page.status, 200)
      assert.equal(cookieOf(page), undefined)
    }
    assert.equal((await db.selectFrom('person').selectAll().execute()).length, 0, 'scanners make no account')
    assert.match(await (await site.ask(path)).text(), /Your name, as others will see it/)

    const fields = { token: link.searchParams.get('token') as string, back: '/papers/trending', name: 'Grace Hopper' }
    const used = await site.send('/sign-in/link', fields)
    assert.equal(used.status, 303)
    assert.equal(used.headers.get('location'), '/papers/trending')
    const cookie = cookieOf(used)
    assert.ok(cookie)
    const person = await db.selectFrom('person').selectAll().executeTakeFirstOrThrow()
    assert.deepEqual(
      [person.name, person.email, person.email_verified, person.role],
      ['Grace Hopper', 'grace@example.org', 1, 'reader'],
    )
    assert.match(await (await site.ask('/', { as: cookie })).text(), /href="\/account"[^>]*><span>Grace Hopper</)

    const again = await site.send('/sign-in/link', fields)
    assert.equal(again.status, 410)
    assert.match(await again.text(), /used already/)
    assert.equal((await site.ask(path)).status, 410)

    // The second time she has an account: the page says whose, and asks for nothing.
    const second = await linkFor(site, server, 'GRACE@example.org'.toLowerCase())
    assert.match(await (await site.ask(second.pathname + second.search)).text(), /As grace@example.org/)
    const back = await site.send('/sign-in/link', {
      token: second.searchParams.get('token') as string,
      back: '//evil.example',
    })
    assert.equal(back.headers.get('location'), '/')
    assert.equal((await db.selectFrom('person').selectAll().execute()).length, 1)
    assert.notEqual(cookieOf(back), cookie, 'a new session each time')
  })

  test('signing in again ends the session this browser had', async (t) => {
    const server = await startMailServer(t)
    const site = await open(t, mailed(server.port))
    if (!site) return
    const { db } = site.context
    await seedPeople(db)
    const before = await site.signIn(ada)
    const link = await linkFor(site, server, 'ada@example.org')
    const used = await site.ask('/sign-in/link', {
      as: before,
      method: 'POST',
      body: new URLSearchParams({ token: link.searchParams.get('token') as string }),
    })
    assert.equal(used.status, 303)
    assert.equal((await db.selectFrom('session').selectAll().execute()).length, 1)
    assert.equal((await site.ask('/account', { as: before })).status, 401)
    assert.equal((await site.ask('/account', { as: cookieOf(used) })).status, 200)
  })

  test('an invitation opens an account where they are needed, in another browser too, and is used up by it', async (t) => {
    const server = await startMailServer(t)
    const site = await open(t, mailed(server.port, { PAPERROUND_SIGN_UP: 'invited' }))
    if (!site) return
    const { db, clock } = site.context
    await seedPeople(db)
    const secret = await createInvite(db, { role: 'editor', note: 'Grace', invitedBy: ada }, clock())
    assert.equal((await site.ask(`/invite/${secret}`)).status, 200)
    const accepted = await site.send(`/invite/${secret}`, {})
    const cookie = accepted.headers.getSetCookie()[0]?.split(';')[0] as string
    assert.equal(accepted.headers.get('location'), '/sign-in')
    const asked = await site.ask('/sign-in/mail', {
      as: cookie,
      method: 'POST',
      body: new URLSearchParams({ email: 'grace@example.org' }),
    })
    assert.equal(asked.status, 303)
    await until(() => server.delivered.length > 0)
    const token = /token=([\w-]+)/i.exec((await server.mailTo('grace@example.org'))[0]?.text ?? '')?.[1] as string
    // Opened on the phone: no cookie of the invitation there.
    const used = await site.send('/sign-in/link', { token, name: 'Grace' })
    assert.equal(used.headers.get('location'), '/')
    const grace = await db.selectFrom('person').selectAll().where('name', '=', 'Grace').executeTakeFirstOrThrow()
    assert.equal(grace.role, 'editor')
    assert.equal((await site.ask(`/invite/${secret}`)).status, 404)
  })
})

test('known, unknown, shut out and refused addresses are answered alike; only who may come in gets mail', async (t) => {
  const server = await startMailServer(t)
  const site = await openTestSite(t, mailed(server.port, { PAPERROUND_SIGN_UP: 'invited' }))
  const { db } = site.context
  await seedPeople(db)
  await db.updateTable('person').set({ blocked_at: '2026-01-01T00:00:00.000Z' }).where('id', '=', 'ben').execute()
  const answers: string[] = []
  for (const email of ['ben@example.org', 'nobody@example.org', 'ada@example.org']) {
    const answer = await site.send('/sign-in/mail', { email })
    answers.push(`${answer.status} ${answer.headers.get('location')} ${await answer.text()}`)
  }
  assert.equal(new Set(answers).size, 1)
  await until(() => server.delivered.length > 0)
  assert.deepEqual(
    server.delivered.map((mail) => mail.to),
    ['ada@example.org'],
  )
  for (const email of ['0000-0001@orcid.invalid', 'not an address', 'a@b', ''])
    assert.equal((await site.send('/sign-in/mail', { email })).status, 400, email)
})

test('a mailbox cannot be filled from here', async (t) => {
  const server = await startMailServer(t)
  const site = await openTestSite(t, mailed(server.port))
  const statuses: number[] = []
  for (let n = 0; n < 6; n++) statuses.push((await site.send('/sign-in/mail', { email: 'grace@example.org' })).status)
  assert.deepEqual(statuses, [303, 303, 303, 303, 429, 429])
  assert.equal((await site.send('/sign-in/mail', { email: 'other@example.org' })).status, 303)
  await until(() => server.delivered.length === 5)
})
