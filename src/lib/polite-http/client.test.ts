import assert from 'node:assert/strict'
import { test } from 'node:test'
import { onEveryDatabase, openSqliteForTest } from '../../../tests/databases.ts'
import { createTestClock, startServer, type TestClock } from '../../../tests/wire.ts'
import { type Db, politeSources, reopenSource } from '../../db/index.ts'
import { createPoliteClient, type PoliteAnswer, type PoliteClientOptions } from './index.ts'

const start = '2026-03-02T12:00:00.000Z'
const client = (db: Db, time: TestClock, more: Partial<PoliteClientOptions> = {}) =>
  createPoliteClient({ db, userAgent: 'Paperround/test (mailto:ada@example.org)', ...time, random: () => 0, ...more })
const textOf = (answer: PoliteAnswer) => (answer.kind === 'ok' ? answer.body.toString() : answer.kind)
const ask = { source: 'arxiv', lane: 'arxiv' }
const secondsBetween = (requests: { at: Date }[]) =>
  requests.slice(1).map(({ at }, index) => (at.getTime() - requests[index]!.at.getTime()) / 1000)

onEveryDatabase('P18: the polite client', (open) => {
  test('keeps three seconds between requests, over every client that shares the database, and says who it is', async (t) => {
    const db = await open(t)
    if (!db) return
    const time = createTestClock(start)
    const server = await startServer(t, time.clock, (_, response) => void response.end('fine'))
    const clients = [client(db, time), client(db, time)]
    const answers = []
    for (let turn = 0; turn < 4; turn++) answers.push(await clients[turn % 2]!.get(server.url, ask))
    assert.deepEqual(answers.map(textOf), ['fine', 'fine', 'fine', 'fine'])
    assert.deepEqual(secondsBetween(server.requests), [3, 3, 3])
    assert.equal(server.requests[0]!.headers['user-agent'], 'Paperround/test (mailto:ada@example.org)')
  })

  test('never has two requests of a lane on the way, whoever asks at once', async (t) => {
    const db = await open(t)
    if (!db) return
    const time = createTestClock(start)
    let underway = 0
    let most = 0
    const server = await startServer(t, time.clock, async (_, response) => {
      underway += 1
      most = Math.max(most, underway)
      await new Promise((resolve) => setTimeout(resolve, 20))
      underway -= 1
      response.end('fine')
    })
    const real = {
      clock: () => new Date(),
      sleep: (ms: number) => new Promise<void>((r) => setTimeout(r, Math.min(ms, 30))),
    }
    const clients = [client(db, { ...time, ...real }), client(db, { ...time, ...real })]
    await Promise.all([0, 1, 2, 3, 4, 5].map((index) => clients[index % 2]!.get(server.url, { ...ask, intervalMs: 1 })))
    assert.equal(server.requests.length, 6)
    assert.equal(most, 1)
  })

  test('pages are kept further apart than other requests of the lane', async (t) => {
    const db = await open(t)
    if (!db) return
    const time = createTestClock(start)
    const server = await startServer(t, time.clock, (_, response) => void response.end('fine'))
    const http = client(db, time)
    const page = { ...ask, pageIntervalMs: 15_000 }
    for (const request of [page, ask, page, page]) await http.get(server.url, request)
    assert.deepEqual(secondsBetween(server.requests), [3, 12, 15])
  })

  test('a turn whose holder was killed is free again after a quarter of a minute', async (t) => {
    const db = await open(t)
    if (!db) return
    const time = createTestClock(start)
    const server = await startServer(t, time.clock, (_, response) => void response.end('fine'))
    const lost = {
      lane: 'arxiv',
      holder: 'killed',
      held_until: '2026-03-02T12:00:15.000Z',
      free_at: start,
      pages_free_at: '',
    }
    await db.insertInto('outgoing_lane').values(lost).execute()
    assert.equal(textOf(await client(db, time).get(server.url, ask)), 'fine')
    assert.equal(server.requests[0]!.at.toISOString(), '2026-03-02T12:00:15.000Z')
  })
})

test('P18: Retry-After is kept, as seconds and as a date; a cool-down after 429 survives a restart', async (t) => {
  const db = await openSqliteForTest(t)
  const time = createTestClock(start)
  const answers: [status: number, retryAfter?: string][] = [[503, '40'], [429, 'Mon, 02 Mar 2026 12:05:00 GMT'], [200]]
  const server = await startServer(t, time.clock, (_, response) => {
    const [status, retryAfter] = answers.shift()!
    response.writeHead(status, retryAfter ? { 'retry-after': retryAfter } : {}).end('now')
  })
  const first = client(db, time)
  const answer = await first.get(server.url, { ...ask, tries: 2 })
  assert.equal(answer.kind, 'later')
  assert.match((answer as { message: string }).message, /429/)
  await first[Symbol.asyncDispose]()
  // A restart, and another source of the same lane: 429 is about all our requests together.
  assert.equal(textOf(await client(db, time).get(server.url, { ...ask, source: 'arxiv-feed' })), 'now')
  assert.deepEqual(
    server.requests.map(({ at }) => at.toISOString().slice(11, 19)),
    ['12:00:00', '12:00:40', '12:05:00'],
  )
})

test('P18: without a header the pauses double up to a ceiling, and five failures open the circuit', async (t) => {
  const db = await openSqliteForTest(t)
  const time = createTestClock(start)
  const server = await startServer(t, time.clock, (_, response) => void response.writeHead(500).end())
  const problems: string[] = []
  const http = client(db, time, { onProblem: ({ message }) => problems.push(message) })
  const answer = await http.get(server.url, { ...ask, tries: 9 })
  assert.equal(answer.kind, 'later')
  assert.deepEqual(secondsBetween(server.requests), [5, 10, 20, 40])
  assert.equal(problems.length, 5)
  const again = await http.get(server.url, { ...ask, tries: 9 })
  assert.equal(again.kind, 'later')
  assert.equal(server.requests.length, 5, 'the circuit is open: nobody is asked')
  for (let probe = 0; probe < 9; probe++) {
    time.set((await politeSources(db))[0]!.closed_until!)
    await http.get(server.url, { ...ask, tries: 9 })
  }
  assert.equal(secondsBetween(server.requests).at(-1), 1800)
})

test('Retry-After: 0 means our own back-off, and no server can send us away for longer than a day', async (t) => {
  const db = await openSqliteForTest(t)
  const time = createTestClock(start)
  let retryAfter = '0'
  const server = await startServer(t, time.clock, (_, response) => {
    response.writeHead(503, { 'retry-after': retryAfter }).end()
  })
  const http = client(db, time)
  const until = async () => ((await http.get(server.url, { ...ask, tries: 1 })) as { until: Date }).until.toISOString()
  assert.equal(await until(), '2026-03-02T12:00:05.000Z')
  time.set('2026-03-02T12:01:00.000Z')
  retryAfter = '999999999'
  assert.equal(await until(), '2026-03-03T12:01:00.000Z')
})

test('P19: 400 is never asked again, 403 stops this source for a day and no other, an administrator can reopen it', async (t) => {
  const db = await openSqliteForTest(t)
  const time = createTestClock(start)
  let status = 400
  const server = await startServer(t, time.clock, (_, response) => void response.writeHead(status).end('body'))
  const blocked: string[] = []
  const onProblem = (problem: { source: string; isBlocked: boolean }) =>
    problem.isBlocked && blocked.push(problem.source)
  const http = client(db, time, { onProblem })
  const bad = await http.get(server.url, ask)
  assert.equal(bad.kind === 'refused' && bad.status === 400 && bad.body.toString(), 'body')
  assert.equal(server.requests.length, 1)
  status = 403
  assert.equal((await http.get(server.url, ask)).kind, 'blocked')
  assert.equal((await http.get(server.url, ask)).kind, 'blocked')
  assert.equal(server.requests.length, 2)
  assert.deepEqual(blocked, ['arxiv'])
  assert.match((await politeSources(db))[0]!.last_message!, /403.*may be blocked/)
  status = 200
  assert.equal((await http.get(server.url, { ...ask, source: 'arxiv-feed' })).kind, 'ok')
  await reopenSource(db, 'arxiv')
  assert.equal((await http.get(server.url, ask)).kind, 'ok')
})

test('conditional requests: what was remembered after storing is sent, and 304 is an answer', async (t) => {
  const db = await openSqliteForTest(t)
  const time = createTestClock(start)
  const server = await startServer(t, time.clock, (request, response) => {
    const isKnown = request.headers['if-none-match'] === '"1"'
    response.writeHead(isKnown ? 304 : 200, { etag: '"1"', 'last-modified': 'Mon, 02 Mar 2026 01:00:00 GMT' })
    response.end(isKnown ? '' : 'page')
  })
  const http = client(db, time)
  const asked = { ...ask, conditional: true }
  const answer = await http.get(server.url, asked)
  assert.equal(textOf(await http.get(server.url, asked)), 'page', 'not remembered before it was stored')
  await http.rememberValidators(answer)
  assert.equal((await http.get(server.url, asked)).kind, 'unchanged')
  assert.equal(server.requests.at(-1)!.headers['if-modified-since'], 'Mon, 02 Mar 2026 01:00:00 GMT')
})

test('a body beyond the limit, a body that breaks off, silence, a closed port, redirects without end', async (t) => {
  const db = await openSqliteForTest(t)
  const time = createTestClock(start)
  const server = await startServer(t, time.clock, (request, response) => {
    if (request.url === '/large') response.end('x'.repeat(2_000))
    else if (request.url === '/breaks') {
      response.writeHead(200, { 'content-length': '100' })
      response.write('half')
      setTimeout(() => response.destroy(), 20)
    } else if (request.url === '/moved') response.writeHead(301, { location: '/there' }).end()
    else if (request.url === '/there') response.end('there')
    else if (request.url === '/round') response.writeHead(302, { location: '/round' }).end()
    else if (request.url === '/file') response.writeHead(302, { location: 'file:///etc/passwd' }).end()
  })
  const http = client(db, time)
  const get = (path: string, source = path) =>
    http.get(server.url + path, { source, lane: 'x', tries: 1, maxBytes: 1_000, timeoutMs: 300 })
  assert.match(((await get('/large')) as { message: string }).message, /more than 1,000 bytes/)
  assert.equal((await get('/breaks')).kind, 'later')
  assert.match(((await get('/silent')) as { message: string }).message, /no complete answer within/)
  assert.equal(textOf(await get('/moved')), 'there')
  assert.equal((await get('/round')).kind, 'refused')
  assert.equal((await get('/file')).kind, 'refused')
  const nobody = await http.get('http://127.0.0.1:9/', { source: 'nobody', tries: 1 })
  assert.equal(nobody.kind, 'later')
})

test('closing the client ends waits and requests at once, without counting them as failures', async (t) => {
  const db = await openSqliteForTest(t)
  const server = await startServer(
    t,
    () => new Date(),
    () => {},
  )
  const http = createPoliteClient({ db, userAgent: 'Paperround/test', clock: () => new Date() })
  const running = http.get(server.url, ask)
  const waiting = http.get(server.url, ask)
  await new Promise((resolve) => setTimeout(resolve, 50))
  await http[Symbol.asyncDispose]()
  assert.deepEqual([(await running).kind, (await waiting).kind], ['later', 'later'])
  assert.deepEqual(await politeSources(db), [])
})

test('a request that may not wait says when to come back', async (t) => {
  const db = await openSqliteForTest(t)
  const time = createTestClock(start)
  const server = await startServer(t, time.clock, (_, response) => void response.end('fine'))
  const http = client(db, time)
  await http.get(server.url, { ...ask, intervalMs: 60_000 })
  const answer = await http.get(server.url, { ...ask, patienceMs: 10_000 })
  assert.deepEqual(answer, {
    kind: 'later',
    until: new Date('2026-03-02T12:01:00.000Z'),
    message: 'other requests of ours to arxiv come first',
  })
})
