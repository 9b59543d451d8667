import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { withoutMailServers } from '../../../scripts/find-mail-servers.ts'
import { emptyMaildir, startDovecot } from '../../../tests/dovecot.ts'
import { parseImapUrl } from './imap-url.ts'
import { checkMailbox, readMailbox } from './mailbox.ts'

const skip = withoutMailServers('dovecot')

const mail = (text: string) => `Subject: ${text}\r\n\r\n${text}\r\n`
const subjectOf = (source: string) => /^Subject: (.*)\r$/m.exec(source)?.[1] ?? ''

test('P42: how a mailbox is reached is said in its address, and nothing softens it', () => {
  const read = (url: string) => parseImapUrl(url)
  assert.deepEqual(
    ['imaps://a:b@mail.example.org', 'imap://a:b@mail.example.org/Bounces', 'imap://a:b@localhost?tls=none'].map(
      (url) => `${read(url).security} ${read(url).port} ${read(url).folder}`,
    ),
    ['tls 993 INBOX', 'starttls 143 Bounces', 'none 143 INBOX'],
  )
  for (const [url, message] of [
    ['imap://a:b@mail.example.org?tls=none', /this machine only/],
    ['imaps://a:b@localhost?tls=none', /encrypted from the start/],
    ['imaps://a:b@mail.example.org?secure=no', /no parameter "secure"/],
    ['imaps://mail.example.org', /expected imaps:/],
  ] as const)
    assert.throws(() => read(url), message, url)
})

test('a real IMAP server hands over what is unread, oldest first and once; what fails stays for the next visit', {
  skip,
}, async (t) => {
  const { box, put } = emptyMaildir(t)
  const server = await startDovecot(t, box)
  const mailbox = parseImapUrl(`imaps://bounces:secret@localhost:${server.tlsPort}?ca=${server.certFile}`)
  const visit = async (problem?: string) => {
    const seen: string[] = []
    const take = async (source: string) => {
      if (subjectOf(source) === problem) throw new Error('the database is busy')
      seen.push(subjectOf(source))
    }
    const report = await readMailbox(mailbox, take).catch((error: Error) => error.message)
    return { seen, report }
  }
  assert.deepEqual(await visit(), { seen: [], report: { taken: 0, left: 0 } })
  for (const text of ['one', 'two', 'three']) put(mail(text))
  const { seen, report } = await visit('two')
  assert.deepEqual(seen, ['one', 'three'], 'the one that fails does not stop the others')
  assert.match(String(report), /^1 messages of INBOX at localhost:\d+ .* the first because: the database is busy$/)
  assert.doesNotMatch(String(report), /secret/)
  assert.deepEqual(await visit(), { seen: ['two'], report: { taken: 1, left: 0 } })
  assert.deepEqual((await visit()).seen, [])
  assert.equal(
    readdirSync(join(box, 'cur')).filter((name) => /:2,S$/.test(name)).length,
    3,
    'marked as read on the disk',
  )

  for (let n = 0; n < 3; n++) put(mail(`later ${n}`))
  const stop = new AbortController()
  const first: string[] = []
  const options = { signal: stop.signal }
  const stopping = async (source: string) => {
    first.push(subjectOf(source))
    stop.abort()
  }
  const cut = await readMailbox(mailbox, stopping, options)
  assert.deepEqual([first, cut], [['later 0'], { taken: 1, left: 2 }], 'the program stops: the rest is left as it was')
  assert.deepEqual((await visit()).seen, ['later 1', 'later 2'])
})

test('P42: what was asked for is encrypted, or no password is sent; every refusal says why', { skip }, async (t) => {
  const { box, put } = emptyMaildir(t)
  const server = await startDovecot(t, box)
  put(mail('hello'))
  const at = (url: string) => checkMailbox(parseImapUrl(url), 5_000)
  const { port, tlsPort, certFile } = server
  assert.equal(await at(`imaps://bounces:secret@localhost:${tlsPort}?ca=${certFile}`), undefined)
  assert.equal(await at(`imap://bounces:secret@localhost:${port}?ca=${certFile}`), undefined, 'STARTTLS')
  assert.equal(await at(`imap://bounces:secret@127.0.0.1:${port}?tls=none`), undefined)
  assert.match(server.log(), /Login: user=<bounces>.*TLS/)
  const before = server.log().split('Login:').length
  assert.match((await at(`imaps://bounces:secret@localhost:${tlsPort}`)) ?? '', /self.signed/i, 'not ours to believe')
  assert.match((await at(`imap://bounces:secret@localhost:${port}`)) ?? '', /self.signed/i)
  assert.equal(server.log().split('Login:').length, before, 'nobody signed in')
  const wrong = await at(`imaps://bounces:wrong@localhost:${tlsPort}?ca=${certFile}`)
  assert.match(wrong ?? '', /^wrong user or password/)

  const plain = await startDovecot(t, box, { ssl: 'no' })
  const refused = await at(`imap://bounces:secret@localhost:${plain.port}?ca=${certFile}`)
  assert.match(refused ?? '', /does not support STARTTLS/)
  assert.doesNotMatch(plain.log(), /user=<bounces>/, 'the password was not even tried')
  await plain.stop()
  const gone = parseImapUrl(`imap://bounces:secret@127.0.0.1:${plain.port}?tls=none`)
  await assert.rejects(
    readMailbox(gone, async () => {}),
    { code: 'unavailable', message: /^The mailbox INBOX at 127\.0\.0\.1:\d+ .* cannot be read: .*ECONNREFUSED/ },
  )
})
