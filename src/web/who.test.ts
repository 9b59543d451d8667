import assert from 'node:assert/strict'
import { test } from 'node:test'
import { onEverySite } from '../../tests/open-site.ts'
import { ada, seedPeople } from '../../tests/people.ts'

onEverySite('who may', (open) => {
  test('a form of somebody signed in needs the token of their session, and the right site', async (t) => {
    const site = await open(t)
    if (!site) return
    const { db } = site.context
    await seedPeople(db)
    const cookie = await site.signIn(ada)
    const other = await site.signIn(ada)
    const post = (init: RequestInit) => site.ask('/sign-out', { method: 'POST', as: cookie, ...init })
    const sessions = async () => (await db.selectFrom('session').selectAll().execute()).length

    assert.equal((await post({})).status, 403, 'no token')
    assert.equal((await post({ body: new URLSearchParams({ csrf: 'x' }) })).status, 403, 'a made up one')
    assert.equal((await post({ headers: { 'x-csrf-token': 'x' } })).status, 403, 'in a header')
    assert.equal((await post({ headers: { 'sec-fetch-site': 'cross-site' } })).status, 403, 'another site')
    assert.equal(await sessions(), 2)
    assert.equal((await site.send('/sign-out', {}, other)).status, 303)
    assert.equal(await sessions(), 1)
    const stale = await site.send('/sign-out', {}, other)
    assert.equal(stale.status, 401, 'the session ended at once')
    assert.match(await stale.text(), /href="\/sign-in\?back=%2F"/)
  })

  test('nobody signed in is shown the way in; GET stays harmless', async (t) => {
    const site = await open(t)
    if (!site) return
    const answer = await site.ask('/sign-out', {
      method: 'POST',
      headers: { referer: 'http://localhost:3000/papers/trending?limit=5' },
    })
    assert.equal(answer.status, 401)
    assert.match(await answer.text(), /href="\/sign-in\?back=%2Fpapers%2Ftrending%3Flimit%3D5"/)
    assert.equal((await site.ask('/sign-out')).status, 405)
    assert.equal((await site.ask('/', { headers: { authorization: 'Bearer pr_nothing' } })).status, 401)
  })
})
