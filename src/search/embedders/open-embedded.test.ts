import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { temporaryFolder } from '../../../tests/databases.ts'
import { embeddingServer } from '../../../tests/embedding-server.ts'
import { record } from '../../../tests/papers.ts'
import { until } from '../../../tests/processes.ts'
import { type Db, migrate, openSqlite } from '../../db/index.ts'
import { upsertPapers } from '../../papers/index.ts'
import { openEngineIndex } from '../adapters/engine-index.ts'
import { openSearch } from '../open-search.ts'
import { createEmbedder, openEmbedded } from './open-embedded.ts'

const PAPERS = 1_100
const titleOf = (n: number) => `${n === 7 ? 'A whale' : 'Rivers'} of type ${n}`

async function setUp(t: TestContext) {
  const folder = temporaryFolder(t)
  const database = join(folder, 'test.sqlite')
  const db = openSqlite(database)
  t.after(() => db.destroy())
  await migrate(db)
  const papers = Array.from({ length: PAPERS }, (_, n) => record({ title: titleOf(n), abstract: `Number ${n}.` }))
  await upsertPapers(db, papers, new Date('2026-01-02T00:00:00Z'))
  return { db, database, folder: join(folder, 'index'), server: await embeddingServer(t) }
}

/** Search as the site opens it. `model` changes the name of the model. */
function open({ db, folder, server }: Awaited<ReturnType<typeof setUp>>, model = 'm', grows = true) {
  const notices: string[] = []
  const search = openSearch({
    db,
    folder,
    open: (files) =>
      openEmbedded({
        embedder: createEmbedder({ kind: 'openai', baseUrl: server.baseUrl, model }, folder),
        db,
        folder: files,
        open: (path, outside) =>
          openEngineIndex({ folder: path, threads: 1, ...(outside ? { embedder: outside } : {}) }),
        grows,
        onNotice: (message) => notices.push(message),
      }),
    onProblem: (problem) => {
      throw problem
    },
  })
  return { search, notices, isTaken: () => notices.some((one) => one.includes('has embedded all papers')) }
}

async function first(search: ReturnType<typeof openSearch>, text: string): Promise<number | undefined> {
  return (await (await search.index()).search({ text, limit: 1 })).hits[0]?.id
}
const idOf = async (db: Db, title: string) =>
  (await db.selectFrom('paper').select('id').where('title', '=', title).executeTakeFirstOrThrow()).id

test('the index there is answers until the chosen model has embedded everything; killed, it goes on where it was', async (t) => {
  const it = await setUp(t)
  const { db, folder, server, database } = it
  // Killed in the middle: some batches are kept, some are under way and get no answer.
  server.answers = 10
  const child = fork(new URL('./open-embedded.test-child.ts', import.meta.url), [database, folder, server.baseUrl])
  const ended = once(child, 'exit')
  await server.askedTimes(server.answers + 3)
  child.kill('SIGKILL')
  await ended
  const unanswered = server.asked.slice(server.answers).flatMap(({ input }) => input)
  const answered = server.asked.slice(0, server.answers).flatMap(({ input }) => input)

  const again = open(it)
  await again.search.caughtUp()
  assert.equal(await first(again.search, titleOf(99)), await idOf(db, titleOf(99)), 'found by words meanwhile')
  assert.equal(await first(again.search, 'ocean'), undefined, 'there is no shipped model in this test')
  await until(() => again.notices.length > 0)
  assert.match(
    again.notices[0]!,
    /is to embed papers. [\d,]+ of 1,100 papers have no vector.*about [\d,]+ tokens in \d+ requests, 0\.0\d dollars/,
  )
  assert.match((await again.search.report()).notice!, /^openai:.*#m takes over when its index is whole/)
  server.answers = Number.POSITIVE_INFINITY
  await again.search[Symbol.asyncDispose]()

  const whole = open(it)
  await until(whole.isTaken)
  assert.equal(await first(whole.search, 'ocean'), await idOf(db, titleOf(7)), 'no word of it, but its meaning')
  const { model, notice, documents } = await whole.search.report()
  assert.match(model, /^openai:.*#m$/)
  assert.deepEqual([notice, documents], [undefined, PAPERS])
  const times = Map.groupBy(server.texts(), (text) => text)
  for (const text of answered) assert.equal(times.get(text)?.length, 1, `${text} was asked again`)
  assert.ok(
    unanswered.every((text) => times.get(text)!.length >= 2),
    'what got no answer is asked again',
  )

  // New papers come in, in the index of the model outside.
  await upsertPapers(db, [record({ title: 'Violins', abstract: 'Of music.' })], new Date('2026-01-03T00:00:00Z'))
  await whole.search.caughtUp()
  assert.equal(await first(whole.search, 'music'), await idOf(db, 'Violins'))
  await whole.search[Symbol.asyncDispose]()

  // A rebuilt index asks nothing; nor does a command, which never begins to embed.
  const before = server.texts().length
  for (const name of readdirSync(folder)) if (name.startsWith('model-')) rmSync(join(folder, name), { recursive: true })
  const command = open(it, 'm', false)
  await command.search.caughtUp()
  await command.search[Symbol.asyncDispose]()
  const rebuilt = open(it)
  await until(rebuilt.isTaken)
  await rebuilt.search.caughtUp()
  assert.deepEqual(server.texts().slice(before), [])
  await rebuilt.search[Symbol.asyncDispose]()

  // Another model: its own vectors, and the folder of the one before goes.
  const other = open(it, 'n')
  await until(other.isTaken)
  assert.equal(readdirSync(folder).filter((name) => name.startsWith('model-')).length, 1)
  assert.ok(existsSync(join(folder, 'files')))
  await other.search[Symbol.asyncDispose]()
})

test('a model that does not answer at the start is told, and the site searches without it', async (t) => {
  const it = await setUp(t)
  it.server.stop()
  const { search, notices } = open(it)
  await search.caughtUp()
  assert.equal(await first(search, titleOf(12)), await idOf(it.db, titleOf(12)))
  await search[Symbol.asyncDispose]()
  assert.ok(notices.every((notice) => notice.startsWith('The shipped model answers for now')))
})
