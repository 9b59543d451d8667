import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { openSqlite } from '../../src/db/index.ts'
import { recountAll } from '../../src/discussion/index.ts'
import { hotness } from '../../src/feed/index.ts'
import { publicId } from '../../src/papers/index.ts'
import { temporaryFolder } from '../databases.ts'
import { until } from '../processes.ts'
import { startSite } from '../program.ts'
import { atRate, createBallot, createVoters, type Voter } from '../voters.ts'

// The full measure, twenty times at 500 votes a second with 200,000 papers, is `npm run bench:votes`.
const KILLS = 3
const PER_SECOND = 200
const ANSWERED_BEFORE_KILL = 80

test('every vote that was answered is there after kill -9 in the middle, three times, and each count is right', async (t) => {
  const folder = temporaryFolder(t)
  const start = () => startSite(t, folder, { PAPERROUND_WORKER: 'false', PAPERROUND_GATHER: 'false' })
  let site = await start()
  const db = openSqlite(join(folder, 'paperround.sqlite'))
  t.after(() => db.destroy())
  const voters = await createVoters(db, readFileSync(join(folder, 'secret'), 'utf8').trim(), 20)
  const rows = await db.selectFrom('paper').select(['id', 'source', 'base_id']).execute()
  const answered = new Set<string>()
  let sent = 0
  for (let kill = 1; kill <= KILLS; kill++) {
    const ballot = createBallot(site.url)
    const over = new AbortController()
    const waiting: Promise<void>[] = []
    const voting = atRate(
      PER_SECOND,
      30,
      () => {
        const voter = voters[sent % voters.length] as Voter
        const row = rows[Math.floor(sent / voters.length) % rows.length]!
        sent++
        waiting.push(
          ballot.send(voter, publicId({ source: row.source, id: row.base_id })).then(
            ({ status }) => {
              assert.equal(status, 200)
              answered.add(`${row.id} ${voter.id}`)
            },
            () => {}, // killed before it answered: may have been kept or not
          ),
        )
      },
      over.signal,
    )
    await until(() => answered.size >= kill * ANSWERED_BEFORE_KILL)
    site.child.kill('SIGKILL')
    over.abort()
    await voting
    await Promise.all(waiting)
    ballot.close()
    site = await start()
  }
  const kept = new Set(
    (await db.selectFrom('vote').select(['paper_id', 'person_id']).execute()).map(
      (row) => `${row.paper_id} ${row.person_id}`,
    ),
  )
  assert.deepEqual(
    [...answered].filter((name) => !kept.has(name)),
    [],
  )
  assert.ok(kept.size <= sent)
  assert.equal(await recountAll(db, hotness), 0, 'a count differs from its votes')
})
