import assert from 'node:assert/strict'
import { test } from 'node:test'
import { onEveryDatabase } from '../../../tests/databases.ts'
import {
  checkMoment,
  checkPoliteness,
  checkStory,
  fortnight,
  fortnightFaults,
  gateTo,
  runSchedule,
} from '../../../tests/fake-arxiv/fortnight.ts'
import { startFakeArxiv } from '../../../tests/fake-arxiv/server.ts'
import { createTestClock } from '../../../tests/wire.ts'
import { createPoliteClient } from '../../lib/polite-http/index.ts'

// On PostgreSQL it takes half a minute, so there it is asked for: PAPERROUND_TEST_SOAK=1. Gathering a day runs on both.
const isSoak = Boolean(process.env.PAPERROUND_TEST_SOAK)

onEveryDatabase('a fortnight at arXiv', (open) => {
  test('P1, P2, P3, P4, P6, P7, P8, P11, P12, P15, P28, P29, P34: after holidays, an outage, late and broken lists, every paper is in its edition once', async (t) => {
    if (t.fullName.includes('PostgreSQL') && !isSoak) return t.skip('PAPERROUND_TEST_SOAK is not set')
    const db = await open(t)
    if (!db) return
    const time = createTestClock(fortnight.start)
    const server = await startFakeArxiv(t, fortnight.plan, { clock: time.clock, faults: fortnightFaults })
    const http = createPoliteClient({ db, userAgent: 'Paperround/test', ...time, random: () => 0.5 })
    const gate = gateTo(db, http, time.clock, server.url)
    const states = new Set<string>()
    await runSchedule(gate, time, new Date(fortnight.end), async () => {
      states.add(await checkMoment(db, fortnight, time.clock()))
    })
    // What the page says was looked at after each step of the fortnight, and every kind of news was in it. That a day
    // had no announcement is known only when the next one has come.
    for (const state of ['pending', 'late', 'broken', 'complete']) assert.ok(states.has(state), state)
    await checkStory(db, fortnight)
    checkPoliteness(server.requests)
    const looked = server.requests.filter(({ path }) => path.startsWith('/api/query'))
    assert.deepEqual(
      looked.filter(({ path }) => !path.includes('id_list=')),
      [],
      'P7: the API is asked for ids, never for what is new',
    )
    const feed = await db
      .selectFrom('gathered_day')
      .select(['state', 'message'])
      .where('source', '=', 'arxiv-feed')
      .where('day', '=', '2026-11-27')
      .execute()
    assert.ok(
      feed.some(({ state, message }) => state === 'stale' && /lacks \d+ of the \d+ papers/.test(message ?? '')),
      'P5',
    )
  })
})
