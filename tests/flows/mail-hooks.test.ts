import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { subscribed } from '../digests.ts'
import { startMailServer } from '../mail-server.ts'
import { onEverySite } from '../open-site.ts'

const secret = 'a-secret-of-more-than-sixteen'

onEverySite('calls of a relay', (open) => {
  test('one with its proof suppresses the address, once however often it is told; forged, old or of nobody, nothing', async (t) => {
    const server = await startMailServer(t)
    const site = await open(t, {
      SMTP_URL: `smtp://127.0.0.1:${server.port}?tls=none&rate=0`,
      PAPERROUND_MAIL_FROM: 'Papers <papers@example.org>',
      PAPERROUND_BASE_URL: 'http://localhost:3000',
      PAPERROUND_HOOK_SECRET: secret,
    })
    if (!site) return
    const { db, clock } = site.context
    await subscribed(db, 'ada@example.org')
    const body = JSON.stringify({ events: [{ id: '1', kind: 'hard', address: 'ada@example.org', status: '5.1.1' }] })
    const call = (seconds: number, key = secret, path = 'generic', text = body) => {
      const signature = createHmac('sha256', key).update(`${seconds}.${body}`).digest('hex')
      const headers = { 'x-timestamp': String(seconds), 'x-signature': `sha256=${signature}` }
      return site.ask(`/hooks/mail/${path}`, { method: 'POST', body: text, headers })
    }
    const now = Math.floor(clock().getTime() / 1000)
    const states = await Promise.all([
      call(now, 'another secret of a good length'),
      call(now - 600),
      call(now, secret, 'generic', body.replace('ada', 'ben')),
      call(now, secret, 'sendgrid'),
      call(now, secret, 'ses'),
      call(now, secret, 'postmark'),
      call(now, secret, 'nobody'),
      site.ask('/hooks/mail/generic'),
    ])
    assert.deepEqual(
      states.map(({ status }) => status),
      [403, 403, 403, 403, 400, 403, 404, 405],
    )
    const suppressed = () => db.selectFrom('suppression').select(['address', 'reason']).execute()
    assert.equal((await suppressed()).length, 0)
    for (let time = 0; time < 2; time++) assert.equal((await call(now)).status, 200)
    assert.deepEqual(
      (await suppressed()).map(({ address, reason }) => `${address} ${reason}`),
      ['ada@example.org hard'],
    )
    assert.equal((await db.selectFrom('mail_return').select('id').execute()).length, 1)
  })
})
