import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { onEveryDatabase, openSqliteForTest } from '../../../tests/databases.ts'
import { EMBEDDING_DIMS as DIMS, embeddingServer, type Refusal } from '../../../tests/embedding-server.ts'
import type { PaperId } from '../../papers/index.ts'
import { openEngineIndex } from '../adapters/engine-index.ts'
import type { SearchDocument } from '../port.ts'
import { embeddedIndex } from './embedded-index.ts'
import { keepVectors } from './kept-vectors.ts'
import { createOpenAiEmbedder } from './openai-embedder.ts'
import { EmbedderError, parseEmbedder } from './outside-embedder.ts'

const paper = (id: number, title: string): SearchDocument => ({
  ...{ id: id as PaperId, title, authors: [], abstract: '', categories: [], identifiers: [], day: 0 },
  ...{ hasCode: false, isWithdrawn: false },
})

test('a choice of embedder is read, anything else is refused', () => {
  assert.deepEqual(parseEmbedder('openai:https://x.org/v1/#bge-m3'), {
    ...{ kind: 'openai', baseUrl: 'https://x.org/v1', model: 'bge-m3' },
  })
  assert.deepEqual(parseEmbedder('transformers:/models/small'), { kind: 'transformers', model: '/models/small' })
  for (const wrong of ['', 'openai:', 'openai:https://x.org', 'openai:ftp://x#m', 'bge', 'transformers:'])
    assert.equal(parseEmbedder(wrong), undefined, wrong)
})

test('texts go in batches with the key, and vectors come back in the order of the texts', async (t) => {
  const { asked, baseUrl } = await embeddingServer(t)
  const embedder = createOpenAiEmbedder({ baseUrl, model: 'm', key: 'k1' })
  const texts = Array.from({ length: 130 }, (_, n) => (n % 2 ? 'whale' : 'violin'))
  const vectors = await embedder.embed(texts, 'document')
  assert.equal(vectors.length, 130)
  assert.ok(vectors.every((vector, n) => vector[n % 2 ? 0 : 1] === 1))
  assert.deepEqual(
    asked.map(({ input }) => input.length),
    [64, 64, 2],
  )
  assert.ok(asked.every(({ headers, model }) => headers.authorization === 'Bearer k1' && model === 'm'))
})

test('too many requests and a broken server are tried again; a wrong key is told at once', async (t) => {
  const refusals: Refusal[] = [{ status: 429, retryAfter: '0.01' }, { status: 503 }]
  const { asked, baseUrl } = await embeddingServer(t, refusals)
  const embedder = createOpenAiEmbedder({ baseUrl, model: 'm', firstPauseMs: 5 })
  assert.equal((await embedder.embed(['whale'], 'document')).length, 1)
  assert.equal(asked.length, 3)
  refusals.push({ status: 401 })
  await assert.rejects(embedder.embed(['whale'], 'document'), /answered 401.*Set PAPERROUND_EMBEDDER_KEY/)
  assert.equal(asked.length, 4)
  refusals.push(...Array.from({ length: 9 }, () => ({ status: 500 })))
  await assert.rejects(embedder.embed(['whale'], 'document'), EmbedderError)
  assert.equal(asked.length, 9, 'five tries, not for ever')
  await assert.rejects(embedder.embed(['whale'], 'query'), EmbedderError)
  assert.equal(asked.length, 10, 'a query once: its reader waits')
})

test('a server that names its moment is asked again then, and one that never answers is given up', async (t) => {
  const refusals: Refusal[] = [{ status: 429, retryAfter: 'Fri, 07 Mar 2025 11:59:00 GMT' }, { status: 408 }]
  const server = await embeddingServer(t, refusals)
  const { asked, baseUrl } = server
  const embedder = createOpenAiEmbedder({ baseUrl, model: 'm', firstPauseMs: 1, timeoutMs: 50 })
  assert.equal((await embedder.embed(['whale'], 'document')).length, 1)
  refusals.push(...Array.from({ length: 5 }, () => 'silence' as const))
  await assert.rejects(embedder.embed(['whale'], 'document'), /does not answer/)
  assert.equal(asked.length, 3 + 5)
  refusals.push({ status: 429, retryAfter: '600' })
  const stopping = new AbortController()
  const waiting = embedder.embed(['whale'], 'document', stopping.signal)
  await server.askedTimes(9)
  stopping.abort()
  await assert.rejects(waiting, 'a program that stops does not wait ten minutes')
})

test('an index finds papers by the meaning of a model outside, and by words while that does not answer', async (t) => {
  const db = await openSqliteForTest(t)
  const { asked, baseUrl, stop } = await embeddingServer(t)
  const embedder = createOpenAiEmbedder({ baseUrl, model: 'm', firstPauseMs: 5 })
  const problems: string[] = []
  const engine = await openEngineIndex({ embedder: { id: embedder.id, dims: DIMS }, threads: 1 })
  const vectors = keepVectors(db, embedder, (message) => problems.push(message))
  const index = embeddedIndex(engine, {
    vectors,
    onProblem: (message) => problems.push(message),
    stopping: new AbortController(),
  })
  t.after(() => index.close())
  await index.put([paper(1, 'The song of the whale'), paper(2, 'A violin from Cremona')], 7)
  assert.equal((await index.status()).model, embedder.id)
  const { hits } = await index.search({ text: 'ocean', limit: 1 })
  assert.equal(hits[0]?.id, 1, 'no word of it, but its meaning')
  stop()
  const words = await index.search({ text: 'cremona', limit: 5 })
  assert.equal(words.hits[0]?.id, 2)
  assert.match(problems[0]!, /by words alone for the next 30 seconds.*does not answer/)
  await index.search({ text: 'another question', limit: 5 })
  assert.equal(problems.length, 1, 'the next readers are not made to wait for it')
  await assert.rejects(index.put([paper(3, 'Music')]), EmbedderError)
  assert.equal((await index.status()).documents, 2)
  const before = asked.length
  await index.put([paper(4, 'The song of the whale')])
  assert.equal(asked.length, before, 'a text that was embedded once is not asked again')
})

onEveryDatabase('vectors of a model outside', (open) => {
  const setUp = async (t: TestContext, refuses?: (text: string) => boolean) => {
    const db = await open(t)
    if (!db) return undefined
    const server = await embeddingServer(t, [], refuses)
    const problems: string[] = []
    const keep = () =>
      keepVectors(db, createOpenAiEmbedder({ baseUrl: server.baseUrl, model: 'm', firstPauseMs: 1 }), (message) =>
        problems.push(message),
      )
    return { db, server, problems, keep }
  }

  test('are asked for once, however often the index is made, and are as good as new', async (t) => {
    const it = await setUp(t)
    if (!it) return
    const texts = Array.from({ length: 300 }, (_, n) => `${n % 2 ? 'whale' : 'violin'} ${n % 250}`)
    const first = await it.keep().documents(texts)
    assert.equal(new Set(it.server.texts()).size, 250 + 1, 'and one text to see how long vectors are')
    assert.equal(it.server.texts().length, 251, 'equal texts once')
    it.server.stop()
    const again = await it.keep().documents(texts)
    assert.ok(again.every((vector, n) => vector!.every((value, k) => value === first[n]![k])))
    const [whale, violin] = [first[1]!, first[0]!]
    const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, n) => sum + value * b[n]!, 0)
    assert.ok(Math.abs(dot(whale, whale) - 1) < 1e-3)
    assert.ok(dot(whale, first[3]!) > 0.99 && dot(whale, violin) < 0.2)
    assert.deepEqual(await it.keep().missing(['whale 1', 'new']), ['new'])
  })

  test('that a failing model made until then are kept', async (t) => {
    const it = await setUp(t)
    if (!it) return
    const kept = it.keep()
    await kept.dims()
    const texts = Array.from({ length: 640 }, (_, n) => `text ${n}`)
    const stopping = new AbortController()
    const store = kept.documents(texts, stopping.signal)
    await Promise.race([store, it.server.askedTimes(5)])
    stopping.abort()
    await assert.rejects(store)
    const missing = await it.keep().missing(texts)
    assert.ok(missing.length < 640 && missing.length % 64 === 0, `${missing.length} are missing`)
    const before = it.server.texts().length
    await it.keep().documents(texts)
    assert.deepEqual(it.server.texts().slice(before).sort(), missing.sort(), 'only what was missing is asked for')
  })

  test('of another length than before are refused, for documents and queries', async (t) => {
    const it = await setUp(t)
    if (!it) return
    await it.keep().documents(['whale'])
    it.server.dims = DIMS - 1
    const signal = AbortSignal.timeout(10_000)
    await assert.rejects(it.keep().documents(['ocean']), /a vector of 63 numbers; those it made before have 64/)
    await assert.rejects(it.keep().query('ocean', signal), /a vector of 63 numbers/)
  })

  test('may have any length', async (t) => {
    const it = await setUp(t)
    if (!it) return
    it.server.dims = 10
    const kept = it.keep()
    assert.equal(await kept.dims(), 64)
    const index = await openEngineIndex({ embedder: { id: kept.id, dims: 64 }, threads: 1 })
    t.after(() => index.close())
    const [whale, violin] = await kept.documents(['whale', 'violin'])
    await index.put([
      { ...paper(1, 'a'), vector: whale! },
      { ...paper(2, 'b'), vector: violin! },
    ])
    const vector = await kept.query('ocean', AbortSignal.timeout(10_000))
    assert.equal((await index.search({ text: '', vector, limit: 1 })).hits[0]?.id, 1)
  })

  test('of a text that the model refuses are those of its beginning, or none, and the others are made', async (t) => {
    const it = await setUp(t, (text) => text.length > 1_000 || text.includes('\u0007'))
    if (!it) return
    const long = `whale ${'deep '.repeat(600)}`
    const texts = ['violin', long, 'ocean', 'a bell \u0007', 'music']
    const vectors = await it.keep().documents(texts)
    assert.deepEqual(
      vectors.map((vector) => vector !== undefined),
      [true, true, true, false, true],
    )
    assert.ok(vectors[1]![0]! > 0.9, 'the whale is in its beginning')
    assert.match(it.problems.join(), /refuses "a bell .*, which is found by its words only/)
    const everything = await setUp(t, (text) => text !== 'length' || it.server.asked.length > 0)
    await assert.rejects(
      keepVectors(
        it.db,
        createOpenAiEmbedder({ baseUrl: everything!.server.baseUrl, model: 'm', firstPauseMs: 1 }),
        () => {},
      ).documents(['a', 'b']),
      /answered 400/,
    )
  })
})
