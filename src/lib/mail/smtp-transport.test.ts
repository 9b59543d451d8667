import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { describe, type TestContext, test } from 'node:test'
import { localCertificate, type Manners, startMailServer } from '../../../tests/mail-server.ts'
import { createMailer, type Mailer, type Outcome, parseSmtpUrl } from './index.ts'

const date = new Date('2026-03-02T06:30:00.000Z')
const mail = (to = 'ada@example.org') => ({ to, subject: 'Daily papers', text: 'Two papers.\n.\nA dot alone.', date })

/** Servers that say nothing are given up soon; others get time, however busy the machine is. */
const IMPATIENT_SECONDS = 0.6

async function mailerFor(t: TestContext, port: number, parameters = '', timeoutSeconds = 20): Promise<Mailer> {
  const settings = parseSmtpUrl(`smtp://127.0.0.1:${port}?tls=none&rate=0${parameters}`)
  const smtp = { ...settings, timeoutSeconds }
  const mailer = createMailer({ smtp, from: 'Lab Papers <papers@example.org>' })
  t.after(() => mailer[Symbol.dispose]())
  return mailer
}

/** One message to a server of these manners, and what became of it. */
async function outcomeUnder(t: TestContext, manners: Manners, patience = 20): Promise<Outcome & { delivered: number }> {
  const server = await startMailServer(t, manners)
  const mailer = await mailerFor(t, server.port, '', patience)
  const outcome = await mailer.send(mail())
  return { ...outcome, delivered: server.delivered.length }
}

describe('what became of a message', () => {
  test('accepted: the server’s own words are kept, and what arrives is what was sent', async (t) => {
    const server = await startMailServer(t)
    const mailer = await mailerFor(t, server.port)
    const outcome = await mailer.send({ ...mail(), envelopeFrom: 'bounce+abc@example.org' })
    assert.equal(outcome.kind, 'accepted')
    assert.match((outcome as { reply: string }).reply, /^250 /)
    const [arrived] = await server.mailTo('ada@example.org')
    assert.equal(arrived?.text?.trim(), 'Two papers.\n.\nA dot alone.')
    assert.equal(arrived?.from?.text, '"Lab Papers" <papers@example.org>')
    assert.equal(server.delivered[0]?.from, 'bounce+abc@example.org')
  })

  const busy = { code: 451, text: '4.3.0 try later' }
  const cases: [title: string, manners: Manners, kind: Outcome['kind'], delivered: number][] = [
    ['4xx to the recipient is temporary', { recipient: () => busy }, 'temporary', 0],
    ['4xx after the message is temporary', { message: () => busy }, 'temporary', 0],
    [
      '5xx to the recipient is about the recipient',
      { recipient: () => ({ code: 550, text: '5.1.1 no such user' }) },
      'recipient',
      0,
    ],
    ['5xx to the sender is a refusal', { sender: () => ({ code: 553, text: '5.7.1 not you' }) }, 'refused', 0],
    ['5xx after the message is a refusal', { message: () => ({ code: 554, text: '5.7.1 policy' }) }, 'refused', 0],
    [
      '421 at the greeting is about the server',
      { connect: () => ({ code: 421, text: 'come back' }) },
      'unreachable',
      0,
    ],
    [
      '421 to the recipient is about the server',
      { recipient: () => ({ code: 421, text: 'closing' }) },
      'unreachable',
      0,
    ],
    [
      '421 after the message is temporary: it was not taken',
      { message: () => ({ code: 421, text: 'closing' }) },
      'temporary',
      0,
    ],
    ['a line cut at the recipient has handed nothing over', { recipient: () => 'drop' }, 'unreachable', 0],
    ['a line cut after the message is unknown, taken', { message: () => ({ drop: 'taken' }) }, 'unknown', 1],
    ['a line cut after the message is unknown, or not', { message: () => 'drop' }, 'unknown', 0],
    ['silence at the recipient has handed nothing over', { recipient: () => 'stall' }, 'unreachable', 0],
    ['silence after the message is unknown', { message: () => 'stall' }, 'unknown', 0],
  ]
  for (const [title, manners, kind, delivered] of cases) {
    test(title, async (t) => {
      const patience = title.startsWith('silence') ? IMPATIENT_SECONDS : 20
      const outcome = await outcomeUnder(t, manners, patience)
      assert.deepEqual([outcome.kind, outcome.delivered], [kind, delivered], JSON.stringify(outcome))
    })
  }

  test('an enhanced code is read out of the reply', async (t) => {
    const outcome = await outcomeUnder(t, { recipient: () => ({ code: 550, text: '5.1.1 no such user' }) })
    assert.equal('enhanced' in outcome && outcome.enhanced, '5.1.1')
  })

  test('nobody at the address: unreachable, with a time to come back', async (t) => {
    const mailer = await mailerFor(t, 9)
    const outcome = await mailer.send(mail())
    assert.equal(outcome.kind, 'unreachable')
    assert.match((outcome as { reason: string }).reason, /ECONNREFUSED/)
    assert.ok((outcome as { retryInMs: number }).retryInMs > 1000)
    // While the host is left alone nothing is tried, but for what somebody waits for.
    const started = performance.now()
    assert.equal((await mailer.send(mail())).kind, 'unreachable')
    assert.ok(performance.now() - started < 5_000)
  })
})

describe('before the message flows', () => {
  test('a "no" stops it, and nothing arrives; the next one goes', async (t) => {
    const server = await startMailServer(t)
    const mailer = await mailerFor(t, server.port)
    assert.equal((await mailer.send(mail(), { beforeData: async () => false })).kind, 'stopped')
    assert.equal(server.delivered.length, 0)
    assert.equal((await mailer.send(mail(), { beforeData: async () => true })).kind, 'accepted')
    assert.equal(server.delivered.length, 1)
  })

  test('a mark that cannot be written stops it as well', async (t) => {
    const server = await startMailServer(t)
    const mailer = await mailerFor(t, server.port)
    const outcome = await mailer.send(mail(), { beforeData: () => Promise.reject(new Error('disk full')) })
    assert.deepEqual(outcome, { kind: 'stopped', reason: 'disk full' })
    assert.equal(server.delivered.length, 0)
  })

  test('it is asked only after the server agreed to take the message', async (t) => {
    let asked = 0
    const server = await startMailServer(t, { recipient: () => ({ code: 550, text: 'no' }) })
    const mailer = await mailerFor(t, server.port)
    const beforeData = async () => {
      asked++
      return true
    }
    await mailer.send(mail(), { beforeData })
    assert.equal(asked, 0)
  })
})

describe('encryption', () => {
  const skip = 'no OpenSSL to make a certificate with'

  test('P42: a server without STARTTLS gets neither password nor mail', async (t) => {
    const server = await startMailServer(t)
    const smtp = parseSmtpUrl(`smtp://ada:hunter2@localhost:${server.port}?timeout=2`)
    using mailer = createMailer({ smtp, from: 'papers@example.org' })
    const outcome = await mailer.send(mail())
    assert.equal(outcome.kind, 'unreachable')
    assert.equal(server.delivered.length, 0)
  })

  test('STARTTLS and TLS from the start, with a certificate of our own authority', async (t) => {
    const certificate = localCertificate(t)
    if (!certificate) return t.skip(skip)
    const { certFile, key, cert } = certificate
    for (const scheme of ['smtp', 'smtps']) {
      const onAuth = (
        auth: { username?: string; password?: string },
        _: unknown,
        answer: (e: Error | null, r?: object) => void,
      ) => answer(null, { user: `${auth.username}/${auth.password}` })
      const server = await startMailServer(t, {}, { key, cert, secure: scheme === 'smtps', onAuth: onAuth as never })
      const smtp = parseSmtpUrl(`${scheme}://ada:p%40ss@localhost:${server.port}?timeout=2&ca=${certFile}`)
      using mailer = createMailer({ smtp, from: 'papers@example.org' })
      assert.equal((await mailer.send(mail())).kind, 'accepted')
      assert.deepEqual([server.delivered[0]?.isEncrypted, server.delivered[0]?.user], [true, 'ada/p@ss'])
      const strict = parseSmtpUrl(`${scheme}://localhost:${server.port}?timeout=2`)
      using distrustful = createMailer({ smtp: { ...strict, rate: 0 }, from: 'papers@example.org' })
      assert.match(String(await distrustful.transport.check()), /self-signed|certificate/i)
    }
  })

  test('a wrong password is about the server, so that no mail is given up for it', async (t) => {
    const certificate = localCertificate(t)
    if (!certificate) return t.skip(skip)
    const { certFile, key, cert } = certificate
    const onAuth = (_a: unknown, _s: unknown, answer: (e: Error) => void) =>
      answer(Object.assign(new Error('5.7.8 wrong'), { responseCode: 535 }))
    const server = await startMailServer(t, {}, { key, cert, secure: true, onAuth: onAuth as never })
    const smtp = parseSmtpUrl(`smtps://ada:wrong@localhost:${server.port}?timeout=2&ca=${certFile}`)
    using mailer = createMailer({ smtp, from: 'papers@example.org' })
    const outcome = await mailer.send(mail())
    assert.equal(outcome.kind, 'unreachable')
    assert.doesNotMatch(JSON.stringify(outcome), /"wrong"/)
  })
})

describe('many messages', () => {
  test('share a few sessions, and none is lost or sent twice', async (t) => {
    const server = await startMailServer(t)
    let most = 0
    const mailer = await mailerFor(t, server.port, '&connections=3')
    const outcomes = await Promise.all(
      Array.from({ length: 250 }, async (_, n) => {
        const outcome = await mailer.send(mail(`reader${n}@example.org`))
        most = Math.max(most, server.connections())
        return outcome.kind
      }),
    )
    assert.deepEqual(new Set(outcomes), new Set(['accepted']))
    assert.equal(new Set(server.delivered.map(({ to }) => to)).size, 250)
    assert.equal(server.delivered.length, 250)
    assert.ok(most <= 9, `${most} connections`) // three at work, and those saying goodbye on a busy machine
  })

  test('one refused in the middle does not disturb the others of its session', async (t) => {
    const server = await startMailServer(t, {
      recipient: (to) => (to.startsWith('gone') ? { code: 550, text: '5.1.1 gone' } : 'accept'),
    })
    const mailer = await mailerFor(t, server.port, '&connections=1')
    const kinds = []
    for (const to of ['a@example.org', 'gone@example.org', 'b@example.org'])
      kinds.push((await mailer.send(mail(to))).kind)
    assert.deepEqual(kinds, ['accepted', 'recipient', 'accepted'])
  })

  test('keep to the rate, whichever transport they go through', async (t) => {
    const server = await startMailServer(t)
    const settings = { ...parseSmtpUrl(`smtp://127.0.0.1:${server.port}?tls=none`), rate: 20 }
    using one = createMailer({ smtp: settings, from: 'papers@example.org' })
    using two = createMailer({ smtp: settings, from: 'papers@example.org' })
    const started = performance.now()
    await Promise.all([...Array(8).keys()].map((n) => (n % 2 ? one : two).send(mail(`r${n}@example.org`))))
    assert.ok(performance.now() - started >= 340, `${performance.now() - started} ms for eight at twenty a second`)
  })

  test('what somebody waits for goes before what was waiting', async (t) => {
    const server = await startMailServer(t)
    const mailer = await mailerFor(t, server.port, '&connections=1')
    const digests = [...Array(10).keys()].map((n) => mailer.send(mail(`r${n}@example.org`)))
    await Promise.all([...digests, mailer.send(mail('signs-in@example.org'), { urgent: true })])
    assert.ok(server.delivered.findIndex(({ to }) => to === 'signs-in@example.org') <= 2)
  })

  test('a session that the server closed while it lay idle is no failure', async (t) => {
    const server = await startMailServer(t, {}, { socketTimeout: 150 })
    const mailer = await mailerFor(t, server.port)
    assert.equal((await mailer.send(mail())).kind, 'accepted')
    await new Promise((resolve) => setTimeout(resolve, 400))
    assert.equal((await mailer.send(mail())).kind, 'accepted')
    assert.equal(server.delivered.length, 2)
  })

  test('a server that says nothing at all is given up in time', async (t) => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1')
    t.after(() => silent.close())
    await new Promise((resolve) => silent.once('listening', resolve))
    const mailer = await mailerFor(t, (silent.address() as { port: number }).port, '', IMPATIENT_SECONDS)
    const started = performance.now()
    assert.equal((await mailer.send(mail())).kind, 'unreachable')
    assert.ok(performance.now() - started < 10_000)
  })
})
