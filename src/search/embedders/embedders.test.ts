import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { PaperId } from '../../papers/index.ts'
import { openEngineIndex } from '../adapters/engine-index.ts'
import type { SearchDocument } from '../port.ts'
import { embeddedIndex } from './embedded-index.ts'
import { openEmbedded } from './open-embedded.ts'
import { createOpenAiEmbedder } from './openai-embedder.ts'
import { EmbedderError, parseEmbedder } from './outside-embedder.ts'
import { createTransformersEmbedder } from './transformers-embedder.ts'

const DIMS = 64
const subjects = ['whale', 'ocean', 'violin', 'music']

/** A stand-in for a large model: one direction for sea, one for music. */
function vectorOf(text: string): number[] {
  const vector = new Array<number>(DIMS).fill(0.01)
  subjects.forEach((word, n) => {
    if (text.toLowerCase().includes(word)) vector[n < 2 ? 0 : 1] = 1
  })
  return vector
}

type Asked = { headers: IncomingHttpHeaders; model: string; input: string[] }

/** A server that speaks /v1/embeddings; `refusals` are answered first, one each. */
async function embeddingServer(t: TestContext, refusals: { status: number; retryAfter?: string }[] = []) {
  const asked: Asked[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    asked.push({ headers: request.headers, ...JSON.parse(body) })
    const refusal = refusals.shift()
    if (refusal) {
      response.writeHead(refusal.status, refusal.retryAfter ? { 'retry-after': refusal.retryAfter } : {})
      return response.end('{"error":"not now"}')
    }
    const data = asked.at(-1)!.input.map((text, index) => ({ index, embedding: vectorOf(text) }))
    response.end(JSON.stringify({ data: data.reverse() })) // out of order, as some servers send them
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  return { asked, server, baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1` }
}

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
  const refusals = [{ status: 429, retryAfter: '0.01' }, { status: 503 }]
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

test('an index finds papers by the meaning of a model outside, and by words while that does not answer', async (t) => {
  const { baseUrl, server } = await embeddingServer(t)
  const embedder = createOpenAiEmbedder({ baseUrl, model: 'm', firstPauseMs: 5 })
  const problems: string[] = []
  const engine = await openEngineIndex({ embedder: { id: embedder.id, dims: DIMS }, threads: 1 })
  const index = embeddedIndex(engine, embedder, (message) => problems.push(message))
  t.after(() => index.close())
  await index.put([paper(1, 'The song of the whale'), paper(2, 'A violin from Cremona')], 7)
  assert.equal((await index.status()).model, embedder.id)
  const { hits } = await index.search({ text: 'ocean', limit: 1 })
  assert.equal(hits[0]?.id, 1, 'no word of it, but its meaning')
  server.close()
  server.closeAllConnections()
  const words = await index.search({ text: 'cremona', limit: 5 })
  assert.equal(words.hits[0]?.id, 2)
  assert.match(problems[0]!, /answered by words alone.*does not answer/)
  await assert.rejects(index.put([paper(3, 'Music')]), EmbedderError)
  assert.equal((await index.status()).documents, 2)
})

test('a new model tells what it will cost, and a later start does not ask it', async (t) => {
  const { asked, baseUrl, server } = await embeddingServer(t)
  const dataFolder = mkdtempSync(join(tmpdir(), 'embedder-'))
  t.after(() => rmSync(dataFolder, { recursive: true }))
  const notices: string[] = []
  const open = () =>
    openEmbedded({
      choice: { kind: 'openai', baseUrl, model: 'm' },
      dataFolder,
      countPapers: async () => 2000,
      open: (embedder) => openEngineIndex({ embedder, threads: 1 }),
      onNotice: (message) => notices.push(message),
    })
  await (await open()).close()
  assert.match(notices[0]!, /All 2,000 papers are embedded anew by openai:.*about 600,000 tokens/)
  assert.equal(asked.length, 1)
  server.close()
  server.closeAllConnections()
  await (await open()).close()
})

// The real package is some hundred MB with its runtime; what is tested is how it is found, called and missed.
test('transformers.js is loaded from the folder it is in, and missed in words', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'transformers-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const embedder = createTransformersEmbedder('some/model', folder)
  await assert.rejects(embedder.embed(['x'], 'query'), /transformers is not installed. Run "npm install/)
  const home = join(folder, 'node_modules/@huggingface/transformers')
  mkdirSync(home, { recursive: true })
  writeFileSync(join(home, 'package.json'), '{"name":"@huggingface/transformers","type":"module","main":"index.js"}')
  writeFileSync(
    join(home, 'index.js'),
    `export const env = {}
     export const pipeline = async (task, model) => {
       if (model !== 'some/model') throw new Error('no such model ' + model)
       return async (texts, { pooling, normalize }) => {
         if (task !== 'feature-extraction' || pooling !== 'mean' || !normalize) throw new Error('called wrongly')
         return { dims: [texts.length, 2], data: Float32Array.from(texts.flatMap((text) => [text.length, 1])) }
       }
     }`,
  )
  const vectors = await embedder.embed(['ab', 'abcd'], 'document')
  assert.deepEqual(vectors, [Float32Array.of(2, 1), Float32Array.of(4, 1)])
  await assert.rejects(
    createTransformersEmbedder('other', folder).embed(['x'], 'query'),
    /cannot be loaded: no such model/,
  )
})
