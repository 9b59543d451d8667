// The whole way of a digest through mail servers that are not ours: OpenSMTPD takes, delivers and bounces it, and what
// comes back is read from Dovecot.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { dkimVerify } from 'mailauth/lib/dkim/verify.js'
import { simpleParser } from 'mailparser'
import { withoutMailServers } from '../../scripts/find-mail-servers.ts'
import type { Db } from '../../src/db/index.ts'
import {
  askToSubscribe,
  confirmSubscriptions,
  type DigestTools,
  defaultSettings,
  runDigests,
  sendConfirmation,
  takeMessage,
} from '../../src/digest/index.ts'
import { readReturns } from '../../src/jobs/read-returns.ts'
import { parseImapUrl } from '../../src/lib/mail/imap-url.ts'
import { createMailer, dkimName, dkimRecord, loadDkimKey, Pace, parseSmtpUrl } from '../../src/lib/mail/index.ts'
import { readMailbox } from '../../src/lib/mail/mailbox.ts'
import { openSqliteForTest, temporaryFolder } from '../databases.ts'
import { type Clock, clockAt, deliveryStates, digestTools, fillEdition, subscribed } from '../digests.ts'
import { emptyMaildir, startDovecot } from '../dovecot.ts'
import { startMailServer } from '../mail-server.ts'
import { type OpenSmtpd, startOpenSmtpd } from '../opensmtpd.ts'
import { until } from '../processes.ts'

const skip = withoutMailServers('smtpd', 'dovecot')
const worker = 'test'

/** Asks for a digest, waits for the mail that asks to confirm, and presses its button. */
async function subscribe(tools: DigestTools, email: string, read: () => Promise<Buffer>): Promise<void> {
  const { db, clock } = tools
  const settings = defaultSettings('UTC')
  await askToSubscribe(db, { email, settings }, { how: 'test' }, clock(), { canAsk: true })
  const { id } = await db.selectFrom('subscriber').select('id').where('email', '=', email).executeTakeFirstOrThrow()
  assert.equal((await sendConfirmation(tools, id, clock()))?.kind, 'accepted')
  const mail = await simpleParser(await read())
  const [, token] = /papers\.example\.org\/subscribe\/confirm\/([a-z0-9]+)/.exec(mail.text ?? '') ?? []
  assert.ok(token, mail.text)
  assert.ok(await confirmSubscriptions(db, token, { how: 'test' }, clock()))
}

async function arrive(server: OpenSmtpd, maildir: string, count: number): Promise<Buffer[]> {
  await until(() => server.messagesIn(maildir).length >= count)
  return server.messagesIn(maildir)
}

const setUp = async (t: TestContext): Promise<{ db: Db; clock: Clock; tools: DigestTools }> => {
  const db = await openSqliteForTest(t)
  const clock = clockAt('2026-03-01T12:00:00Z')
  return { db, clock, tools: digestTools(t, db, { port: 1 }, clock) }
}

test('a digest confirmed, planned and sent arrives as it left; what bounces, and who unsubscribes by mail, gets no more', {
  skip,
}, async (t) => {
  const { db, clock, tools: plain } = await setUp(t)
  const away = await startMailServer(t, {
    recipient: (to) => (to.startsWith('gone') ? { code: 550, text: '5.1.1 no such user here' } : 'accept'),
  })
  const maildirs = { 'example.org': '%{rcpt.user}', 'papers.example.org': 'returned' }
  const server = await startOpenSmtpd(t, maildirs, { domain: 'elsewhere.example', port: away.port })
  const dkim = loadDkimKey(temporaryFolder(t), 'example.org', 'paperround')
  const smtp = parseSmtpUrl(`smtp://127.0.0.1:${server.port}?tls=none&rate=0`)
  using mailer = createMailer({ smtp, from: 'Papers <papers@example.org>', pace: new Pace(1), dkim })
  const site = { ...plain.site, bounceAddress: 'bounce@papers.example.org' }
  const tools = { ...plain, mailer, site }

  await subscribe(tools, 'ada@example.org', async () => (await arrive(server, 'ada', 1))[0]!)
  await subscribe(tools, 'gone@elsewhere.example', async () => {
    // Who is gone later was there to confirm.
    const { confirm_token } = await db
      .selectFrom('subscriber')
      .select('confirm_token')
      .where('email', '=', 'gone@elsewhere.example')
      .executeTakeFirstOrThrow()
    return Buffer.from(`\r\n\r\nhttps://papers.example.org/subscribe/confirm/${confirm_token}`)
  })
  await fillEdition(db, '2026-03-02', 5)
  clock.now = new Date('2026-03-02T07:00:00Z')
  await runDigests(tools, { worker })
  assert.deepEqual(await deliveryStates(db), [
    'ada@example.org 2026-03-02: sent',
    'gone@elsewhere.example 2026-03-02: sent',
  ])

  const digest = (await arrive(server, 'ada', 2)).find((raw) => /^List-Id:/im.test(raw.toString('latin1')))!
  const mail = await simpleParser(digest)
  assert.equal(mail.subject, 'Daily papers, Mon 2 March: 5 papers')
  assert.match(mail.text ?? '', /5\. Paper 5 of 2026-03-02/)
  assert.match(String(mail.html), /Paper 5 of 2026-03-02/)
  const [delivery] = await db
    .selectFrom('delivery')
    .innerJoin('subscription', 'subscription.id', 'delivery.subscription_id')
    .innerJoin('subscriber', 'subscriber.id', 'subscription.subscriber_id')
    .select(['delivery.id', 'subscription.token'])
    .where('email', '=', 'ada@example.org')
    .execute()
  assert.match(
    digest.toString('latin1'),
    new RegExp(`^Return-Path: <bounce\\+${delivery?.id}@papers\\.example\\.org>`, 'm'),
  )
  const resolver = async (name: string) => {
    assert.equal(name, dkimName(dkim))
    return [[dkimRecord(dkim)]]
  }
  const { results } = await dkimVerify(digest, { resolver } as never)
  assert.equal(results[0]?.status.result, 'pass', 'what the server added on the way does not break the signature')

  // The other server knew nobody of that name, and ours wrote back to the address that the mail was from.
  await arrive(server, 'returned', 1)
  const unsubscribe = `bounce+unsub-${delivery?.token}@papers.example.org`
  const wish = { to: unsubscribe, from: 'ada@example.org', subject: 'unsubscribe', text: '', date: clock.now }
  assert.equal((await mailer.send(wish)).kind, 'accepted')
  await arrive(server, 'returned', 2)
  const dovecot = await startDovecot(t, join(server.mail, 'returned'))
  const mailbox = parseImapUrl(`imaps://bounces:secret@localhost:${dovecot.tlsPort}?ca=${dovecot.certFile}`)
  const job = { db, digests: { ...tools, mailbox }, clock: clock.read } as never
  const run = { signal: new AbortController().signal }
  assert.deepEqual(await readReturns(job, run), { result: { suppressed: 1, unsubscribed: 1 } })
  assert.deepEqual(await readReturns(job, run), { result: {} }, 'read once')
  const [suppressed] = await db.selectFrom('suppression').select(['address', 'reason', 'evidence']).execute()
  assert.deepEqual([suppressed?.address, suppressed?.reason], ['gone@elsewhere.example', 'hard'])
  assert.match(suppressed?.evidence ?? '', /no such user here/)

  await fillEdition(db, '2026-03-03', 2)
  clock.now = new Date('2026-03-03T07:00:00Z')
  await runDigests(tools, { worker })
  assert.deepEqual(
    (await deliveryStates(db)).filter((line) => line.includes('03-03')),
    ['gone@elsewhere.example 2026-03-03: skipped (suppressed: hard)'],
  )
})

test('a mailbox of bounces, complaints, vacation notices and wishes is read once, also when the program ends in the middle', {
  skip: withoutMailServers('dovecot'),
}, async (t) => {
  const { db, clock, tools: plain } = await setUp(t)
  const tools = { ...plain, site: { ...plain.site, bounceAddress: 'bounce@papers.example.org' } }
  const { box, put } = emptyMaildir(t)
  const { bounceAddress } = tools.site
  const readers = ['hard', 'full', 'angry', 'relayed', 'away', 'leaving', 'patient'] as const
  const idOf = (name: string) => `${name}aaaaaaaaaaaaaaaaaaaa`
  for (const name of readers) {
    const { subscriptionId } = await subscribed(db, `${name}@example.org`)
    const at = { slot_at: '2026-03-02T07:00:00.000Z', retry_at: '2026-03-02T07:00:00.000Z' }
    const row = { id: idOf(name), subscription_id: subscriptionId, period_key: '2026-03-02', state: 'sent', ...at }
    await db.insertInto('delivery').values(row).execute()
  }
  const message = (name: string, headers: string[], body: string[], to = `bounce+${idOf(name)}@papers.example.org`) =>
    put([`To: <${to}>`, 'From: somebody@example.com', ...headers, '', ...body, ''].join('\r\n'))
  const report = (name: string, action: string, status: string, words: string) =>
    message(
      name,
      ['Auto-Submitted: auto-replied', 'Content-Type: multipart/report; report-type=delivery-status; boundary="b"'],
      [
        ...['--b', 'Content-Type: message/delivery-status', '', `Final-Recipient: rfc822; ${name}@example.org`],
        ...[`Action: ${action}`, `Status: ${status}`, `Diagnostic-Code: smtp; ${words}`, '--b--'],
      ],
    )
  const feedback = ['Content-Type: multipart/report; report-type=feedback-report; boundary="b"']
  const abuse = ['--b', 'Content-Type: message/feedback-report', '', 'Feedback-Type: abuse', 'User-Agent: Mailbox/1']
  report('hard', 'failed', '5.1.1', '550 5.1.1 no such user')
  report('full', 'failed', '5.2.2', '552 5.2.2 mailbox full')
  report('patient', 'delayed', '4.4.1', 'still trying')
  message('angry', feedback, [...abuse, '--b--'])
  // As big providers write: to the one address they know, with what the mail said of itself inside.
  const original = `Original-Mail-From: <bounce+${idOf('relayed')}@papers.example.org>`
  message('relayed', feedback, [...abuse, original, '--b--'], bounceAddress)
  message('relayed', feedback, [...abuse.with(3, 'Feedback-Type: auth-failure'), original, '--b--'], bounceAddress)
  message('away', ['Auto-Submitted: auto-replied', 'Subject: Out of office'], ['I am away. Call +49 550 511 instead.'])
  const { token } = await db
    .selectFrom('subscription')
    .innerJoin('subscriber', 'subscriber.id', 'subscriber_id')
    .select('subscription.token')
    .where('email', '=', 'leaving@example.org')
    .executeTakeFirstOrThrow()
  message('leaving', ['Subject: unsubscribe'], [''], `bounce+unsub-${token}@papers.example.org`)
  message('stray', ['Subject: You have won'], ['Status: 5.1.1'], bounceAddress)

  const server = await startDovecot(t, box)
  const mailbox = parseImapUrl(`imap://bounces:secret@localhost:${server.port}?ca=${server.certFile}`)
  // Killed after the second message was taken in, before it was marked as read.
  let taken = 0
  const killed = readMailbox(mailbox, async (source) => {
    if (taken++ < 2) await takeMessage(db, source, bounceAddress, clock.now)
    if (taken >= 2) throw new Error('killed')
  })
  await assert.rejects(killed, /8 messages of INBOX .* killed/)
  const run = { signal: new AbortController().signal }
  const jobFor = (port: number) => {
    const url = `imap://bounces:secret@localhost:${port}?ca=${server.certFile}`
    return { db, digests: { ...tools, mailbox: parseImapUrl(url) }, clock: clock.read } as never
  }
  const { result } = (await readReturns(jobFor(server.port), run)) as { result: unknown }
  assert.deepEqual(result, { known: 1, suppressed: 2, unsubscribed: 1, nothing: 4 })
  const suppressed = await db.selectFrom('suppression').select(['address', 'reason']).orderBy('address').execute()
  assert.deepEqual(
    suppressed.map(({ address, reason }) => `${address} ${reason}`),
    ['angry@example.org complaint', 'hard@example.org hard', 'relayed@example.org complaint'],
  )
  const counted = await db.selectFrom('mail_return').select(['kind', 'status']).orderBy('kind').execute()
  assert.deepEqual(
    counted.map(({ kind, status }) => `${kind} ${status}`),
    ['complaint null', 'complaint null', 'hard 5.1.1', 'soft 5.2.2'],
    'each once',
  )
  const ended = await db.selectFrom('subscription').select('ended_how').where('state', '=', 'ended').execute()
  assert.deepEqual(
    ended.map((row) => row.ended_how),
    ['mail'],
  )

  // The server goes away: the job fails with the reason, and the next try finds what came meanwhile.
  report('full', 'failed', '4.2.2', '452 4.2.2 still full')
  await server.stop()
  await assert.rejects(
    readReturns(jobFor(server.port), run),
    /INBOX at localhost:\d+ .* cannot be read: .*ECONNREFUSED/,
  )
  const again = await startDovecot(t, box)
  const url = `imap://bounces:secret@localhost:${again.port}?ca=${again.certFile}`
  const job = { db, digests: { ...tools, mailbox: parseImapUrl(url) }, clock: clock.read } as never
  assert.deepEqual(await readReturns(job, run), { result: { counted: 1 } })
})
