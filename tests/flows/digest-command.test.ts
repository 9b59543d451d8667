import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { currentAnnouncementDay } from '../../src/papers/index.ts'
import { temporaryFolder } from '../databases.ts'
import { environment, runProgram } from '../program.ts'

test('paperround digest: preview of any kind, beside an index too; mistakes are explained', async (t) => {
  const folder = temporaryFolder(t)
  const env = environment(folder, { PAPERROUND_STARTER: 'false' })
  const day = currentAnnouncementDay(new Date())
  const papers = ['Echoes of small rooms', 'Colour of large halls'].map((title, n) => ({
    ...{ id: `2601.0000${n + 1}`, title, abstract: `${title}: we measured them for a year.` },
    ...{ authors: ['Ada Byron'], categories: ['cs.SD'], date: day },
  }))
  const imported = await runProgram(
    ['import', '-'],
    env,
    Buffer.from(papers.map((one) => JSON.stringify(one)).join('\n')),
  )
  assert.equal(imported.code, 0, imported.stderr)
  const preview = (...args: string[]) => runProgram(['digest', 'preview', ...args], env)

  await runProgram(['search', 'echoes'], env)
  const found = await preview('--kind', 'search', '--about', 'echoes')
  assert.match(
    found.stdout,
    /^Subject: Search: echoes, .*: 1 paper\n[\s\S]* 1\. Echoes of small rooms\n {4}Ada Byron\n/,
  )
  assert.match(found.stdout, /Read on the site: http:\/\/localhost:3000\/papers\?q=echoes&sort=newest/)

  const file = join(folder, 'mail.html')
  const written = await preview('--kind', 'categories', '--about', 'cs.SD', '--length', '1', '--html', file)
  assert.match(written.stdout, /New in cs\.SD, .*: 1 paper/)
  assert.match(readFileSync(file, 'utf8'), /^<!doctype html><html lang="en">/)

  const { code, stderr } = await preview('--kind', 'categories')
  assert.match(stderr, /needs --about, such as --about "cs\.CL, cs\.LG"/)
  assert.notEqual(code, 0)
})
