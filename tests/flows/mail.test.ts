import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { openDigests, openWorker } from '../../src/compose/index.ts'
import { takeReturn } from '../../src/digest/index.ts'
import { createWorker, jobs } from '../../src/jobs/index.ts'
import { changeSettings } from '../../src/people/index.ts'
import { fillEdition } from '../digests.ts'
import { type MailServer, startMailServer } from '../mail-server.ts'
import { onEverySite, openTestSite, type TestSite } from '../open-site.ts'
import { ada, seedPeople } from '../people.ts'

type Story = { site: TestSite; server: MailServer; work: () => Promise<void> }

/** A site with a mail server of its own, and a worker that does what is due when told to. */
async function openStory(
  t: TestContext,
  open: (t: TestContext, environment: Record<string, string>) => Promise<TestSite | undefined>,
): Promise<Story | undefined> {
  const server = await startMailServer(t)
  const site = await open(t, {
    SMTP_URL: `smtp://127.0.0.1:${server.port}?tls=none&rate=0`,
    PAPERROUND_MAIL_FROM: 'Papers <papers@example.org>',
    PAPERROUND_DIGEST_FROM: 'Papers <digest@example.org>',
    PAPERROUND_BASE_URL: 'http://localhost:3000',
    PAPERROUND_BOUNCE_ADDRESS: 'bounce@example.org',
  })
  if (!site) return undefined
  const { db, clock, log, http, mailer } = site.context
  const alerts = { to: undefined, site: { name: 'Papers', address: undefined }, instanceZone: 'UTC', jobs: () => jobs }
  const digests = openDigests(site.context)
  const mailJobs = jobs.filter(({ lane, schedule }) => ['mail', 'digests'].includes(lane) && !schedule)
  const sender = jobs.filter(({ name }) => name === 'send-digests').map(({ schedule: _, ...job }) => job)
  const worker = createWorker({
    jobs: [...mailJobs, ...sender],
    tools: { db, clock, log, http, mailer, alerts, digests },
    instanceZone: 'UTC',
  })
  return { site, server, work: async () => void (await worker.runDue()) }
}

const links = (text: string | undefined) => [...(text ?? '').matchAll(/https?:\/\/[^\s)\]]+/g)].map(([url]) => url)
const pathOf = (url: string) => url.replace('http://localhost:3000', '')

/** Subscribes an address through the box, the mail and the one button. Returns the path of its preferences. */
async function confirmedAddress({ site, server, work }: Story, email: string): Promise<string> {
  await site.send('/subscribe', { email })
  await work()
  const [mail] = await server.mailTo(email)
  const confirm = pathOf(links(mail?.text)[0] ?? '')
  const answer = await site.send(confirm, {})
  return (answer.headers.get('location') ?? '').replace(/\?.*/, '')
}

onEverySite('mail', (open) => {
  test('P46: the box, one mail with one link, one page with one button, and it begins', async (t) => {
    const story = await openStory(t, open)
    if (!story) return
    const { site, server, work } = story
    assert.equal(
      (await site.send('/subscribe', { email: ' Ada@Example.org ' })).headers.get('location'),
      '/subscribe/sent',
    )
    await work()
    const mails = await server.mailTo('ada@example.org')
    assert.equal(mails.length, 1)
    assert.equal(mails[0]?.from?.value[0]?.address, 'papers@example.org')
    const [link, ...others] = links(mails[0]?.text)
    assert.match(link ?? '', /^http:\/\/localhost:3000\/subscribe\/confirm\/[a-z2-7]{26}$/)
    assert.deepEqual(others, [])
    const page = await (await site.ask(pathOf(link!))).text()
    const main = page.slice(page.indexOf('<main'), page.indexOf('</main>'))
    assert.equal(main.match(/<button/g)?.length, 1)
    assert.match(main, /<button[^>]*autofocus/)
    const state = () => site.context.db.selectFrom('subscription').select('state').executeTakeFirstOrThrow()
    assert.equal((await state()).state, 'unconfirmed', 'GET changes nothing')
    assert.equal((await site.send(pathOf(link!), {})).status, 303)
    assert.equal((await state()).state, 'active')
    assert.equal((await site.send(pathOf(link!), {})).status, 303, 'pressed again, nothing changes')
    const consents = await site.context.db.selectFrom('consent').select(['what', 'how']).orderBy('at').execute()
    assert.deepEqual(consents.map(({ what }) => what).sort(), ['asked', 'confirmed'])
  })

  test('asking again soon sends nothing more, and the answer tells nobody who is subscribed', async (t) => {
    const story = await openStory(t, open)
    if (!story) return
    const { site, server, work } = story
    await confirmedAddress(story, 'ada@example.org')
    const answers = []
    for (const email of ['ada@example.org', 'nobody@example.org', 'nobody@example.org']) {
      const answer = await site.send('/subscribe', { email })
      answers.push(`${answer.status} ${answer.headers.get('location')}`)
    }
    await work()
    assert.equal(new Set(answers).size, 1)
    assert.equal((await server.mailTo('ada@example.org')).length, 1)
    assert.equal((await server.mailTo('nobody@example.org')).length, 1)
    assert.equal((await site.send('/subscribe', { email: 'no address' })).status, 400)
  })

  test('P40, P45: RFC 8058: both encodings, no cookie, no redirect, twice; GET and HEAD change nothing', async (t) => {
    const story = await openStory(t, open)
    if (!story) return
    const { site } = story
    const { db } = site.context
    await confirmedAddress(story, 'ada@example.org')
    const { token } = await db.selectFrom('subscription').select('token').executeTakeFirstOrThrow()
    const state = async () => (await db.selectFrom('subscription').select('state').executeTakeFirstOrThrow()).state
    for (const method of ['GET', 'HEAD', 'OPTIONS']) await site.ask(`/u/${token}`, { method })
    assert.equal(await state(), 'active')
    const multipart = new FormData()
    multipart.set('List-Unsubscribe', 'One-Click')
    const bodies = [new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }), multipart]
    for (const body of bodies) {
      await db.updateTable('subscription').set({ state: 'active' }).execute()
      for (let time = 0; time < 2; time++) {
        // As providers send it: another origin, no cookie, nothing else.
        const headers = { origin: 'https://mail.example.com', 'sec-fetch-site': 'cross-site' }
        const answer = await site.ask(`/u/${token}`, { method: 'POST', body, headers })
        assert.equal(answer.status, 200)
        assert.equal(answer.headers.get('set-cookie'), null)
        assert.equal(await state(), 'ended')
      }
    }
    assert.equal((await site.ask(`/u/${token}x`, { method: 'POST' })).status, 404)
    assert.equal(
      (await site.ask(`/u/${token.slice(0, -1)}${token.endsWith('a') ? 'b' : 'a'}`, { method: 'POST' })).status,
      404,
    )
    const statuses = new Set<number>()
    for (let time = 0; time < 300; time++) statuses.add((await site.ask(`/u/${token}`, { method: 'POST' })).status)
    assert.deepEqual([...statuses], [200], 'never too often')
    await site.send(`/u/${token}/undo`, {})
    assert.equal(await state(), 'active', 'undo')
  })

  test('an address that mail came back from asks again, confirms, and gets mail again', async (t) => {
    const story = await openStory(t, open)
    if (!story) return
    const { site, server, work } = story
    const { db, clock } = site.context
    await confirmedAddress(story, 'ada@example.org')
    await takeReturn(db, { kind: 'hard', address: 'ada@example.org', evidence: '5.1.1' }, clock())
    await db.updateTable('subscriber').set({ asked_at: '2026-01-01T00:00:00.000Z' }).execute()
    await site.send('/subscribe', { email: 'ada@example.org' })
    await work()
    const mail = (await server.mailTo('ada@example.org')).at(-1)
    await site.send(pathOf(links(mail?.text)[0] ?? ''), {})
    assert.equal((await db.selectFrom('suppression').select('reason').execute()).length, 0)
  })

  test('the page of preferences changes, pauses, resumes, adds, stops and deletes, without signing in', async (t) => {
    const story = await openStory(t, open)
    if (!story) return
    const { site } = story
    const { db } = site.context
    const base = await confirmedAddress(story, 'ada@example.org')
    const one = () => db.selectFrom('subscription').selectAll().orderBy('created_at').executeTakeFirstOrThrow()
    const { id } = await one()
    const settings = { kind: 'categories', categories: 'cs.CL, cs.LG', rhythm: 'weekly', weekdays: '3', hour: '18' }
    const saved = await site.send(`${base}/${id}`, { action: 'save', ...settings, zone: 'Asia/Kolkata', length: '30' })
    assert.equal(saved.status, 303)
    const row = await one()
    assert.deepEqual(
      [row.want, row.rhythm, row.weekdays, row.hour, row.zone, row.length],
      ['{"kind":"categories","categories":["cs.CL","cs.LG"]}', 'weekly', '3', 18, 'Asia/Kolkata', 30],
    )
    assert.match(row.next_at ?? '', /T12:30:00/, '18:00 in Kolkata')
    assert.match(await (await site.ask(base)).text(), /every Wednesday at 18:00 \(Asia\/Kolkata\)/i)
    assert.equal((await site.send(`${base}/${id}`, { action: 'save', zone: 'Mars/Base' })).status, 400)
    await site.send(`${base}/${id}`, { action: 'pause-7' })
    assert.equal((await one()).state, 'paused')
    await site.send(`${base}/${id}`, { action: 'resume' })
    assert.equal((await one()).state, 'active')
    await site.send(`${base}/add`, { kind: 'trending', rhythm: 'daily', hour: '7', zone: 'UTC', length: '5' })
    assert.equal((await db.selectFrom('subscription').select('id').execute()).length, 2)
    await site.send(`${base}/${id}`, { action: 'end' })
    assert.equal((await one()).state, 'ended')
    const other = await confirmedAddress(story, 'ben@example.org')
    assert.equal((await site.send(`${other}/${id}`, { action: 'resume' })).status, 404, 'not one of Ben’s')
    await site.send(`${base}/delete`, {})
    assert.equal((await site.ask(base)).status, 404)
    assert.deepEqual(
      (await db.selectFrom('subscriber').select('email').execute()).map(({ email }) => email),
      ['ben@example.org'],
    )
  })

  test('somebody signed in subscribes with the address of the account, without a second mail', async (t) => {
    const story = await openStory(t, open)
    if (!story) return
    const { site, server, work } = story
    await seedPeople(site.context.db)
    const as = await site.signIn(ada)
    const answer = await site.send('/subscribe/me', { kind: 'edition', rhythm: 'daily', hour: '7', zone: 'UTC' }, as)
    assert.match(answer.headers.get('location') ?? '', /^\/mail\/[a-z2-7]{26}\?subscribed=yes$/)
    await work()
    assert.equal(server.delivered.length, 0)
    const { state } = await site.context.db.selectFrom('subscription').select('state').executeTakeFirstOrThrow()
    assert.equal(state, 'active')
  })

  test('mail calls the site what its administrators call it now', async (t) => {
    const story = await openStory(t, open)
    if (!story) return
    const { context, send } = story.site
    await seedPeople(context.db)
    await using worker = openWorker(context)
    for (const name of ['Hall of Papers', 'Paper Hall']) {
      await changeSettings(context.db, { name }, { actorId: ada, at: context.clock() })
      await send('/subscribe', { email: `${name.slice(0, 4)}@example.org` })
      await worker.runDue()
      const [mail] = await story.server.mailTo(`${name.slice(0, 4).toLowerCase()}@example.org`)
      assert.equal(mail?.subject, `Confirm: ${name} by mail`)
      await send('/sign-in/mail', { email: `new-${name.slice(0, 4)}@example.org` })
    }
    const links = async () => (await story.server.mailTo('new-pape@example.org')).map(({ subject }) => subject)
    for (let wait = 0; wait < 100 && (await links()).length === 0; wait++) await sleep(100)
    assert.deepEqual(await links(), ['Sign in to Paper Hall'])
  })

  test('“send me today’s now” does, once an hour, and a scanner of its links changes nothing', async (t) => {
    const story = await openStory(t, open)
    if (!story) return
    const { site, server, work } = story
    const { db } = site.context
    await fillEdition(db, '2026-03-02', 4)
    const base = await confirmedAddress(story, 'ada@example.org')
    const { id } = await db.selectFrom('subscription').select('id').executeTakeFirstOrThrow()
    for (let time = 0; time < 2; time++) await site.send(`${base}/${id}`, { action: 'now' })
    await work()
    const digests = (await server.mailTo('ada@example.org')).filter(({ subject }) =>
      /^Daily papers/.test(subject ?? ''),
    )
    assert.equal(digests.length, 1)
    const [mail] = digests
    assert.equal(mail?.subject, 'Daily papers, Mon 2 March: 4 papers')
    assert.equal(mail?.from?.value[0]?.address, 'digest@example.org')
    const inHtml = [...String(mail?.html).matchAll(/href="([^"]+)"/g)].map(([, url]) => url ?? '')
    const ours = [...new Set([...inHtml, ...links(mail?.text)])].filter((url) =>
      url.startsWith('http://localhost:3000'),
    )
    assert.ok(ours.length >= 8, `${ours.length} links`)
    const snapshot = async () =>
      JSON.stringify([
        await db.selectFrom('subscription').selectAll().execute(),
        await db.selectFrom('subscriber').selectAll().execute(),
        await db.selectFrom('consent').selectAll().execute(),
        await db.selectFrom('delivery').selectAll().execute(),
      ])
    const before = await snapshot()
    for (const url of ours)
      for (const method of ['GET', 'HEAD']) {
        const { status } = await site.ask(pathOf(url), { method })
        assert.ok(status === 200, `${method} ${url}: ${status}`)
      }
    assert.equal(await snapshot(), before)
    const preview = await site.ask(`${base}/${id}/preview`)
    assert.match(
      preview.headers.get('content-security-policy') ?? '',
      /^default-src 'none'; style-src 'unsafe-inline'; sandbox/,
    )
    assert.match(await preview.text(), /Daily papers, Mon 2 March/)
  })
})

describe('mail that is not set up', () => {
  test('the box says so, the address waits, and it is asked once mail is there', async (t) => {
    const site = await openTestSite(t)
    assert.match(await (await site.ask('/')).text(), /Mail is not set up on this site/)
    assert.equal((await site.send('/subscribe', { email: 'ada@example.org' })).status, 303)
    assert.match(await (await site.ask('/subscribe/sent')).text(), /Your address waits/)
    const { db, clock } = site.context
    const { state } = await db.selectFrom('subscription').select('state').executeTakeFirstOrThrow()
    assert.equal(state, 'waiting')
    assert.equal((await db.selectFrom('job').select('id').execute()).length, 0)
    const { askWaiting } = await import('../../src/digest/index.ts')
    assert.equal(await askWaiting(db, clock()), 1)
    assert.equal(await askWaiting(db, clock()), 0)
    const [job] = await db.selectFrom('job').select('kind').execute()
    assert.equal(job?.kind, 'send-confirmation')
  })
})
