import assert from 'node:assert/strict'
import { statSync, writeFileSync } from 'node:fs'
import { get } from 'node:http'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../databases.ts'
import { withPostgresDatabase } from '../postgres.ts'
import { environment, runProgram, startSite } from '../program.ts'

test('the site says where it is, where the data lies and how to stop; SIGTERM and SIGINT end it with 0', async (t) => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const folder = temporaryFolder(t)
    const site = await startSite(t, folder)
    assert.equal((await fetch(site.url)).status, 200)
    assert.match(site.output(), /http:\/\/localhost:\d+/)
    for (let tries = 0; !/Ctrl-C/.test(site.output()) && tries < 50; tries++)
      await new Promise((resolve) => setTimeout(resolve, 20))
    assert.ok(site.output().includes(folder))
    assert.match(site.output(), /Ctrl-C/)
    assert.equal(await site.stop(signal), 0)
    assert.equal(statSync(join(folder, 'secret')).mode & 0o777, 0o600)
  }
})

test('a request in flight is finished before the program ends', async (t) => {
  const site = await startSite(t, temporaryFolder(t))
  // A body that arrives slowly keeps the request running while the signal comes.
  const { request } = await import('node:http')
  const answer = new Promise<number | undefined>((resolve, reject) => {
    const post = request(
      `${site.url}/subscribe`,
      { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      (response) => {
        response.resume()
        resolve(response.statusCode)
      },
    )
    post.on('error', reject)
    post.write('email=ada%40')
    setTimeout(() => site.child.kill('SIGTERM'), 150)
    setTimeout(() => post.end('example.org'), 500)
  })
  assert.equal(await answer, 303)
  assert.equal(await site.stop(), 0)
})

test('a second start on the same folder, a taken port and a wrong setting are told in a sentence', async (t) => {
  const folder = temporaryFolder(t)
  const site = await startSite(t, folder)
  const second = await runProgram(['serve'], environment(folder, { PORT: '0' }))
  assert.equal(second.code, 1)
  assert.match(second.stderr, /in use by "paperround (serve|import)"/)
  const port = new URL(site.url).port
  const taken = await runProgram(['serve'], environment(temporaryFolder(t), { PORT: port }))
  assert.equal(taken.code, 1)
  assert.match(taken.stderr, new RegExp(`Port ${port} .*PORT=${Number(port) + 1} npm start`))
  const wrong = await runProgram(['serve'], environment(folder, { PORT: 'x', PAPERROUND_STARTER: 'perhaps' }))
  assert.equal(wrong.code, 2)
  assert.match(wrong.stderr, /PORT[\s\S]*PAPERROUND_STARTER/)
  for (const run of [second, taken, wrong]) assert.doesNotMatch(run.stderr, /\n\s+at /, 'no stack for a person')
})

test('the starter is there once: a second start adds nothing, and PAPERROUND_STARTER=false leaves it out', async (t) => {
  const folder = temporaryFolder(t)
  const countOf = async (more: Record<string, string>, data = folder) => {
    const site = await startSite(t, data, more)
    const html = await (await fetch(site.url)).text()
    await site.stop()
    return html.match(/<li class="card">/g)?.length ?? 0
  }
  assert.equal(await countOf({}), 75)
  assert.equal(await countOf({}), 75)
  assert.equal(await countOf({ PAPERROUND_STARTER: 'false' }, temporaryFolder(t)), 0)
})

test('the site runs on PostgreSQL just the same', async (t) => {
  const url = await withPostgresDatabase(t)
  if (!url) return
  const site = await startSite(t, temporaryFolder(t), { DATABASE_URL: url })
  assert.equal((await (await fetch(site.url)).text()).match(/<li class="card">/g)?.length, 75)
  for (const path of ['/papers/trending', '/papers/week', '/papers/month', '/status', '/categories/cs.LG'])
    assert.equal((await fetch(site.url + path)).status, 200, path)
  assert.match(await (await fetch(`${site.url}/status`)).text(), /PostgreSQL 1\d/)
})

test('doctor prints every setting, tells what is wrong, and never a secret', async (t) => {
  const folder = temporaryFolder(t)
  const well = await runProgram(['doctor'], environment(folder))
  assert.equal(well.code, 0, well.stdout)
  assert.match(well.stdout, /PAPERROUND_EDITOR/)
  const broken = await runProgram(
    ['doctor', '--json'],
    environment(folder, { DATABASE_URL: 'postgres://paper:hunter2@127.0.0.1:9/none' }),
  )
  assert.equal(broken.code, 1)
  assert.doesNotMatch(broken.stdout, /hunter2/)
  assert.equal(
    JSON.parse(broken.stdout).findings.find((finding: { what: string }) => finding.what === 'Database').ok,
    false,
  )
})

test('the site’s health is an answer for programs', async (t) => {
  const site = await startSite(t, temporaryFolder(t))
  const health = await new Promise<string>((resolve, reject) => {
    get(`${site.url}/healthz`, (answer) => {
      let text = ''
      answer.on('data', (chunk) => {
        text += chunk
      })
      answer.on('end', () => resolve(text))
    }).on('error', reject)
  })
  assert.equal(JSON.parse(health).ok, true)
  assert.match(JSON.parse(health).newestEdition, /^\d{4}-\d\d-\d\d$/)
})

test('a data folder that cannot be used is told in a sentence by serve and by doctor', async (t) => {
  const file = join(temporaryFolder(t), 'a-file')
  writeFileSync(file, '')
  for (const folder of [file, join(file, 'below'), '/proc/paperround']) {
    const { code, stderr } = await runProgram(['serve'], environment(folder, { PORT: '0' }))
    assert.equal(code, 1, folder)
    assert.match(stderr, /data folder .* cannot be (used|written).*PAPERROUND_DATA/, folder)
    assert.doesNotMatch(stderr, /\n\s+at /)
  }
  assert.equal((await runProgram(['doctor'], environment(file))).code, 1)
  const folder = temporaryFolder(t)
  writeFileSync(
    join(folder, 'paperround.sqlite'),
    'this is no database, however long it is and whatever it says of itself',
  )
  assert.match((await runProgram(['serve'], environment(folder))).stderr, /paperround\.sqlite cannot be used/)
  const doctor = await runProgram(['doctor'], environment(folder))
  assert.equal(doctor.code, 1)
  assert.match(doctor.stdout, /WRONG Database: .*cannot be used: file is not a database\. Move it away/)
  const nobody = { DATABASE_URL: 'postgres://u:hunter2@127.0.0.1:9/x' }
  const refused = await runProgram(['serve'], environment(temporaryFolder(t), nobody))
  assert.match(refused.stderr, /PostgreSQL at 127\.0\.0\.1:9\/x \(DATABASE_URL\) cannot be used/)
  assert.doesNotMatch(refused.stderr, /hunter2/)
})
