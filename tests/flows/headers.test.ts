import assert from 'node:assert/strict'
import { statSync } from 'node:fs'
import { test } from 'node:test'
import { databaseFile } from '../../src/db/index.ts'
import { openTestSite } from '../open-site.ts'
import { ada, seedPeople } from '../people.ts'

test('on https: HSTS, a cookie that only this host can set, and no page about an account is kept', async (t) => {
  const site = await openTestSite(t, { PAPERROUND_BASE_URL: 'https://papers.example.org' })
  await seedPeople(site.context.db)
  const front = await site.ask('/')
  assert.match(front.headers.get('strict-transport-security') ?? '', /max-age=31536000/)
  const out = (await site.ask('/sign-in')).headers
  assert.equal(out.get('cache-control'), 'no-store')
  const started = await site.send('/sign-in/passkey/options', {})
  assert.match(
    started.headers.getSetCookie().join(),
    /^__Host-paperround-passkey=[^;]+;.*HttpOnly; Secure; SameSite=Lax$/,
  )
  const plain = await site.signIn(ada)
  assert.equal((await site.ask('/account', { as: plain })).status, 401, 'the plain cookie opens nothing')
  const secure = plain.replace('paperround-session', '__Host-paperround-session')
  const account = await site.ask('/account', { as: secure })
  assert.equal(account.status, 200)
  assert.equal(account.headers.get('cache-control'), 'no-store')
  assert.equal(account.headers.get('etag'), null)
})

test('on http nothing pretends to be https; another name in a request neither signs in nor gets into a mail', async (t) => {
  const site = await openTestSite(t)
  assert.equal((await site.ask('/')).headers.get('strict-transport-security'), null)
  await seedPeople(site.context.db)
  const elsewhere = await site.ask('http://evil.example/sign-in/mail', {
    method: 'POST',
    body: new URLSearchParams({ email: 'ada@example.org' }),
  })
  assert.equal(elsewhere.status, 503)
  assert.match(await elsewhere.text(), /PAPERROUND_BASE_URL/)
  assert.deepEqual(await site.context.db.selectFrom('verification').selectAll().execute(), [], 'no link was made')
  const as = await site.signIn(ada)
  const out = await site.send('/sign-out', {}, as)
  assert.match(out.headers.get('clear-site-data') ?? '', /cache/)
  assert.equal(statSync(databaseFile(site.context.config.dataFolder)).mode & 0o777, 0o600)
  assert.equal(statSync(site.context.config.dataFolder).mode & 0o777, 0o700)
})
