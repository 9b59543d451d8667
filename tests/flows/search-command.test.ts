import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../databases.ts'
import { environment, runProgram, startSite } from '../program.ts'

type Found = { total: number; mistakes?: string[]; papers: { id: string; title: string; sentence?: string }[] }
const paper = {
  id: '2601.00001',
  title: 'Acoustics of small rooms in $\\ell_2$',
  abstract: 'Walls come first. The echo of a room decays quickly. We thank the carpenter.',
  authors: ['Ada Byron', 'Ben Okri', 'Chen Wei', 'Dana Scully'],
  categories: ['cs.SD'],
  date: '2025-03-07',
}

test('paperround search: in the terminal and as JSON, alone and beside the running site', async (t) => {
  const folder = temporaryFolder(t)
  const env = environment(folder)
  const imported = await runProgram(['import', '-'], env, Buffer.from(JSON.stringify(paper)))
  assert.equal(imported.code, 0, imported.stderr)

  const plain = await runProgram(['search', 'echo', 'decay', '--limit', '2'], env)
  assert.equal(plain.code, 0, plain.stderr)
  assert.match(
    plain.stdout,
    /^1\. Acoustics of small rooms in ℓ₂\n {3}2601\.00001 · Ada Byron, Ben Okri, Chen Wei and 1 more · cs\.SD · 2025-03-07\n {3}The echo of a room decays quickly\.\n/,
  )
  assert.doesNotMatch(plain.stdout, /^3\./m)

  const ask = async (...args: string[]) => {
    const { code, stdout, stderr } = await runProgram(['search', '--json', ...args], env)
    assert.equal(code, 0, stderr)
    return JSON.parse(stdout) as Found
  }
  assert.deepEqual(
    (await ask('author:okri cat:cs.SD')).papers.map(({ id }) => id),
    ['2601.00001'],
  )
  assert.equal((await ask('https://arxiv.org/abs/2601.00001')).papers[0]?.id, '2601.00001')
  assert.match((await ask('date:2025-13 rooms')).mistakes?.[0] ?? '', /no date/)
  const guide = readFileSync(new URL('../../docs/guides/searching.md', import.meta.url), 'utf8')
  const answers = [await ask('rooms date:2025-13'), await ask('echo author:nobody'), await ask('ecoh of rooms')]
  for (const name of answers.flatMap((answer) => [answer, ...answer.papers].flatMap(Object.keys)))
    assert.ok(guide.includes(`\`${name}\``), `${name} is in the guide`)

  const site = await startSite(t, folder)
  const beside = await ask('echo of rooms')
  assert.equal(beside.papers[0]?.id, '2601.00001')
  assert.equal(await site.stop(), 0)
})

test('paperround search says what is wrong, and makes nothing', async (t) => {
  const folder = join(temporaryFolder(t), 'none')
  const nothing = await runProgram(['search', 'rooms'], environment(folder))
  assert.equal(nothing.code, 1)
  assert.match(nothing.stderr, /There are no papers in .*PAPERROUND_DATA/)
  assert.equal(existsSync(folder), false)
  for (const wrong of [
    ['--limit', '0'],
    ['--limit', 'many'],
    ['--sort', 'random'],
  ])
    assert.match((await runProgram(['search', 'x', ...wrong], environment(folder))).stderr, /must be/)
  assert.equal((await runProgram(['search'], environment(folder))).code, 2)
})
