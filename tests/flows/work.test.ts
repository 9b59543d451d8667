import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { enqueueJob, findJob, openSqlite } from '../../src/db/index.ts'
import { packageFile } from '../../src/lib/assets.ts'
import { temporaryFolder } from '../databases.ts'
import { environment, startSite } from '../program.ts'

test('paperround work runs jobs beside a site that leaves them to it, and ends with 0 on SIGTERM', async (t) => {
  const folder = temporaryFolder(t)
  await startSite(t, folder, { PAPERROUND_WORKER: 'false' })
  const db = openSqlite(`${folder}/paperround.sqlite`)
  t.after(() => db.destroy())
  await enqueueJob(db, { kind: 'tidy-jobs', key: 'tidy-jobs' }, new Date())
  await sleep(1_500)
  assert.equal((await findJob(db, 'tidy-jobs'))?.state, 'waiting', 'the site does not work')

  const child = spawn(process.execPath, [packageFile('dist/main.js'), 'work'], {
    env: environment(folder),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.after(() => child.kill('SIGKILL'))
  const [line] = await once(child.stdout, 'data')
  assert.match(String(line), /Working for Daily Papers/)
  for (let i = 0; i < 200 && !(await findJob(db, 'tidy-jobs'))?.succeeded_at; i++) await sleep(50)
  const row = await findJob(db, 'tidy-jobs')
  assert.equal(row?.last_result, '{"forgotten":0}')
  assert.equal(row?.state, 'waiting', 'for its next time')
  child.kill('SIGTERM')
  assert.deepEqual(await once(child, 'exit'), [0, null])
})

test('a site works by itself', async (t) => {
  const folder = temporaryFolder(t)
  await startSite(t, folder)
  const db = openSqlite(`${folder}/paperround.sqlite`)
  t.after(() => db.destroy())
  await enqueueJob(db, { kind: 'tidy-jobs', key: 'tidy-jobs' }, new Date())
  for (let i = 0; i < 200 && !(await findJob(db, 'tidy-jobs'))?.succeeded_at; i++) await sleep(50)
  assert.ok((await findJob(db, 'tidy-jobs'))?.succeeded_at)
})
