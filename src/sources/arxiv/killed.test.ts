import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { temporaryFolder } from '../../../tests/databases.ts'
import { checkStory, firstDays, fortnight, fortnightFaults, type Story } from '../../../tests/fake-arxiv/fortnight.ts'
import { createRandom } from '../../../tests/fake-arxiv/plan.ts'
import { startFakeArxiv } from '../../../tests/fake-arxiv/server.ts'
import { withPostgresDatabase } from '../../../tests/postgres.ts'
import { createTestClock, startServer } from '../../../tests/wire.ts'
import { openPostgres, openSqlite } from '../../db/index.ts'

const gatherer = join(import.meta.dirname, '../../../tests/fake-arxiv/gatherer.ts')

type Kills = { story: Story; kills: number; longestLife: number }

/**
 * Gathers a story in a process that is killed again and again; the last one is left alone. Returns the kills. A life is
 * counted in questions for the time, of which each wait and each step of the schedule is one, so that a fast machine
 * kills as often as a slow one; how long after its last question it dies is up to chance.
 */
async function gatherWithKills(
  t: TestContext,
  database: string,
  { story, kills, longestLife }: Kills,
): Promise<number> {
  const time = createTestClock(story.start)
  const server = await startFakeArxiv(t, story.plan, { clock: time.clock, faults: fortnightFaults })
  let asked = 0
  const clockServer = await startServer(t, time.clock, async (request, response) => {
    asked += 1
    const query = new URL(request.url ?? '/', 'http://clock').searchParams
    if (query.has('later')) await time.sleep(Number(query.get('later')))
    if (query.has('to')) time.set(new Date(Number(query.get('to'))))
    response.end(String(time.clock().getTime()))
  })
  const seed = Number(process.env.PAPERROUND_TEST_SEED ?? 451_865)
  t.diagnostic(`seed ${seed}: PAPERROUND_TEST_SEED repeats it`)
  const random = createRandom(seed)
  let killed = 0
  for (let run = 0; run <= kills * 3; run++) {
    const child = spawn(process.execPath, [gatherer, database, server.url, clockServer.url, story.end], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    t.after(() => child.kill('SIGKILL'))
    const exited = once(child, 'exit') as Promise<[number | null]>
    await Promise.race([once(child.stdout, 'data'), exited])
    if (killed < kills) {
      const last = asked + random() * longestLife
      while (asked < last && child.exitCode === null) await Promise.race([sleep(1), exited])
      await Promise.race([sleep(random() * 15), exited])
      if (child.exitCode === null && child.kill('SIGKILL')) killed += 1
    }
    const [code] = await exited
    if (code === 0) break
    assert.equal(code, null, 'it was killed, and did not fail by itself')
  }
  const db = database.startsWith('postgres') ? openPostgres(database) : openSqlite(database)
  t.after(() => db.destroy())
  await checkStory(db, story)
  t.diagnostic(`asked for the time ${asked} times`)
  return killed
}

const databases: [string, (t: TestContext) => Promise<string | undefined>][] = [
  ['SQLite', async (t) => join(temporaryFolder(t), 'killed.sqlite')],
  ['PostgreSQL', withPostgresDatabase],
]

for (const [name, open] of databases) {
  const isSqlite = name === 'SQLite'
  // On PostgreSQL a life takes longer, so the suite has fewer there; the soak has as many.
  const kills = isSqlite ? 4 : 2
  test(`killed again and again while it gathers, every paper is in its edition once, on ${name}`, async (t) => {
    const database = await open(t)
    if (!database) return
    const killed = await gatherWithKills(t, database, { story: firstDays, kills, longestLife: 60 })
    assert.equal(killed, kills)
  })

  test(`killed fifty times in a fortnight, the end is the same, on ${name}`, {
    timeout: 3_600_000,
    skip: !process.env.PAPERROUND_TEST_SOAK && 'takes minutes: PAPERROUND_TEST_SOAK is not set',
  }, async (t) => {
    const database = await open(t)
    if (!database) return
    const killed = await gatherWithKills(t, database, { story: fortnight, kills: 60, longestLife: 20 })
    t.diagnostic(`killed ${killed} times`)
    assert.ok(killed >= 50, `killed ${killed} times`)
  })
}
