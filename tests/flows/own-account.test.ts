import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openMailServer } from '../mail-server.ts'
import { onEverySite, openTestSite } from '../open-site.ts'
import { ada, ben, seedPeople } from '../people.ts'
import { until } from '../processes.ts'

onEverySite('one’s own account', (open) => {
  test('a session that is ended, or all others, are over with the next request', async (t) => {
    const site = await open(t)
    if (!site) return
    const { db } = site.context
    await seedPeople(db)
    const [here, there, elsewhere] = [await site.signIn(ada), await site.signIn(ada), await site.signIn(ada)]
    const bens = await site.signIn(ben)
    const page = await (await site.ask('/account', { as: here })).text()
    assert.equal(page.match(/this one/g)?.length, 1)
    const status = async (as: string) => (await site.ask('/account', { as })).status
    const newest = await db.selectFrom('session').select(['id', 'token']).where('person_id', '=', ada).execute()
    const target = newest.find(({ token }) => decodeURIComponent(there).includes(token))
    assert.equal((await site.send('/account/sessions/end', { id: target?.id as string }, here)).status, 303)
    assert.deepEqual([await status(here), await status(there), await status(elsewhere)], [200, 401, 200])
    await site.send('/account/sessions/end-others', {}, here)
    assert.deepEqual([await status(here), await status(elsewhere), await status(bens)], [200, 401, 200])
  })

  test('a token is stored as a hash, works with its scope, and not after it was revoked', async (t) => {
    const site = await open(t)
    if (!site) return
    const { db } = site.context
    await seedPeople(db)
    const as = await site.signIn(ada)
    const html = await (await site.send('/account/tokens', { name: 'cli', scope: 'write', days: '30' }, as)).text()
    const token = /value="(pr_[\w-]+)"/.exec(html)?.[1] as string
    const stored = await db.selectFrom('access_token').selectAll().executeTakeFirstOrThrow()
    assert.equal(JSON.stringify(stored).includes(token), false)
    assert.deepEqual([stored.scopes, token.startsWith(stored.prefix)], ['read write', true])
    const headers = { authorization: `Bearer ${token}` }
    assert.equal((await site.ask('/papers/trending', { headers })).status, 200)
    for (const [fields, status] of [
      [{ name: 'x', scope: 'admin', days: '30' }, 403],
      [{ name: '', scope: 'read', days: '30' }, 400],
      [{ name: 'x', scope: 'all', days: '30' }, 400],
      [{ name: 'x', scope: 'read', days: '9999' }, 400],
    ] as const)
      assert.equal((await site.send('/account/tokens', fields, as)).status, status)
    await site.send('/account/tokens/revoke', { id: stored.id }, as)
    assert.equal((await site.ask('/papers/trending', { headers })).status, 401)
  })
})

test('a new address: a link to it, for whoever asked, once; a taken one looks the same and changes nothing', async (t) => {
  const mail = await openMailServer()
  t.after(() => mail.close())
  const site = await openTestSite(t, {
    SMTP_URL: `smtp://127.0.0.1:${mail.port}?tls=none&rate=0`,
    PAPERROUND_MAIL_FROM: 'papers@example.org',
    PAPERROUND_BASE_URL: 'http://localhost:3000',
  })
  const { db } = site.context
  await seedPeople(db)
  const [adas, bens] = [await site.signIn(ada), await site.signIn(ben)]
  const taken = await site.send('/account/address', { email: 'ben@example.org' }, adas)
  const free = await site.send('/account/address', { email: 'countess@example.org' }, adas)
  assert.equal(taken.headers.get('location'), free.headers.get('location'))
  await until(() => mail.delivered.length > 0)
  assert.deepEqual(
    mail.delivered.map(({ to }) => to),
    ['countess@example.org'],
  )
  const token = /token=([\w-]+)/.exec((await mail.mailTo('countess@example.org'))[0]?.text ?? '')?.[1] as string
  const emailOf = async () =>
    (await db.selectFrom('person').select('email').where('id', '=', ada).executeTakeFirstOrThrow()).email
  assert.equal((await site.ask(`/account/address?token=${token}`, { as: adas })).status, 200)
  assert.equal((await site.send('/account/address/confirm', { token }, bens)).status, 400, 'not Ben’s to confirm')
  assert.equal(await emailOf(), 'ada@example.org', 'opening the link changes nothing')
  assert.equal((await site.send('/account/address/confirm', { token }, adas)).status, 303)
  assert.equal(await emailOf(), 'countess@example.org')
  assert.equal((await site.send('/account/address/confirm', { token }, adas)).status, 400, 'once')
})
