import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { temporaryFolder } from '../../../tests/databases.ts'
import { EmbedderError } from './outside-embedder.ts'
import { createTransformersEmbedder } from './transformers-embedder.ts'

/**
 * The real package is some hundred MB with its runtime, and is run by transformers-model.test.ts. This one has its interface; a
 * vector is the length of the text and how many times the model was called. Some words make it misbehave.
 */
const standIn = `
import { existsSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'
export const env = {}
let calls = 0
export const pipeline = async (task, model) => {
  if (model !== 'some/model') throw new Error('no such model ' + model)
  return async (texts, { pooling, normalize }) => {
    if (task !== 'feature-extraction' || pooling !== 'mean' || !normalize || isMainThread) throw new Error('called wrongly')
    if (texts.length > 4) throw new Error('too many at once')
    calls++
    for (const text of texts) {
      const [word, file] = text.split('|')
      if (word === 'crash') process.exit(3)
      if (word === 'refuse') throw new Error('unreadable')
      if (word === 'busy until') while (!existsSync(file));
    }
    return { dims: [texts.length, 2], data: Float32Array.from(texts.flatMap((text) => [text.length, calls])) }
  }
}`

function install(folder: string): void {
  const home = join(folder, 'node_modules/@huggingface/transformers')
  mkdirSync(home, { recursive: true })
  writeFileSync(join(home, 'package.json'), '{"name":"@huggingface/transformers","type":"module","main":"index.js"}')
  writeFileSync(join(home, 'index.js'), standIn)
}

function installed(t: TestContext) {
  const folder = temporaryFolder(t)
  install(folder)
  return { folder, embedder: createTransformersEmbedder('some/model', folder) }
}

test('transformers.js is missed in words, and loaded from the folder it is in once it is there', async (t) => {
  const folder = temporaryFolder(t)
  const embedder = createTransformersEmbedder('some/model', folder)
  await assert.rejects(embedder.embed(['x'], 'query'), /transformers is not installed. Run "npm install/)
  install(folder)
  assert.deepEqual(await embedder.embed(['ab', 'abcd'], 'document'), [Float32Array.of(2, 1), Float32Array.of(4, 1)])
  await assert.rejects(
    createTransformersEmbedder('other', folder).embed(['x'], 'query'),
    /cannot be loaded: no such model/,
  )
})

test('while the model is busy this thread is not, and a query goes before all papers that wait', async (t) => {
  const { embedder, folder } = installed(t)
  const file = join(folder, 'go')
  const ten = Array.from({ length: 10 }, () => `busy until|${file}`)
  const papers = [embedder.embed(ten, 'document'), embedder.embed(ten, 'document')]
  const query = embedder.embed(['q'], 'query')
  // In the thread of the model nobody would come to write it.
  writeFileSync(file, '')
  assert.deepEqual(await query, [Float32Array.of(1, 2)])
  const calls = (await Promise.all(papers)).map((vectors) => vectors.map((vector) => vector[1]))
  assert.deepEqual(calls, [
    [1, 1, 1, 1, 4, 4, 4, 4, 6, 6],
    [3, 3, 3, 3, 5, 5, 5, 5, 7, 7],
  ])
})

test('whoever gives up is not kept by a busy model, and what waited is not embedded', async (t) => {
  const { embedder, folder } = installed(t)
  const file = join(folder, 'go')
  const first = embedder.embed([`busy until|${file}`], 'document')
  const stopping = new AbortController()
  const given = [
    embedder.embed(['a', 'b'], 'document', stopping.signal),
    embedder.embed(['c'], 'query', stopping.signal),
  ]
  stopping.abort(new Error('the program stops'))
  for (const one of given) await assert.rejects(one, /the program stops/)
  await assert.rejects(embedder.embed(['d'], 'query', stopping.signal), /the program stops/)
  writeFileSync(file, '')
  assert.equal((await first)[0]![1], 1)
  assert.deepEqual(await embedder.embed(['x'], 'document'), [Float32Array.of(1, 2)])
})

test('texts that the model fails on are told from a model that fails, and a thread that ended is started again', async (t) => {
  const { embedder } = installed(t)
  const isOfTexts = (expected: boolean) => (error: unknown) =>
    error instanceof EmbedderError && error.isOfTexts === expected
  await assert.rejects(embedder.embed(['refuse'], 'document'), isOfTexts(true))
  const crashing = embedder.embed(['crash'], 'document')
  const next = embedder.embed(['next'], 'document')
  await assert.rejects(crashing, isOfTexts(false))
  assert.deepEqual(await next, [Float32Array.of(4, 1)])
})
