import assert from 'node:assert/strict'
import { test } from 'node:test'
import { onEveryDatabase } from '../../tests/databases.ts'
import {
  countJobs,
  type Db,
  enqueueJob,
  extendLease,
  failJob,
  findJob,
  finishJob,
  forgetJobs,
  hasDueJobs,
  type Job,
  queryPlan,
  releaseJob,
  takeJob,
} from './index.ts'

const noon = new Date('2026-03-02T12:00:00.000Z')
const later = (seconds: number) => new Date(noon.getTime() + seconds * 1_000)
const take = (db: Db, now = noon, kinds = ['mail', 'gather']) => takeJob(db, { kinds, leaseMs: 60_000 }, now)
const taken = async (db: Db, now = noon): Promise<Job> => {
  const job = await take(db, now)
  assert.ok(job, 'a job was due')
  return job
}

onEveryDatabase('the queue of jobs', (open) => {
  test('a job is taken once, in the order of waiting, and only by who knows its kind', async (t) => {
    const db = await open(t)
    if (!db) return
    await enqueueJob(db, { kind: 'mail', payload: { to: 'ada' }, runAfter: later(-5) }, noon)
    await enqueueJob(db, { kind: 'mail', payload: { to: 'ben' }, runAfter: later(-9) }, noon)
    await enqueueJob(db, { kind: 'mail', payload: { to: 'chen' }, runAfter: later(1) }, noon)
    assert.equal(await take(db, noon, ['gather']), undefined)
    assert.deepEqual((await taken(db)).payload, { to: 'ben' })
    assert.deepEqual((await taken(db)).payload, { to: 'ada' })
    assert.equal(await take(db), undefined, 'Chen is not due')
    assert.equal(await hasDueJobs(db, noon), false)
    assert.deepEqual((await taken(db, later(1))).payload, { to: 'chen' })
  })

  test('a job asked for in a transaction that fails was never asked for', async (t) => {
    const db = await open(t)
    if (!db) return
    await assert.rejects(
      db.transaction().execute(async (tx) => {
        await enqueueJob(tx, { kind: 'mail' }, noon)
        throw new Error('no')
      }),
    )
    assert.equal(await take(db), undefined)
  })

  test('one key is one job: asked twice while it waits, it runs once with the newest payload, at the sooner time', async (t) => {
    const db = await open(t)
    if (!db) return
    await enqueueJob(db, { kind: 'mail', key: 'm', payload: 1, runAfter: later(60) }, noon)
    await enqueueJob(db, { kind: 'mail', key: 'm', payload: 2 }, noon)
    await enqueueJob(db, { kind: 'mail', key: 'm', payload: 3, runAfter: later(90) }, noon)
    const job = await taken(db)
    assert.equal(job.payload, 3)
    assert.equal(await finishJob(db, job, { result: { sent: 1 } }, later(1)), true)
    assert.equal(await take(db, later(1_000)), undefined)
    const row = await findJob(db, 'm')
    assert.equal(row?.state, 'done')
    assert.equal(row?.last_result, '{"sent":1}')
    assert.equal(row?.succeeded_at, later(1).toISOString())
  })

  test('asked for while it runs, it runs once more; asked for when done, it starts anew', async (t) => {
    const db = await open(t)
    if (!db) return
    await enqueueJob(db, { kind: 'mail', key: 'm' }, noon)
    const first = await taken(db)
    await enqueueJob(db, { kind: 'mail', key: 'm' }, later(1))
    await enqueueJob(db, { kind: 'mail', key: 'm', runAfter: later(500) }, later(1))
    await finishJob(db, first, {}, later(2))
    const second = await taken(db, later(2))
    await finishJob(db, second, {}, later(3))
    assert.equal(await take(db, later(1_000)), undefined)
    await enqueueJob(db, { kind: 'mail', key: 'm' }, later(1_001))
    assert.equal((await taken(db, later(1_001))).attempts, 1)
  })

  test('a job that says when to run again waits until then', async (t) => {
    const db = await open(t)
    if (!db) return
    await enqueueJob(db, { kind: 'mail', key: 'm' }, noon)
    await finishJob(db, await taken(db), { again: later(100) }, later(1))
    assert.equal(await take(db, later(99)), undefined)
    assert.equal((await taken(db, later(100))).attempts, 1)
  })

  test('a lease that ran out gives the job to another worker, and the first one can no longer finish it', async (t) => {
    const db = await open(t)
    if (!db) return
    await enqueueJob(db, { kind: 'mail', key: 'm' }, noon)
    const first = await taken(db)
    assert.equal(await extendLease(db, first, 60_000, later(30)), true)
    assert.equal(await take(db, later(89)), undefined)
    const second = await taken(db, later(90))
    assert.equal(second.attempts, 2)
    assert.equal(await extendLease(db, first, 60_000, later(91)), false)
    assert.equal(await finishJob(db, first, { result: 'first' }, later(92)), false)
    assert.equal(await failJob(db, first, { error: 'no', isGivenUp: true }, later(92)), false)
    assert.equal(await finishJob(db, second, { result: 'second' }, later(93)), true)
    assert.equal((await findJob(db, 'm'))?.last_result, '"second"')
  })

  test('a failure is kept with its words, waits, and is not cut short by a second request unless somebody is in a hurry', async (t) => {
    const db = await open(t)
    if (!db) return
    await enqueueJob(db, { kind: 'mail', key: 'm' }, noon)
    await failJob(db, await taken(db), { error: 'the server said no', retryAt: later(300), isGivenUp: false }, later(1))
    await enqueueJob(db, { kind: 'mail', key: 'm' }, later(2))
    assert.equal(await take(db, later(299)), undefined)
    assert.equal((await findJob(db, 'm'))?.last_error, 'the server said no')
    await enqueueJob(db, { kind: 'mail', key: 'm', hurry: true }, later(3))
    const again = await taken(db, later(3))
    assert.equal(again.attempts, 2)
    await finishJob(db, again, {}, later(4))
    assert.equal((await findJob(db, 'm'))?.last_error, null)
  })

  test('given back by a worker that stops, a job has lost no try', async (t) => {
    const db = await open(t)
    if (!db) return
    await enqueueJob(db, { kind: 'mail', key: 'm' }, noon)
    await releaseJob(db, await taken(db), later(1))
    assert.equal((await taken(db, later(1))).attempts, 1)
  })

  test('given up, a job is counted as failed until it is asked for again; keyless ones are forgotten in time', async (t) => {
    const db = await open(t)
    if (!db) return
    await enqueueJob(db, { kind: 'mail' }, noon)
    await failJob(db, await taken(db), { error: 'no', isGivenUp: true }, later(1))
    assert.deepEqual(await countJobs(db), [{ kind: 'mail', state: 'failed', count: 1 }])
    assert.equal(await forgetJobs(db, noon), 0)
    assert.equal(await forgetJobs(db, later(1)), 1)
    assert.deepEqual(await countJobs(db), [])
  })

  test('looking for work reads an index, however many jobs are done', async (t) => {
    const db = await open(t)
    if (!db) return
    if (db.getExecutor().adapter.supportsMultipleConnections) return t.skip('its planner reads small tables whole')
    const plan = await queryPlan(
      db,
      db.selectFrom('job').select('id').where('state', '=', 'waiting').where('run_after', '<=', 'x'),
    )
    assert.match(plan, /job_due/)
  })

  test('ten workers at once share a hundred jobs and none is taken twice', async (t) => {
    const db = await open(t)
    if (!db) return
    for (let index = 0; index < 100; index++) await enqueueJob(db, { kind: 'mail', payload: index }, noon)
    const seen: unknown[] = []
    const worker = async () => {
      for (let job = await take(db); job; job = await take(db)) {
        seen.push(job.payload)
        await finishJob(db, job, {}, noon)
      }
    }
    await Promise.all(Array.from({ length: 10 }, worker))
    assert.deepEqual(
      seen.toSorted((a, b) => (a as number) - (b as number)),
      Array.from({ length: 100 }, (_, i) => i),
    )
  })
})
