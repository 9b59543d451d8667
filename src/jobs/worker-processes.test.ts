import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { temporaryFolder } from '../../tests/databases.ts'
import { withPostgresDatabase } from '../../tests/postgres.ts'
import { countJobs, type Db, enqueueJob, findJob, migrate, openPostgres, openSqlite } from '../db/index.ts'

// Workers as processes of their own, killed at moments nobody chose. Each job writes its name to a file when it begins
// and when it ends; "slow" ones take long enough to be killed in the middle.
const program = (database: string, journal: string) => `
  import { appendFileSync } from 'node:fs'
  import { setTimeout as sleep } from 'node:timers/promises'
  import { openPostgres, openSqlite } from '${new URL('../db/index.ts', import.meta.url)}'
  import { createLog } from '${new URL('../lib/log.ts', import.meta.url)}'
  import { createWorker } from '${new URL('./worker.ts', import.meta.url)}'
  const database = ${JSON.stringify(database)}
  const db = database.startsWith('postgres') ? openPostgres(database) : openSqlite(database)
  const say = (line) => appendFileSync(${JSON.stringify(journal)}, line + '\\n')
  const run = async (_tools, { payload, signal }) => {
    say('begin ' + payload.name)
    await sleep(payload.ms, undefined, { signal })
    say('end ' + payload.name)
  }
  const worker = createWorker({
    jobs: [{ name: 'write-line', about: 'writes', lane: 'sources', run, maxAttempts: 50 }],
    tools: { db, clock: () => new Date(), log: createLog('silent') },
    instanceZone: 'UTC', leaseMs: 600, pollMs: 20, stopGraceMs: 2000,
  })
  await worker.start()
  process.on('SIGTERM', async () => { await worker.stop(); await db.destroy(); process.exit(0) })
  console.log('working')
`

async function startWorker(t: TestContext, database: string, journal: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', program(database, journal)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.after(() => child.kill('SIGKILL'))
  await once(child.stdout!, 'data')
  return child
}

async function allDone(db: Db, seconds: number): Promise<void> {
  for (const deadline = Date.now() + seconds * 1_000; Date.now() < deadline; await sleep(50)) {
    if ((await countJobs(db)).every(({ state }) => state === 'done')) return
  }
  assert.fail(`not done: ${JSON.stringify(await countJobs(db))}`)
}

/** `PAPERROUND_TEST_SOAK=1` kills fifty times, a minute's work for each database. */
const soak = process.env.PAPERROUND_TEST_SOAK === '1'
const [kills, slowJobs] = soak ? [50, 60] : [4, 6]

const lines = (journal: string, word: string) =>
  readFileSync(journal, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith(`${word} `))

for (const kind of ['SQLite', 'PostgreSQL'] as const) {
  const database = async (t: TestContext) => {
    const folder = temporaryFolder(t)
    const address = kind === 'SQLite' ? join(folder, 'jobs.sqlite') : await withPostgresDatabase(t)
    if (!address) return undefined
    const db = kind === 'SQLite' ? openSqlite(address) : openPostgres(address)
    t.after(() => db.destroy())
    await migrate(db)
    const journal = join(folder, 'journal')
    writeFileSync(journal, '')
    return { db, address, journal }
  }

  test(`three processes share sixty jobs on ${kind}: each runs exactly once`, async (t) => {
    const given = await database(t)
    if (!given) return
    const { db, address, journal } = given
    for (let i = 0; i < 60; i++) {
      await enqueueJob(db, { kind: 'write-line', key: `j${i}`, payload: { name: `j${i}`, ms: 1 } }, new Date())
    }
    await Promise.all([1, 2, 3].map(() => startWorker(t, address, journal)))
    await allDone(db, 20)
    const begun = lines(journal, 'begin')
    assert.equal(begun.length, 60)
    assert.equal(new Set(begun).size, 60)
  })

  test(`kill -9 on ${kind}: another worker takes over what was running, and everything ends`, async (t) => {
    const given = await database(t)
    if (!given) return
    const { db, address, journal } = given
    const enqueue = (name: string, ms: number) =>
      enqueueJob(db, { kind: 'write-line', key: name, payload: { name, ms } }, new Date())
    for (let i = 0; i < slowJobs; i++) await enqueue(`slow${i}`, 150)
    for (let round = 0; round < kills; round++) {
      const victim = await startWorker(t, address, journal)
      await sleep(40 + 60 * (round % 4))
      victim.kill('SIGKILL')
      await once(victim, 'exit')
      appendFileSync(journal, 'killed one\n')
    }
    await startWorker(t, address, journal)
    await allDone(db, soak ? 120 : 20)
    const ended = new Set(lines(journal, 'end'))
    assert.equal(ended.size, slowJobs, 'every job came to its end')
  })

  test(`SIGTERM on ${kind} gives a running job time; one that ends on request goes back to the queue`, async (t) => {
    const given = await database(t)
    if (!given) return
    const { db, address, journal } = given
    await enqueueJob(db, { kind: 'write-line', key: 'long', payload: { name: 'long', ms: 60_000 } }, new Date())
    const worker = await startWorker(t, address, journal)
    for (let i = 0; i < 200 && lines(journal, 'begin').length === 0; i++) await sleep(20)
    worker.kill('SIGTERM')
    assert.deepEqual(await once(worker, 'exit'), [0, null])
    assert.equal((await findJob(db, 'long'))?.state, 'waiting')
  })
}
