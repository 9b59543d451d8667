import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { onEveryDatabase } from '../../tests/databases.ts'
import { type Db, enqueueJob, findJob } from '../db/index.ts'
import { createLog } from '../lib/log.ts'
import { backOffMs } from './back-off.ts'
import { createWorker, isLate, type JobDefinition, jobs, nextRun, putOnSchedule } from './index.ts'
import { lanes } from './job.ts'
import { workerReport } from './worker-report.ts'

/** A clock that a test turns by hand. */
const handClock = (start: string) => {
  let now = new Date(start)
  return Object.assign(() => now, {
    to: (instant: string) => {
      now = new Date(instant)
    },
    by: (seconds: number) => {
      now = new Date(now.getTime() + seconds * 1_000)
    },
  })
}

function workerFor(db: Db, definitions: JobDefinition[], clock: () => Date, more = {}) {
  const tools = {
    db,
    clock,
    log: createLog('silent'),
    http: undefined as never,
    mailer: undefined,
    alerts: undefined as never,
  }
  return createWorker({ jobs: definitions, tools, instanceZone: 'UTC', chance: () => 0, pollMs: 10, ...more })
}

const job = (part: Partial<JobDefinition> & { name: string; run: JobDefinition['run'] }): JobDefinition => ({
  about: 'for a test',
  lane: 'upkeep',
  ...part,
})

test('the table of jobs: names are unique verbs, every time can be computed, every lateness has a schedule', () => {
  assert.equal(new Set(jobs.map(({ name }) => name)).size, jobs.length)
  for (const { name, about, lane, schedule, lateAfterMinutes } of jobs) {
    assert.match(name, /^[a-z]+(-[a-z0-9]+)+$/)
    assert.ok(about.length > 10 && lanes.includes(lane), name)
    if (schedule) assert.ok(nextRun(schedule, 'Europe/Berlin', new Date('2026-03-02T12:00:00Z')))
    else assert.equal(lateAfterMinutes, undefined, `${name} has no time to be late for`)
  }
})

test('20:10 in New York stays 20:10 in New York when the clocks change, in both directions', () => {
  const schedule = { cron: '10 20 * * *', zone: 'America/New_York' } as const
  const next = (from: string) => nextRun(schedule, 'UTC', new Date(from)).toISOString()
  assert.equal(next('2026-03-07T12:00:00Z'), '2026-03-08T01:10:00.000Z')
  assert.equal(next('2026-03-08T12:00:00Z'), '2026-03-09T00:10:00.000Z')
  assert.equal(next('2026-10-31T12:00:00Z'), '2026-11-01T00:10:00.000Z')
  assert.equal(next('2026-11-01T12:00:00Z'), '2026-11-02T01:10:00.000Z')
})

test('an hour that does not exist, and one that exists twice, run once', () => {
  const times = (cron: string, from: string, count: number) => {
    const found: string[] = []
    for (let at = new Date(from); found.length < count; ) {
      at = nextRun({ cron, zone: 'America/New_York' }, 'UTC', at)
      found.push(at.toISOString().slice(0, 10))
    }
    return found
  }
  assert.deepEqual(times('30 2 * * *', '2026-03-07T00:00:00Z', 3), ['2026-03-07', '2026-03-08', '2026-03-09'])
  assert.deepEqual(times('30 1 * * *', '2026-10-31T00:00:00Z', 3), ['2026-10-31', '2026-11-01', '2026-11-02'])
})

test('a job is late when it was due after its last success and has had its time since', () => {
  const definition = job({
    name: 'close-day',
    run: async () => {},
    schedule: { cron: '0 12 * * *', zone: 'instance' },
    lateAfterMinutes: 60,
  })
  const late = (now: string, lastSuccess?: string) =>
    isLate(
      definition,
      'UTC',
      {
        scheduledSince: new Date('2026-03-02T08:00:00Z'),
        ...(lastSuccess ? { lastSuccess: new Date(lastSuccess) } : {}),
      },
      new Date(now),
    )
  assert.equal(late('2026-03-02T13:00:00Z'), false)
  assert.equal(late('2026-03-02T13:01:00Z'), true)
  assert.equal(late('2026-03-02T13:01:00Z', '2026-03-02T12:00:05Z'), false)
  assert.equal(late('2026-03-03T13:01:00Z', '2026-03-02T12:00:05Z'), true)
})

test('P18 the wait after failures grows to a ceiling and is never the same for all', () => {
  assert.equal(backOffMs(1, 0), 30_000)
  assert.equal(backOffMs(2, 0), 90_000)
  assert.equal(backOffMs(50, 0), 6 * 3_600_000)
  assert.ok(backOffMs(3, 0.99) < backOffMs(3, 0))
})

onEveryDatabase('the worker', (open) => {
  test('a scheduled job runs at its times, once each, and what was missed while nobody worked runs once', async (t) => {
    const db = await open(t)
    if (!db) return
    const clock = handClock('2026-03-02T12:00:00.000Z')
    const runs: string[] = []
    const hourly = job({
      name: 'look-around',
      schedule: { cron: '0 * * * *', zone: 'instance' },
      run: async () => {
        runs.push(clock().toISOString())
        return { result: { runs: runs.length } }
      },
    })
    await putOnSchedule(db, [hourly], 'UTC', clock())
    await putOnSchedule(db, [hourly], 'UTC', clock())
    const worker = workerFor(db, [hourly], clock)
    assert.equal(await worker.runDue(), 0)
    clock.to('2026-03-02T13:00:00.000Z')
    assert.equal(await worker.runDue(), 1)
    assert.equal(await worker.runDue(), 0)
    clock.to('2026-03-02T19:30:00.000Z')
    await putOnSchedule(db, [hourly], 'UTC', clock())
    assert.equal(await worker.runDue(), 1)
    const row = await findJob(db, 'look-around')
    assert.equal(row?.run_after, '2026-03-02T20:00:00.000Z')
    assert.equal(row?.last_result, '{"runs":2}')
  })

  test('a failing job waits longer each time, keeps its error, then waits for its next scheduled time', async (t) => {
    const db = await open(t)
    if (!db) return
    const clock = handClock('2026-03-02T12:00:00.000Z')
    const failing = job({
      name: 'ask-source',
      maxAttempts: 3,
      schedule: { cron: '0 12 * * *', zone: 'instance' },
      run: async (_tools, { attempt }) => {
        throw new Error(`no answer, try ${attempt}`)
      },
    })
    await enqueueJob(db, { kind: 'ask-source', key: 'ask-source' }, clock())
    const worker = workerFor(db, [failing], clock)
    const waits: number[] = []
    for (let round = 0; round < 3; round++) {
      assert.equal(await worker.runDue(), 1)
      const row = await findJob(db, 'ask-source')
      assert.equal(row?.last_error, `no answer, try ${round + 1}`)
      waits.push((Date.parse(row?.run_after ?? '') - clock().getTime()) / 1_000)
      clock.to(row?.run_after ?? '')
    }
    assert.deepEqual(waits.slice(0, 2), [30, 90])
    assert.equal(clock().toISOString(), '2026-03-03T12:00:00.000Z')
    assert.equal((await findJob(db, 'ask-source'))?.attempts, 0)
  })

  test('P18 an error that knows when to come back decides it', async (t) => {
    const db = await open(t)
    if (!db) return
    const clock = handClock('2026-03-02T12:00:00.000Z')
    const retryAt = new Date('2026-03-02T12:34:56.000Z')
    const throttled = job({
      name: 'ask-source',
      run: async () => {
        throw Object.assign(new Error('429'), { retryAt })
      },
    })
    await enqueueJob(db, { kind: 'ask-source', key: 'a' }, clock())
    await workerFor(db, [throttled], clock).runDue()
    assert.equal((await findJob(db, 'a'))?.run_after, retryAt.toISOString())
  })

  test('a job that kills its worker each time is given up, not tried for ever', async (t) => {
    const db = await open(t)
    if (!db) return
    const clock = handClock('2026-03-02T12:00:00.000Z')
    let runs = 0
    const deadly = job({
      name: 'eat-memory',
      maxAttempts: 2,
      run: async () => {
        runs += 1
      },
    })
    await enqueueJob(db, { kind: 'eat-memory', key: 'e' }, clock())
    // What is left in the table by workers that were killed: attempts counted, leases run out.
    await db
      .updateTable('job')
      .set({ state: 'running', attempts: 2, lease: 'dead', lease_until: clock().toISOString() })
      .execute()
    await workerFor(db, [deadly], clock).runDue()
    const row = await findJob(db, 'e')
    assert.equal(runs, 0)
    assert.equal(row?.state, 'failed')
    assert.match(String(row?.last_error), /ended 2 times/)
  })

  test('a slow source holds up neither another source nor the day', async (t) => {
    const db = await open(t)
    if (!db) return
    const clock = () => new Date()
    const done: string[] = []
    const slow = Promise.withResolvers<void>()
    const named = (name: string, lane: JobDefinition['lane'], until?: Promise<void>) =>
      job({
        name,
        lane,
        run: async () => {
          await until
          done.push(name)
        },
      })
    const all = [named('ask-slow', 'sources', slow.promise), named('ask-quick', 'sources'), named('gather-day', 'day')]
    for (const { name } of all) await enqueueJob(db, { kind: name, key: name }, clock())
    await using worker = workerFor(db, all, clock)
    await worker.start()
    for (let i = 0; i < 300 && done.length < 2; i++) await sleep(10)
    assert.deepEqual(done.toSorted(), ['ask-quick', 'gather-day'])
    slow.resolve()
    for (let i = 0; i < 300 && done.length < 3; i++) await sleep(10)
    assert.equal(done.at(-1), 'ask-slow')
  })

  test('P15, P16: a started worker is seen to be alive; after five silent minutes nobody works', async (t) => {
    const db = await open(t)
    if (!db) return
    const now = new Date('2026-03-02T12:00:00.000Z')
    const later = (minutes: number) => new Date(now.getTime() + minutes * 60_000)
    assert.deepEqual(await workerReport(db, now), { isWorking: false })
    const worker = workerFor(db, [job({ name: 'idle', run: async () => {} })], () => now)
    await worker.start()
    await worker.stop()
    assert.deepEqual(await workerReport(db, later(4.9)), { isWorking: true, lastSeen: now.toISOString() })
    assert.deepEqual(await workerReport(db, later(5.1)), { isWorking: false, lastSeen: now.toISOString() })
  })

  test('stopping asks the running job to end, waits for it, and gives it back when it did not finish', async (t) => {
    const db = await open(t)
    if (!db) return
    const clock = () => new Date()
    const started = Promise.withResolvers<void>()
    const long = job({
      name: 'harvest-all',
      run: async (_tools, { signal }) => {
        started.resolve()
        await sleep(60_000, undefined, { signal })
      },
    })
    await enqueueJob(db, { kind: 'harvest-all', key: 'h' }, clock())
    const worker = workerFor(db, [long], clock)
    await worker.start()
    await started.promise
    const before = performance.now()
    await worker.stop()
    assert.ok(performance.now() - before < 5_000)
    const row = await findJob(db, 'h')
    assert.equal(row?.state, 'waiting')
    assert.equal(row?.attempts, 0)
    assert.equal(row?.last_error, null)
  })

  test('a job over its time limit counts as failed and is tried again', async (t) => {
    const db = await open(t)
    if (!db) return
    const clock = () => new Date()
    const long = job({
      name: 'harvest-all',
      timeLimitMinutes: 0.0005,
      run: (_tools, { signal }) => sleep(60_000, undefined, { signal }),
    })
    await enqueueJob(db, { kind: 'harvest-all', key: 'h' }, clock())
    await workerFor(db, [long], clock).runDue()
    const row = await findJob(db, 'h')
    assert.equal(row?.state, 'waiting')
    assert.equal(row?.attempts, 1)
    assert.ok(row?.last_error)
  })
})
