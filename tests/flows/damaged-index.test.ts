import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { temporaryFolder } from '../databases.ts'
import { environment, runProgram, type Site, searchReady, startSite } from '../program.ts'

const papers = Array.from({ length: 300 }, (_, n) => ({
  id: `2601.${10_000 + n}`,
  title: `Bridges of the river, part ${n}`,
  abstract: `The pillar${n} stands in deep water.`,
  authors: ['Ada Byron'],
  categories: ['cs.SD'],
  date: '2026-01-11',
}))

const find = async ({ url }: Site, q: string) => {
  const answer = await fetch(`${url}/papers?q=${q}`)
  return { status: answer.status, html: await answer.text() }
}

test('a file of the index that is damaged under a running site costs nothing until the restart, then a rebuild and a log line', async (t) => {
  const folder = temporaryFolder(t)
  const lines = Buffer.from(papers.map((one) => JSON.stringify(one)).join('\n'))
  const imported = await runProgram(['import', '-'], environment(folder), lines)
  assert.equal(imported.code, 0, imported.stderr)
  const first = await startSite(t, folder)
  await searchReady(first, papers.length)
  const files = join(folder, 'search-index/files')
  const segment = await saved(files)
  const bytes = readFileSync(segment)
  bytes[bytes.length >> 1]! ^= 0x55
  writeFileSync(segment, bytes)

  const before = await find(first, 'pillar123')
  assert.match(before.html, /2601\.10123/, 'what is in memory is not touched')
  assert.equal(await first.stop('SIGKILL'), null)

  const second = await startSite(t, folder)
  // Nobody waits for the rebuild: the site answers, and search says at worst that it is not there yet.
  assert.equal((await fetch(second.url)).status, 200)
  assert.ok([200, 503].includes((await find(second, 'pillar123')).status))
  await searchReady(second, papers.length)
  assert.match(second.output(), /The search index in \S+ cannot be used and is made anew: .* were changed/)
  assert.match((await find(second, 'pillar123')).html, /2601\.10123/)
  assert.match((await find(second, 'pillar299')).html, /2601\.10299/)
  assert.equal(await second.stop(), 0)
})

/** The text of a segment, once the index is on disk: that takes some seconds. */
async function saved(folder: string): Promise<string> {
  for (let tries = 0; tries < 2_400; tries++) {
    const names = readNames(folder)
    const text = names.find((name) => name.endsWith('.text'))
    if (text && names.includes('manifest.json')) return join(folder, text)
    await pause(25)
  }
  throw new Error('the index was not saved within a minute')
}

function readNames(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return [] // not made yet
  }
}
