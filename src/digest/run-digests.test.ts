import assert from 'node:assert/strict'
import { test } from 'node:test'
import { onEveryDatabase } from '../../tests/databases.ts'
import { clockAt, deliveryStates, digestTools, fillEdition, subscribed } from '../../tests/digests.ts'
import { startMailServer } from '../../tests/mail-server.ts'
import { endSubscription, runDigests } from './index.ts'

const worker = 'test'

onEveryDatabase('digests', (open) => {
  test('a reader gets the papers of the day once, at the promised hour, however often it is tried', async (t) => {
    const db = await open(t)
    if (!db) return
    const server = await startMailServer(t)
    await fillEdition(db, '2026-03-02', 5)
    await subscribed(db, 'ada@example.org', { zone: 'Europe/Berlin', length: 3 }, new Date('2026-03-01T12:00:00Z'))
    const clock = clockAt('2026-03-02T05:59:00Z')
    const tools = digestTools(t, db, server, clock)
    await runDigests(tools, { worker })
    assert.equal(server.delivered.length, 0, 'not before 07:00 in Berlin')
    clock.now = new Date('2026-03-02T06:00:00Z')
    for (let time = 0; time < 3; time++) await runDigests(tools, { worker })
    assert.equal(server.delivered.length, 1)
    const [mail] = await server.mailTo('ada@example.org')
    assert.equal(mail?.subject, 'Daily papers, Mon 2 March: 3 papers')
    assert.match(mail?.text ?? '', /Paper 1 of 2026-03-02 about ℓ₁? ?/)
    assert.deepEqual(await deliveryStates(db), ['ada@example.org 2026-03-02: sent'])
    const { covered_through } = await db.selectFrom('subscription').select('covered_through').executeTakeFirstOrThrow()
    assert.equal(covered_through, '2026-03-02')
  })

  test('what changes after the issue is frozen does not change the mail', async (t) => {
    const db = await open(t)
    if (!db) return
    const server = await startMailServer(t, {
      recipient: (_, nth) => (nth === 0 ? { code: 451, text: '4.7.1 greylisted' } : 'accept'),
    })
    const ids = await fillEdition(db, '2026-03-02', 3)
    await subscribed(db, 'ada@example.org', {}, new Date('2026-03-01T12:00:00Z'))
    const clock = clockAt('2026-03-02T07:00:00Z')
    const tools = digestTools(t, db, server, clock)
    await runDigests(tools, { worker })
    assert.deepEqual(await deliveryStates(db), ['ada@example.org 2026-03-02: planned'])
    await db.updateTable('standing').set({ upvotes: 99 }).where('paper_id', '=', ids[2]!).execute()
    await db.updateTable('paper').set({ title: 'Another title', revision: 7 }).where('id', '=', ids[0]!).execute()
    clock.now = new Date('2026-03-02T08:00:00Z')
    await runDigests(tools, { worker })
    const [mail] = await server.mailTo('ada@example.org')
    assert.match(mail?.text ?? '', /1\. Paper 1 of 2026-03-02/)
    assert.doesNotMatch(mail?.text ?? '', /99|Another title/)
  })

  test('unsubscribed between plan and claim: nothing goes out, and a row says why', async (t) => {
    const db = await open(t)
    if (!db) return
    const server = await startMailServer(t, { connect: () => 'drop' })
    await fillEdition(db, '2026-03-02', 3)
    await subscribed(db, 'ada@example.org', {}, new Date('2026-03-01T12:00:00Z'))
    const clock = clockAt('2026-03-02T07:00:00Z')
    await runDigests(digestTools(t, db, server, clock), { worker })
    const { token } = await db.selectFrom('subscription').select('token').executeTakeFirstOrThrow()
    await endSubscription(db, token, 'one-click', { how: 'test' }, clock.now)
    clock.now = new Date('2026-03-02T08:00:00Z')
    const working = await startMailServer(t)
    await runDigests(digestTools(t, db, working, clock), { worker })
    assert.equal(working.delivered.length, 0)
    assert.deepEqual(await deliveryStates(db), ['ada@example.org 2026-03-02: skipped (unsubscribed)'])
  })
})
