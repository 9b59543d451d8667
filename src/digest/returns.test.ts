import assert from 'node:assert/strict'
import { createHmac, createSign, generateKeyPairSync } from 'node:crypto'
import { describe, test } from 'node:test'
import { onEveryDatabase } from '../../tests/databases.ts'
import { subscribed } from '../../tests/digests.ts'
import { replyOf } from '../lib/mail/index.ts'
import { classifyReply } from './classify-return.ts'
import { readHook, releaseSuppression, takeMessage, takeReturn } from './index.ts'
import { readReturn } from './read-return.ts'

const token = 'abcdefghijklmnopqrstuvwx22'
const bounceAddress = 'bounce@papers.example.org'
const now = new Date('2026-03-02T08:00:00Z')

/** A delivery report as mail servers write them (RFC 3464). */
const bounce = (
  status: string,
  diagnostic: string,
  { to = `bounce+${token}@papers.example.org`, action = 'failed' } = {},
) =>
  [
    'Return-Path: <>',
    `Delivered-To: ${to}`,
    'From: MAILER-DAEMON@mx.example.com',
    'Subject: Undelivered Mail',
    'Auto-Submitted: auto-replied',
    'Content-Type: multipart/report; report-type=delivery-status;',
    ' boundary="b"',
    '',
    '--b',
    'Content-Type: text/plain',
    '',
    'I am sorry. Your message to bounce+someoneelse@papers.example.org could not be delivered.',
    '--b',
    'Content-Type: message/delivery-status',
    '',
    'Final-Recipient: rfc822; ada@example.org',
    `Action: ${action}`,
    `Status: ${status}`,
    `Diagnostic-Code: smtp; ${diagnostic}`,
    '--b--',
  ].join('\r\n')

describe('reading what comes back', () => {
  const kindOf = (source: string) => {
    const read = readReturn(source, bounceAddress)
    return read.kind === 'return' ? read.report.kind : read.kind
  }
  test('status codes decide, and the finer one of the two counts', () => {
    assert.equal(kindOf(bounce('5.1.1', '550 5.1.1 <ada@example.org>: no such user')), 'hard')
    assert.equal(kindOf(bounce('5.0.0', '550 5.1.1 unknown')), 'hard')
    assert.equal(kindOf(bounce('5.2.2', '552 5.2.2 mailbox full')), 'soft')
    assert.equal(kindOf(bounce('4.4.7', 'delivery time expired')), 'soft')
    assert.equal(kindOf(bounce('5.7.1', '550 5.7.1 blocked by policy')), 'other')
    assert.equal(kindOf(bounce('5.0.0', 'something strange')), 'soft', 'unknown counts as soft')
    assert.equal(kindOf(bounce('4.4.1', 'still trying', { action: 'delayed' })), 'nothing')
    const inWords = [
      `To: bounce+${token}@papers.example.org\nContent-Type: multipart/mixed; boundary="b"\n\n--b\n`,
      'An error has occurred:\n\nada@example.org: 550 5.1.1 no such user here\n--b\n',
      'Content-Type: message/delivery-status\n\nFinal-Recipient: rfc822; ada@example.org\nAction: failed\nStatus: 5.0.0\n',
    ].join('')
    assert.equal(kindOf(inWords), 'hard', 'OpenSMTPD tells why in the words for people alone')
  })
  test('complaints, unsubscribing mails, vacation notices and stray mail', () => {
    const complaint = `To: bounce+${token}@papers.example.org\nContent-Type: multipart/report; report-type=feedback-report\n\nFeedback-Type: abuse\n`
    assert.equal(kindOf(complaint), 'complaint')
    assert.equal(kindOf(complaint.replace('abuse', 'auth-failure')), 'nothing', 'DMARC has reports of the same form')
    const collected = `${complaint.replace(token, 'aaaaaaaa')}Original-Mail-From: <bounce+${token}@papers.example.org>\n`
    assert.equal(kindOf(collected), 'complaint', 'sent to one address for all, with the mail named inside')
    assert.equal(kindOf(collected.replace('Feedback-Type: abuse', '').replace('feedback-report', 'x')), 'nothing')
    assert.deepEqual(
      readReturn(`To: <bounce+unsub-${token}@papers.example.org>\nSubject: unsubscribe\n\n`, bounceAddress),
      {
        kind: 'unsubscribe',
        token,
      },
    )
    assert.equal(
      kindOf(`To: bounce+${token}@papers.example.org\nAuto-Submitted: auto-replied\n\nI am away.`),
      'nothing',
    )
    assert.equal(kindOf(bounce('5.1.1', 'gone', { to: 'bounce@papers.example.org' })), 'nothing')
    assert.equal(
      kindOf(`To: x@y.org\nFrom: bounce+${token}@papers.example.org\n\nStatus: 5.1.1`),
      'nothing',
      'by the address it came to',
    )
    assert.equal(kindOf(''), 'nothing')
  })
  test('the server’s own words about a recipient', () => {
    const kind = (text: string) => classifyReply(replyOf(text))
    assert.equal(kind('550 5.1.1 no such user'), 'hard')
    assert.equal(kind('550 No such user here'), 'hard')
    assert.equal(kind('550 5.7.1 Message rejected as spam'), 'other')
    assert.equal(kind('554 blocked using a blacklist'), 'other')
    assert.equal(kind('452 4.2.2 over quota'), 'soft')
    assert.equal(kind('550 mail from unknown network'), 'soft')
  })
})

onEveryDatabase('returned mail', (open) => {
  const reasons = async (db: Awaited<ReturnType<typeof open>>) =>
    (await db!.selectFrom('suppression').select(['address', 'reason']).execute()).map(
      (row) => `${row.address} ${row.reason}`,
    )

  test('hard suppresses at once, soft on the fourth day, told twice counts once; P43: the person stays', async (t) => {
    const db = await open(t)
    if (!db) return
    await db
      .insertInto('person')
      .values({
        id: 'ada',
        name: 'Ada',
        email: 'ada@example.org',
        email_verified: 1,
        role: 'reader',
        created_at: '2026-01-01T00:00:00.000Z',
        updated_at: '2026-01-01T00:00:00.000Z',
      })
      .execute()
    await subscribed(db, 'ada@example.org')
    const soft = (day: number, id: string) =>
      takeReturn(
        db,
        { kind: 'soft', address: 'Ada@Example.org', evidence: 'full', reportId: id },
        new Date(Date.UTC(2026, 2, day)),
      )
    assert.equal(await soft(1, 'a'), 'counted')
    assert.equal(await soft(1, 'a'), 'known')
    assert.equal(await soft(1, 'b'), 'counted', 'the same day')
    assert.equal(await soft(2, 'c'), 'counted')
    assert.equal(await soft(3, 'd'), 'counted')
    assert.deepEqual(await reasons(db), [])
    assert.equal(await soft(4, 'e'), 'suppressed')
    assert.deepEqual(await reasons(db), ['ada@example.org soft'])
    await releaseSuppression(db, 'ada@example.org')
    assert.deepEqual(await reasons(db), [], 'confirming again releases it')
    assert.equal(
      await takeReturn(db, { kind: 'complaint', address: 'ada@example.org', evidence: 'spam' }, now),
      'suppressed',
    )
    await releaseSuppression(db, 'ada@example.org')
    assert.deepEqual(
      await reasons(db),
      ['ada@example.org complaint'],
      'a complaint is released by an administrator only',
    )
    await releaseSuppression(db, 'ada@example.org', 'admin')
    assert.deepEqual(await reasons(db), [])
    const person = await db.selectFrom('person').selectAll().where('id', '=', 'ada').executeTakeFirstOrThrow()
    assert.deepEqual([person.email_verified, person.role], [1, 'reader'])
  })

  test('a bounce finds its reader by the delivery, and a mail to unsubscribe its subscription', async (t) => {
    const db = await open(t)
    if (!db) return
    const { subscriptionId } = await subscribed(db, 'ada@example.org')
    await db
      .insertInto('delivery')
      .values({
        id: token,
        subscription_id: subscriptionId,
        period_key: '2026-03-02',
        slot_at: 'x',
        retry_at: 'x',
        state: 'sent',
      })
      .execute()
    assert.equal(await takeMessage(db, bounce('5.1.1', 'no such user'), bounceAddress, now), 'suppressed')
    assert.equal(await takeMessage(db, bounce('5.1.1', 'no such user'), bounceAddress, now), 'known')
    assert.deepEqual(await reasons(db), ['ada@example.org hard'])
    const row = await db.selectFrom('subscription').select('token').executeTakeFirstOrThrow()
    const mail = `To: bounce+unsub-${row.token}@papers.example.org\nSubject: unsubscribe\n\n`
    for (let time = 0; time < 2; time++) assert.equal(await takeMessage(db, mail, bounceAddress, now), 'unsubscribed')
    assert.equal((await db.selectFrom('subscription').select('state').executeTakeFirstOrThrow()).state, 'ended')
  })
})

describe('calls of relays', () => {
  const call = (body: string, headers: Record<string, string> = {}) => ({
    body,
    header: (name: string) => headers[name],
    now,
  })
  const secret = 'a-secret-of-more-than-sixteen'
  const timestamp = String(now.getTime() / 1000)

  test('generic: the HMAC of time and body', async () => {
    const body = JSON.stringify({ events: [{ id: '1', kind: 'hard', address: 'ada@example.org' }] })
    const signature = (time: string) => `sha256=${createHmac('sha256', secret).update(`${time}.${body}`).digest('hex')}`
    const good = call(body, { 'x-timestamp': timestamp, 'x-signature': signature(timestamp) })
    assert.equal((await readHook('generic', good, { secret }))[0]?.kind, 'hard')
    const old = String(Number(timestamp) - 3600)
    for (const [request, settings] of [
      [call(body), { secret }],
      [call(`${body} `, { 'x-timestamp': timestamp, 'x-signature': signature(timestamp) }), { secret }],
      [call(body, { 'x-timestamp': old, 'x-signature': signature(old) }), { secret }],
      [good, {}],
    ] as const)
      await assert.rejects(readHook('generic', request, settings), /prove where it comes from/)
  })

  test('Postmark: its password; SendGrid: its signature', async () => {
    const body = JSON.stringify({ RecordType: 'Bounce', Type: 'HardBounce', Email: 'ada@example.org', ID: 7 })
    const auth = (password: string) => ({
      authorization: `Basic ${Buffer.from(`postmark:${password}`).toString('base64')}`,
    })
    assert.equal((await readHook('postmark', call(body, auth(secret)), { secret }))[0]?.kind, 'hard')
    for (const forged of [auth('wrong'), auth(''), {}])
      await assert.rejects(readHook('postmark', call(body, forged as never), { secret }), /prove where it comes from/)
    await assert.rejects(readHook('postmark', call(body, auth('')), {}), /prove/, 'no secret is no way in')
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
    const sendgridKey = publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
    const events = JSON.stringify([
      { email: 'ada@example.org', event: 'bounce', status: '5.1.1', reason: 'no such user' },
      { email: 'ben@example.org', event: 'spamreport' },
      { email: 'chen@example.org', event: 'delivered' },
    ])
    const headers = {
      'x-twilio-email-event-webhook-timestamp': timestamp,
      'x-twilio-email-event-webhook-signature': createSign('sha256')
        .update(timestamp + events)
        .sign(privateKey, 'base64'),
    }
    const reports = await readHook('sendgrid', call(events, headers), { sendgridKey })
    assert.deepEqual(
      reports.map(({ kind, address }) => `${address} ${kind}`),
      ['ada@example.org hard', 'ben@example.org complaint'],
    )
    await assert.rejects(
      readHook('sendgrid', call(`${events} `, headers), { sendgridKey }),
      /prove where it comes from/,
    )
    const another = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey
    const signedAt = (seconds: string, key = privateKey) => ({
      'x-twilio-email-event-webhook-timestamp': seconds,
      'x-twilio-email-event-webhook-signature': createSign('sha256')
        .update(seconds + events)
        .sign(key, 'base64'),
    })
    const hoursAgo = (hours: number) => String(Number(timestamp) - hours * 3600)
    for (const forged of [
      signedAt(timestamp, another),
      signedAt(hoursAgo(26)),
      signedAt(''),
      signedAt('soon'),
      { ...headers, 'x-twilio-email-event-webhook-timestamp': hoursAgo(1) },
      {},
    ])
      await assert.rejects(readHook('sendgrid', call(events, forged as never), { sendgridKey }), /prove where/)
    const again = await readHook('sendgrid', call(events, signedAt(hoursAgo(20))), { sendgridKey })
    assert.equal(again.length, 2, 'it may have tried for a while')
  })

  test('SES: Amazon’s signature over the notice, of our topic only, with a certificate from Amazon only', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const fetched: string[] = []
    const fetchText = async (url: string) => {
      fetched.push(url)
      return publicKey.export({ type: 'spki', format: 'pem' }) as string
    }
    const sesTopic = 'arn:aws:sns:eu-west-1:123456789012:bounces'
    const message = {
      notificationType: 'Bounce',
      bounce: { bounceType: 'Permanent', bouncedRecipients: [{ emailAddress: 'ada@example.org', status: '5.1.1' }] },
    }
    const notice = (change: Record<string, string> = {}) => {
      const fields: Record<string, string> = {
        Type: 'Notification',
        MessageId: 'm1',
        TopicArn: sesTopic,
        Message: JSON.stringify(message),
        Timestamp: now.toISOString(),
        SignatureVersion: '2',
        SigningCertURL: 'https://sns.eu-west-1.amazonaws.com/cert.pem',
        ...change,
      }
      const text = ['Message', 'MessageId', 'Timestamp', 'TopicArn', 'Type']
        .map((name) => `${name}\n${fields[name]}\n`)
        .join('')
      return { ...fields, Signature: createSign('RSA-SHA256').update(text).sign(privateKey, 'base64') }
    }
    const settings = { sesTopic, fetchText }
    const [report] = await readHook('ses', call(JSON.stringify(notice())), settings)
    assert.deepEqual([report?.kind, report?.address], ['hard', 'ada@example.org'])
    fetched.length = 0
    await assert.rejects(readHook('ses', call(JSON.stringify(notice({ TopicArn: 'arn:aws:sns:x:1:other' }))), settings))
    await assert.rejects(
      readHook('ses', call(JSON.stringify(notice({ SigningCertURL: 'https://sns.evil.example/c.pem' }))), settings),
    )
    assert.deepEqual(fetched, [], 'nothing is fetched from elsewhere')
    const at = (hours: number) => new Date(now.getTime() + hours * 3_600_000).toISOString()
    for (const [forged, what] of [
      [{ ...notice(), Message: '{}' }, 'altered'],
      [{ ...notice(), Timestamp: at(1) }, 'given another time'],
      [{ ...notice(), Signature: Buffer.from('x').toString('base64') }, 'signed by nobody'],
      [notice({ Timestamp: at(-26) }), 'played again'],
      [notice({ Timestamp: at(1) }), 'of the future'],
    ] as const)
      await assert.rejects(readHook('ses', call(JSON.stringify(forged)), settings), /prove where it comes from/, what)
    assert.equal((await readHook('ses', call(JSON.stringify(notice({ Timestamp: at(-20) }))), settings)).length, 1)
  })
})
