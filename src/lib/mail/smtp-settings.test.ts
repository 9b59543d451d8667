import assert from 'node:assert/strict'
import { test } from 'node:test'
import { describeSmtp, parseSmtpUrl } from './index.ts'

test('P42: the scheme says how the connection is protected, and nothing softens it', () => {
  assert.equal(parseSmtpUrl('smtps://a:b@mail.example.org').security, 'tls')
  assert.equal(parseSmtpUrl('smtps://a:b@mail.example.org').port, 465)
  assert.equal(parseSmtpUrl('smtp://a:b@mail.example.org').security, 'starttls')
  assert.equal(parseSmtpUrl('smtp://a:b@mail.example.org').port, 587)
  assert.equal(parseSmtpUrl('smtp://localhost').security, 'starttls')
  assert.deepEqual(
    [parseSmtpUrl('smtp://localhost?tls=none').security, parseSmtpUrl('smtp://localhost?tls=none').port],
    ['none', 25],
  )
  assert.equal(parseSmtpUrl('smtp://[::1]:2525?tls=none').host, '::1')
  for (const [url, message] of [
    ['smtp://mail.example.org?tls=none', /this machine only/],
    ['smtp://127.evil.example?tls=none', /this machine only/],
    ['smtps://localhost?tls=none', /encrypted from the start/],
    ['smtp://mail.example.org?tls=maybe', /always encrypted/],
    ['smtp://mail.example.org?secure=false', /no parameter "secure"/],
    ['smtp://mail.example.org?rate=fast', /"rate" is a number/],
    ['http://mail.example.org', /expected smtps:/],
    ['mail.example.org', /expected smtps:/],
  ] as const)
    assert.throws(() => parseSmtpUrl(url), message, url)
})

test('a description holds no password, and a password may hold anything', () => {
  const settings = parseSmtpUrl('smtp://us%40er:p%2Fw%3A@mail.example.org?rate=2.5&connections=2')
  assert.deepEqual([settings.user, settings.password, settings.rate, settings.connections], ['us@er', 'p/w:', 2.5, 2])
  assert.equal(describeSmtp(settings), 'mail.example.org:587 (STARTTLS required, as us@er)')
})
