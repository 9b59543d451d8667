import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { test } from 'node:test'
import { simpleParser } from 'mailparser'
import { withoutMailServers } from '../../../scripts/find-mail-servers.ts'
import { startOpenSmtpd } from '../../../tests/opensmtpd.ts'
import { until } from '../../../tests/processes.ts'
import { createMailer, Pace, parseSmtpUrl } from './index.ts'

const skip = withoutMailServers('smtpd')

test('a real mail server takes what is for it, delivers it to a maildir, and refuses to relay', { skip }, async (t) => {
  const server = await startOpenSmtpd(t, { 'example.org': '%{rcpt.user}' })
  const smtp = parseSmtpUrl(`smtp://127.0.0.1:${server.port}?tls=none&rate=0`)
  using mailer = createMailer({ smtp, from: 'Papers <papers@example.com>', pace: new Pace(1) })
  const send = (to: string) =>
    mailer.send({ to, subject: 'Daily papers: ℓ₂', text: '.\nA dot alone.', date: new Date() })
  const outcomes = await Promise.all(Array.from({ length: 30 }, (_, n) => send(`reader${n}@example.org`)))
  assert.deepEqual([...new Set(outcomes.map(({ kind }) => kind))], ['accepted'])
  assert.equal((await send('somebody@elsewhere.example')).kind, 'recipient')
  const delivered = () => readdirSync(server.mail).flatMap((user) => server.messagesIn(user))
  await until(() => delivered().length === 30)
  const mail = await simpleParser(delivered()[0] as Buffer)
  assert.deepEqual([mail.subject, mail.text?.trim()], ['Daily papers: ℓ₂', '.\nA dot alone.'])
})
