import assert from 'node:assert/strict'
import { test } from 'node:test'
import { onEveryDatabase } from '../../tests/databases.ts'
import { clockAt, digestTools, fillEdition, subscribed } from '../../tests/digests.ts'
import { startMailServer } from '../../tests/mail-server.ts'
import { saveBeat } from '../db/index.ts'
import { digestTroubles, runDigests } from '../digest/index.ts'
import type { JobTools } from './job.ts'
import { watchSources } from './watch-sources.ts'

const days = ['2026-03-02', '2026-03-03', '2026-03-04', '2026-03-05']

onEveryDatabase('P39 the heartbeat of digests', (open) => {
  test('two promised days without a mail are told once, and once when mail goes out again', async (t) => {
    const db = await open(t)
    if (!db) return
    let isRefused = false
    const server = await startMailServer(t, {
      message: (to) => (isRefused && to.startsWith('reader') ? { code: 554, text: '5.7.1 policy' } : 'accept'),
    })
    for (const day of days) await fillEdition(db, day, 2)
    await subscribed(db, 'reader@example.org', {}, new Date('2026-03-01T12:00:00Z'))
    const clock = clockAt('2026-03-02T00:00:00Z')
    const digests = digestTools(t, db, server, clock)
    const alerts = {
      to: 'boss@example.org',
      site: { name: 'Lab Papers', address: 'https://papers.example.org' },
      instanceZone: 'UTC',
      jobs: () => [],
    }
    const { log, mailer } = digests
    const tools = { db, clock: clock.read, log, mailer, digests, alerts } as unknown as JobTools
    const liveThrough = async (day: string) => {
      for (const hour of ['07', '12', '18', '23']) {
        clock.now = new Date(`${day}T${hour}:00:00Z`)
        await saveBeat(db, { worker: 'test', startedAt: clock.now }, clock.now)
        await runDigests(digests, { worker: 'test' })
        await watchSources(tools, { payload: null, attempt: 1, signal: new AbortController().signal })
      }
      return (await server.mailTo('boss@example.org')).map(({ subject }) => subject)
    }
    assert.deepEqual(await liveThrough(days[0]!), [])
    isRefused = true
    assert.deepEqual(await liveThrough(days[1]!), [], 'one day may be an outage')
    const words = 'No digest went out on 3 March 2026 and 4 March 2026, where some were promised.'
    assert.deepEqual(await liveThrough(days[2]!), [`Lab Papers: ${words}`])
    isRefused = false
    assert.deepEqual(await liveThrough(days[3]!), [`Lab Papers: ${words}`, 'Lab Papers: all clear'])
    assert.match((await server.mailTo('boss@example.org')).at(-1)?.text ?? '', /This is over:\n- No digest went out/)
  })

  test('a list that arXiv announced and nobody gathered is a promise that was not kept', async (t) => {
    const db = await open(t)
    if (!db) return
    const server = await startMailServer(t)
    await fillEdition(db, '2026-03-02', 2)
    await subscribed(db, 'reader@example.org', {}, new Date('2026-03-01T12:00:00Z'))
    const clock = clockAt('2026-03-02T07:00:00Z')
    const digests = digestTools(t, db, server, clock)
    for (const day of ['2026-03-02', '2026-03-03', '2026-03-04']) {
      clock.now = new Date(`${day}T07:00:00Z`)
      await runDigests(digests, { worker: 'test' })
      clock.now = new Date(`${day}T12:00:00Z`)
      const troubles = await digestTroubles(db, clock.now)
      assert.equal(troubles.length, day === '2026-03-04' ? 1 : 0, day)
    }
  })
})
