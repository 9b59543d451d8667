import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { openDigests } from '../../src/compose/index.ts'
import { runDigests, takeReturn } from '../../src/digest/index.ts'
import { currentAnnouncementDay } from '../../src/papers/index.ts'
import { deliveryStates, fillEdition, subscribed } from '../digests.ts'
import { type Manners, startMailServer } from '../mail-server.ts'
import { type OpenTestSite, onEverySite, type TestSite } from '../open-site.ts'
import { ada, ben, seedPeople } from '../people.ts'

/** Ada administers, Ben reads; today's edition has four papers. Subscriptions are due since the full hour. */
async function openStory(t: TestContext, open: OpenTestSite, manners: Manners = {}) {
  const server = await startMailServer(t, manners)
  const site = await open(t, {
    SMTP_URL: `smtp://127.0.0.1:${server.port}?tls=none&rate=0`,
    PAPERROUND_MAIL_FROM: 'Papers <papers@example.org>',
    PAPERROUND_BASE_URL: 'http://localhost:3000',
  })
  if (!site) return undefined
  const { db, clock } = site.context
  await seedPeople(db)
  await db.updateTable('person').set({ role: 'admin' }).where('id', '=', ada).execute()
  await fillEdition(db, currentAnnouncementDay(clock()), 4)
  const digests = openDigests(site.context)!
  const hour = clock().getUTCHours()
  const everyDay = { rhythm: 'weekdays' as const, weekdays: [1, 2, 3, 4, 5, 6, 7], hour, zone: 'UTC' }
  const subscribe = (email: string) => subscribed(db, email, everyDay, new Date(clock().getTime() - 2 * 3_600_000))
  const as = await site.signIn(ada)
  const send = (fields: Record<string, string>, path = '/admin/digests') => site.send(path, fields, as)
  const html = async (path = '/admin/digests') => (await site.ask(path, { as })).text()
  return { server, site, db, as, subscribe, send, html, run: () => runDigests(digests, { worker: 'test' }) }
}

const logged = async (site: TestSite, as: string) => (await site.ask('/admin/log', { as })).text()
const states = async (site: TestSite) =>
  (await deliveryStates(site.context.db)).map((one) => one.replace(/ \S+: /, ': '))

onEverySite('the page about digests', (open) => {
  test('pausing holds all digests and says so to readers; the log knows, and undoing lets them go', async (t) => {
    const story = await openStory(t, open)
    if (!story) return
    const { server, site, as, subscribe, send, html, run } = story
    const { preferencesToken, subscriptionId } = await subscribe('reader@example.org')
    await send({ action: 'pause', reason: 'wrong list' })
    assert.match(await html(), /All digests are paused since/)
    await run()
    assert.equal(server.delivered.length, 0)
    const now = await site.send(`/mail/${preferencesToken}/${subscriptionId}`, { action: 'now' })
    const answer = await site.ask(now.headers.get('location') ?? '')
    assert.match(await answer.text(), /All mail of this site is paused by its administrators/)
    const log = await logged(site, as)
    assert.match(log, /Paused all digests[\s\S]*“wrong list”[\s\S]*by Ada Byron/)
    const id = /name="action" value="(\d+)"/.exec(log)?.[1] ?? ''
    await site.send('/admin/log/undo', { action: id }, as)
    await run()
    assert.equal(server.delivered.length, 1)
    const reader = await site.signIn(ben)
    for (const path of ['/admin/digests', '/admin/digests/preview'])
      assert.equal((await site.ask(path, { as: reader })).status, 403)
    assert.equal((await site.send('/admin/digests', { action: 'pause' }, reader)).status, 403)
  })

  test('an issue shows counts and reasons without addresses; only what was refused is tried again', async (t) => {
    let isRefused = true
    const story = await openStory(t, open, {
      message: (to) => {
        if (to.startsWith('lost')) return { drop: 'taken' }
        return isRefused && to.startsWith('policy') ? { code: 554, text: `5.7.1 <${to}> is not wanted here` } : 'accept'
      },
      recipient: (to) => (to.startsWith('gone') ? { code: 550, text: '5.1.1 no such user' } : 'accept'),
    })
    if (!story) return
    const { server, site, as, subscribe, send, html, run } = story
    for (const name of ['gone', 'lost', 'policy', 'well']) await subscribe(`${name}@example.org`)
    await run()
    const page = await html()
    assert.match(page, /<b>1<\/b> sent[\s\S]*<b>2<\/b> failed[\s\S]*<b>1<\/b> unknown/)
    assert.doesNotMatch(page, /(gone|lost|policy|well)@example/)
    assert.match(page, /g…@example\.org[\s\S]*does not exist/)
    const path = /\/admin\/digests\/issues\/[^"]+/.exec(page)?.[0] ?? ''
    const issue = await html(path)
    assert.match(issue, /<b>1<\/b> failed: refused \(message\): 554 5\.7\.1 &lt;\(address\)&gt; is not wanted here/)
    isRefused = false
    assert.match((await send({ action: 'retry' }, path)).headers.get('location') ?? '', /done=again$/)
    await run()
    assert.deepEqual(await states(site), [
      'gone@example.org: skipped (suppressed: hard)',
      'lost@example.org: unknown (the line was lost while the message was on its way: the connection ended: Connection closed unexpectedly)',
      'policy@example.org: sent',
      'well@example.org: sent',
    ])
    for (const name of ['lost', 'policy', 'well']) assert.equal((await server.mailTo(`${name}@example.org`)).length, 1)
    assert.match((await send({ action: 'retry' }, path)).headers.get('location') ?? '', /done=none-again$/)
    assert.match(await logged(site, as), /Tried 2 failed mails of/)
  })

  test('one address is looked up by a form, and only there; a complaint is released with a reason, and logged', async (t) => {
    const story = await openStory(t, open)
    if (!story) return
    const { db, server, site, as, subscribe, send, html, run } = story
    await subscribe('angry@example.org')
    const { clock } = site.context
    await takeReturn(db, { kind: 'complaint', address: 'angry@example.org', evidence: 'pressed spam' }, clock())
    await run()
    assert.deepEqual(await states(site), ['angry@example.org: skipped (suppressed: complaint)'])
    const found = await (await send({ email: 'Angry@example.org' }, '/admin/digests/address')).text()
    assert.match(found, /angry@example\.org[\s\S]*The papers of the day[\s\S]*suppressed: complaint[\s\S]*pressed spam/)
    const hash = /name="hash" value="([0-9a-f]{64})"/.exec(await html())?.[1] ?? ''
    await send({ action: 'release', hash, reason: 'asked by phone' })
    assert.doesNotMatch(await html(), /a…@example\.org/)
    assert.match(await logged(site, as), /suppressed before \(complaint\)[\s\S]*“asked by phone”/)
    assert.doesNotMatch(await logged(site, as), /angry@/)
    await send({ email: 'angry@example.org', action: 'suppress', reason: 'by letter' }, '/admin/digests/address')
    const { reason } = await db.selectFrom('suppression').select('reason').executeTakeFirstOrThrow()
    assert.equal(reason, 'by hand')
    assert.match(
      await (await send({ email: 'nobody@example.org' }, '/admin/digests/address')).text(),
      /Nothing is known/,
    )
    assert.equal((await send({ email: 'no address' }, '/admin/digests/address')).status, 400)
    assert.equal(server.delivered.length, 0)
  })

  test('a test goes to the administrator alone; anything can be previewed, which sends and changes nothing', async (t) => {
    const story = await openStory(t, open)
    if (!story) return
    const { db, server, send, html, subscribe } = story
    await subscribe('reader@example.org')
    assert.match(
      await (await send({ action: 'test', kind: 'edition' })).text(),
      /The server took it for ada@example\.org/,
    )
    assert.deepEqual(
      server.delivered.map(({ to }) => to),
      ['ada@example.org'],
    )
    const [mail] = await server.mailTo('ada@example.org')
    assert.match(mail?.subject ?? '', /^Test: Daily papers/)
    assert.equal((await db.selectFrom('delivery').select('id').execute()).length, 0)
    const shown = await html('/admin/digests/preview?kind=categories&categories=cs.CL&length=5&show=html')
    assert.match(shown, /<h1[^>]*>New in cs\.CL/)
    assert.match(await html('/admin/digests/preview?kind=categories&categories=cs.CL&show=text'), /^New in cs\.CL/)
    assert.match(
      await html('/admin/digests/preview?kind=authors&authors=Nobody+Atall&show=html'),
      /There are no papers for such a mail/,
    )
  })
})
