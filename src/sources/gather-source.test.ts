import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { type OpenDatabase, onEveryDatabase } from '../../tests/databases.ts'
import { createTestClock, startServer } from '../../tests/wire.ts'
import { type Db, findJob } from '../db/index.ts'
import { packageRoot } from '../lib/assets.ts'
import { createPoliteClient } from '../lib/polite-http/index.ts'
import {
  adoptSourcesFile,
  changeSource,
  configuredSources,
  followedCategories,
  pollNow,
  removeSource,
} from './configure-sources.ts'
import { gatherSource } from './gather-source.ts'
import { sourceState } from './queries.ts'
import { readSourcesFile } from './read-sources-file.ts'
import type { SourceTrouble } from './source.ts'

const fixture = (name: string) => readFileSync(join(packageRoot, 'tests/fixtures/sources', name))
const by = (at: Date) => ({ actorId: 'ada', at })
type Handle = (request: IncomingMessage, response: ServerResponse) => void

async function world(t: TestContext, open: OpenDatabase, handle: Handle) {
  const db = await open(t)
  if (!db) return undefined
  const time = createTestClock('2026-03-02T17:00:00.000Z')
  const server = await startServer(t, time.clock, handle)
  const http = createPoliteClient({ db, userAgent: 'Paperround/test', ...time, random: () => 0 })
  t.after(() => http[Symbol.asyncDispose]())
  return { db, time, server, gate: { db, http, clock: time.clock } }
}

const entries = (db: Db) =>
  db
    .selectFrom('edition_entry')
    .innerJoin('paper', 'paper.id', 'edition_entry.paper_id')
    .select(['paper.title', 'edition_entry.day', 'edition_entry.origin', 'edition_entry.submitted_by'])
    .orderBy('paper.title')
    .execute()
    .then((rows) => rows.map((row) => ({ ...row })))
const titles = async (db: Db) =>
  (await db.selectFrom('paper').select('title').orderBy('title').execute()).map(({ title }) => title)

onEveryDatabase('gathering from a source', (open) => {
  test('P2 Daily Papers come into the edition of the day they were listed on, with the upvotes there; asking again changes nothing', async (t) => {
    const given = await world(
      t,
      open,
      (_, response) => void response.setHeader('etag', '"one"').end(fixture('daily-papers.json')),
    )
    if (!given) return
    const { db, server, gate } = given
    await changeSource(db, { name: 'hf', kind: 'daily-papers', url: server.url, days: 1 }, by(gate.clock()))
    assert.deepEqual(await gatherSource(gate, 'hf'), { received: 2, added: 2, listed: 2, bad: 1, hasMore: false })
    assert.deepEqual(await entries(db), [
      { title: '0', day: '2026-03-02', origin: 'gathered', submitted_by: null },
      { title: 'Small rooms for large models', day: '2026-03-02', origin: 'gathered', submitted_by: 'Chen Wei' },
    ])
    const [elsewhere] = await db.selectFrom('paper_elsewhere').selectAll().where('upvotes', '>', 0).execute()
    assert.equal(elsewhere?.upvotes, 17)
    assert.equal((await sourceState(db, 'hf'))?.outcome, 'ok')
    assert.match(String((await sourceState(db, 'hf'))?.message), /2603\.00013/)
    assert.deepEqual(await gatherSource(gate, 'hf'), { received: 2, added: 0, listed: 0, bad: 1, hasMore: false })
    assert.match(String(server.requests.at(-1)?.headers['if-none-match']), /one/)
  })

  test('a filter keeps papers out; a first poll does not flood the day with old ones; switched off means not asked', async (t) => {
    const given = await world(t, open, (_, response) => void response.end(fixture('rss2.xml')))
    if (!given) return
    const { db, server, gate, time } = given
    time.set('2026-03-20T17:00:00.000Z')
    const settings = { name: 'journal', kind: 'feed', url: server.url }
    await changeSource(db, { ...settings, filters: ['-"short note"'] }, by(gate.clock()))
    await gatherSource(gate, 'journal')
    assert.deepEqual(await titles(db), ['Rooms & their walls'])
    assert.deepEqual(await entries(db), [], 'three weeks old')
    await changeSource(db, { ...settings, enabled: false }, by(gate.clock()))
    assert.equal(await gatherSource(gate, 'journal'), undefined)
    assert.equal(server.requests.length, 1)
  })

  test('cut off between two pages, it goes on from there; every paper is there once', async (t) => {
    let fails = true
    const given = await world(t, open, (request, response) => {
      const isSecond = String(request.url).includes('resumptionToken')
      if (isSecond && fails) response.writeHead(503, { 'retry-after': '120' }).end('busy')
      else response.end(fixture(isSecond ? 'oai-dc-2.xml' : 'oai-dc-1.xml'))
    })
    if (!given) return
    const { db, server, gate, time } = given
    await changeSource(
      db,
      { name: 'repo', kind: 'oai-pmh', url: `${server.url}/oai`, edition: false },
      by(gate.clock()),
    )
    await assert.rejects(gatherSource(gate, 'repo'), (error: SourceTrouble) => {
      assert.equal(error.kind, 'later')
      assert.ok(error.retryAt && error.retryAt >= time.clock())
      time.set(new Date(error.retryAt.getTime() + 1000))
      return true
    })
    assert.equal((await titles(db)).length, 1)
    const state = await sourceState(db, 'repo')
    assert.equal(state?.outcome, 'later')
    assert.equal(state?.failures, 1)
    assert.match(String(state?.cursor), /page=2/)
    fails = false
    const before = server.requests.length
    await gatherSource(gate, 'repo')
    assert.ok(server.requests.slice(before).every(({ path }) => path.includes('resumptionToken')))
    assert.equal((await titles(db)).length, 2)
    const after = await sourceState(db, 'repo')
    assert.equal(after?.failures, 0)
    assert.equal(after?.cursor, '{"from":"2026-02-28"}')
  })

  test('P12 P19 an error page with status 200 is a failure with words; a refusal stops this source', async (t) => {
    let status = 200
    const given = await world(
      t,
      open,
      (_, response) => void response.writeHead(status).end('<html><body>Rate exceeded</body></html>'),
    )
    if (!given) return
    const { db, server, gate } = given
    await changeSource(db, { name: 'journal', kind: 'feed', url: server.url }, by(gate.clock()))
    await assert.rejects(gatherSource(gate, 'journal'), { kind: 'broken' })
    assert.equal((await sourceState(db, 'journal'))?.outcome, 'broken')
    assert.match(String((await sourceState(db, 'journal'))?.message), /html/)
    status = 403
    await assert.rejects(gatherSource(gate, 'journal'), { kind: 'blocked' })
    const count = server.requests.length
    await assert.rejects(gatherSource(gate, 'journal'), { kind: 'blocked' })
    assert.equal(server.requests.length, count, 'it is not asked again')
  })

  test('the same paper from three sources is one paper with all its addresses', async (t) => {
    const files: Record<string, string> = { '/bib': 'acl.bib', '/xml': 'acl.xml' }
    const given = await world(
      t,
      open,
      (request, response) => void response.end(fixture(files[String(request.url)] as string)),
    )
    if (!given) return
    const { db, server, gate } = given
    for (const [name, path] of [
      ['one', '/bib'],
      ['two', '/xml'],
    ] as const) {
      await changeSource(db, { name, kind: 'acl-anthology', urls: [server.url + path] }, by(gate.clock()))
      await gatherSource(gate, name)
    }
    const rows = await db.selectFrom('paper_identifier').selectAll().where('id', 'like', '%long.1').execute()
    assert.equal(new Set(rows.map(({ paper_id }) => paper_id)).size, 1)
    assert.deepEqual(rows.map(({ source }) => source).toSorted(), ['acl', 'doi'])
  })

  test('P55 the file of sources: what it names replaces what it named before; what was made by hand stays and is changed by hand', async (t) => {
    const db = await open(t)
    if (!db) return
    const now = new Date('2026-03-02T17:00:00.000Z')
    assert.deepEqual(await followedCategories(db), ['cs.AI', 'cs.CL', 'cs.CV', 'cs.LG'])
    await changeSource(db, { name: 'mine', kind: 'feed', url: 'https://mine.example.org/rss' }, by(now))
    const first = `{ "arxiv": { "categories": ["math.CO"] }, "sources": [{ "name": "hf", "kind": "daily-papers" }, { "name": "ours", "kind": "feed", "url": "https://ours.example.org/rss" }] }`
    await adoptSourcesFile(db, readSourcesFile(first, 'f'), now)
    await adoptSourcesFile(db, readSourcesFile(first, 'f'), now)
    assert.deepEqual(
      (await configuredSources(db)).map(({ name, origin }) => [name, origin]),
      [
        ['hf', 'file'],
        ['mine', 'admin'],
        ['ours', 'file'],
      ],
    )
    assert.deepEqual(await followedCategories(db), ['math.CO'])
    assert.equal((await findJob(db, 'gather-source:ours'))?.state, 'waiting')
    await assert.rejects(
      changeSource(db, { name: 'ours', kind: 'feed', url: 'https://x.example.org' }, by(now)),
      /PAPERROUND_SOURCES/,
    )
    await adoptSourcesFile(
      db,
      readSourcesFile('{ "sources": [{ "name": "hf", "kind": "daily-papers", "enabled": false }] }', 'f'),
      now,
    )
    assert.deepEqual(
      (await configuredSources(db)).map(({ name, enabled }) => [name, enabled]),
      [
        ['hf', false],
        ['mine', true],
      ],
    )
    assert.deepEqual(await followedCategories(db), ['cs.AI', 'cs.CL', 'cs.CV', 'cs.LG'])
    assert.equal(await findJob(db, 'gather-source:ours'), undefined)
    await pollNow(db, 'mine', now)
    await removeSource(db, 'mine', by(now))
    assert.equal(await findJob(db, 'gather-source:mine'), undefined)
    await assert.rejects(changeSource(db, { name: 'mine', kind: 'feed' }, by(now)), /url/)
  })
})
