import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { chmodSync, existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { simpleParser } from 'mailparser'
import { until } from '../../../tests/processes.ts'
import { freePort } from '../../../tests/wire.ts'
import { createMailer, Pace, parseSmtpUrl } from './index.ts'

// One mail server that is not written in JavaScript: OpenSMTPD (Debian: opensmtpd), which starts as root only.
const smtpd = ['/usr/sbin/smtpd', '/usr/local/sbin/smtpd'].find((path) => existsSync(path))
const skip = smtpd && process.getuid?.() === 0 ? false : 'no OpenSMTPD, or not root: apt-get install opensmtpd'

test('a real mail server takes what is for it, delivers it to a maildir, and refuses to relay', { skip }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'paperround-smtpd-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const mailbox = join(folder, 'mail')
  mkdirSync(mailbox)
  // It delivers as another user.
  for (const path of [folder, mailbox]) chmodSync(path, 0o777)
  const port = await freePort()
  const file = join(folder, 'smtpd.conf')
  writeFileSync(
    file,
    `listen on 127.0.0.1 port ${port}
table readers { "@example.org" = "nobody" }
action "keep" maildir "${mailbox}/%{rcpt.user}" virtual <readers>
match from any for domain "example.org" action "keep"
`,
  )
  const server = spawn(smtpd as string, ['-d', '-f', file], { stdio: ['ignore', 'pipe', 'pipe'] })
  t.after(() => server.kill('SIGTERM'))
  const smtp = parseSmtpUrl(`smtp://127.0.0.1:${port}?tls=none&rate=0`)
  using mailer = createMailer({ smtp, from: 'Papers <papers@example.com>', pace: new Pace(1) })
  for (let tries = 0; tries < 50 && (await mailer.transport.check()); tries++)
    await new Promise((resolve) => setTimeout(resolve, 100))
  const send = (to: string) =>
    mailer.send({ to, subject: 'Daily papers: ℓ₂', text: '.\nA dot alone.', date: new Date() })
  const outcomes = await Promise.all(Array.from({ length: 30 }, (_, n) => send(`reader${n}@example.org`)))
  assert.deepEqual([...new Set(outcomes.map(({ kind }) => kind))], ['accepted'])
  assert.equal((await send('somebody@elsewhere.example')).kind, 'recipient')
  const delivered = () => globSync('*/new/*', { cwd: mailbox })
  await until(() => delivered().length === 30)
  const mail = await simpleParser(readFileSync(join(mailbox, delivered()[0] as string)))
  assert.deepEqual([mail.subject, mail.text?.trim()], ['Daily papers: ℓ₂', '.\nA dot alone.'])
})
