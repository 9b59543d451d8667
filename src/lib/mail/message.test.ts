import assert from 'node:assert/strict'
import { statSync } from 'node:fs'
import { test } from 'node:test'
import { dkimVerify } from 'mailauth/lib/dkim/verify.js'
import { simpleParser } from 'mailparser'
import { temporaryFolder } from '../../../tests/databases.ts'
import { addressOf, buildMessage, dkimName, dkimRecord, domainOf, loadDkimKey, signMessage, textOf } from './index.ts'

const date = new Date('2026-03-02T06:30:00.000Z')
const unsubscribe = {
  'List-Unsubscribe':
    '<https://papers.example.org/u/0123456789abcdef0123456789abcdef>, <mailto:unsub+0123456789abcdef@papers.example.org?subject=unsubscribe>',
  'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
}
const mail = {
  from: '"Gruppe für Käse" <papers@example.org>',
  to: 'ada@example.org',
  subject: 'Daily papers, Mon 2 March: 24 papers on ℓ₂ and naïve Käse',
  messageId: '<digest.2026-03-02.abc@papers.example.org>',
  text: 'naïve ℓ₂ text  \n\n\n',
  html: '<p>naïve <b>ℓ₂</b> &lt;tag&gt;</p>',
  headers: unsubscribe,
  date,
}

test('headers and both parts arrive as they were given', async () => {
  const raw = await buildMessage(mail)
  const parsed = await simpleParser(raw)
  assert.equal(parsed.subject, mail.subject)
  assert.equal(parsed.messageId, mail.messageId)
  assert.equal(parsed.date?.toISOString(), date.toISOString())
  assert.equal(parsed.html, mail.html)
  assert.match(parsed.text ?? '', /^naïve ℓ₂ text/)
  const source = raw.toString('latin1')
  assert.match(source.replace(/\r\n[ \t]+/g, ' '), /^List-Unsubscribe: <https:\/\/[^>]+>, <mailto:[^>]+>\r$/m)
  assert.match(source, /^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r$/m)
  assert.doesNotMatch(source, /[^\r]\n/, 'every line ends in CR LF')
  assert.doesNotMatch(source, /[\x80-\xff]/, 'seven bits')
  assert.ok(source.split('\r\n').every((line) => line.length <= 200))
})

test('a line break in a header is refused, not sent', async () => {
  const evil = { ...mail, headers: { 'List-Id': 'a\r\nBcc: everybody@example.org' } }
  await assert.rejects(buildMessage(evil), /line break/)
  await assert.rejects(buildMessage({ ...mail, subject: 'a\nb' }), /line break/)
})

test('the signature is valid for an independent verifier and covers both unsubscribe headers', async (t) => {
  const folder = temporaryFolder(t)
  const key = loadDkimKey(folder, 'example.org', 'paperround')
  assert.equal(statSync(`${folder}/dkim-paperround.pem`).mode & 0o777, 0o600)
  assert.equal(dkimRecord(loadDkimKey(folder, 'example.org', 'paperround')), dkimRecord(key), 'the key stays')
  const resolver = async (name: string) => {
    assert.equal(name, dkimName(key))
    return [[dkimRecord(key)]]
  }
  const signed = await signMessage(await buildMessage(mail), key)
  const verdict = async (message: Buffer) => {
    const { results } = await dkimVerify(message, { resolver } as never)
    return results[0] as { status: { result: string; aligned?: string }; signingHeaders?: { keys: string } }
  }
  const result = await verdict(signed)
  assert.equal(result.status.result, 'pass', JSON.stringify(result.status))
  assert.equal(result.status.aligned, 'example.org')
  const covered = (result.signingHeaders?.keys ?? '').toLowerCase()
  for (const name of ['from', 'to', 'subject', 'date', 'message-id', 'list-unsubscribe', 'list-unsubscribe-post'])
    assert.match(covered, new RegExp(`(^|[^a-z-])${name}([^a-z-]|$)`), `${name} in ${covered}`)
  const altered = (from: string, to: string) => Buffer.from(signed.toString('latin1').replace(from, to), 'latin1')
  assert.notEqual((await verdict(altered('papers.example.org/u/', 'evil.example.org/u/'))).status.result, 'pass')
  assert.notEqual((await verdict(altered('List-Unsubscribe=One-Click', 'List-Unsubscribe=Two'))).status.result, 'pass')
  const second = Buffer.concat([Buffer.from('From: evil@example.com\r\n'), signed])
  assert.notEqual((await verdict(second)).status.result, 'pass', 'a second From breaks it')
})

test('the text part of a simple page has its words and addresses', () => {
  const text = textOf('<h1>Sign in</h1><p>Use <a href="https://papers.example.org/x">this link</a>.</p><img src="x">')
  assert.match(text, /Sign in/)
  assert.match(text, /this link \[https:\/\/papers\.example\.org\/x\]/)
})

test('the address and domain of a mailbox', () => {
  assert.equal(addressOf('"Lab, Papers" <papers@Example.org>'), 'papers@Example.org')
  assert.equal(addressOf('papers@example.org'), 'papers@example.org')
  assert.equal(domainOf('"Lab" <papers@Example.org>'), 'example.org')
})
