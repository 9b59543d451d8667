import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { createEmbedder, forgetModel, keepVectors, storedModels } from '../../src/search/index.ts'
import { onEveryDatabase, temporaryFolder } from '../databases.ts'
import { EMBEDDING_DIMS, embeddingServer } from '../embedding-server.ts'
import { until } from '../processes.ts'
import { environment, runProgram, startSite } from '../program.ts'

test('doctor tells what a model outside will cost before it is asked for anything', async (t) => {
  const server = await embeddingServer(t)
  const folder = join(temporaryFolder(t), 'data')
  const settings = { ...environment(folder), PAPERROUND_EMBEDDER: `openai:${server.baseUrl}#m` }
  const finding = async () => {
    const { stdout } = await runProgram(['doctor', '--json'], settings)
    return JSON.parse(stdout).findings.find(({ what }: { what: string }) => what === 'Search model')
  }
  assert.match((await finding()).detail, /#m answers with 64 numbers a text; .*when the program has started once/)
  assert.equal((await runProgram(['import', '-'], settings, Buffer.from('{"title":"A whale"}'))).code, 0)
  const { ok, detail } = await finding()
  assert.ok(ok)
  assert.match(
    detail,
    /76 of 76 papers have no vector of this model yet: about [\d,]+ tokens in 2 requests, 0.00 dollars/,
  )
  assert.deepEqual(new Set(server.texts()), new Set(['length']), 'nothing of the papers was sent')
  server.stop()
  assert.match((await finding()).detail, /does not answer/)
})

onEveryDatabase('paperround vectors', (open) => {
  test('lists the models whose vectors are kept, and forgets one that is not in use', async (t) => {
    const db = await open(t)
    if (!db) return
    const server = await embeddingServer(t)
    const keep = (model: string) =>
      keepVectors(db, createEmbedder({ kind: 'openai', baseUrl: server.baseUrl, model }, ''), () => {})
    const texts = Array.from({ length: 4_100 }, (_, n) => `text ${n}`)
    await keep('old').documents(texts)
    await keep('new').documents(texts.slice(0, 3))
    const [fresh, old] = [`openai:${server.baseUrl}#new`, `openai:${server.baseUrl}#old`]
    assert.deepEqual(await storedModels(db), [
      { model: fresh, texts: 3, bytes: 3 * 2 * EMBEDDING_DIMS },
      { model: old, texts: 4_100, bytes: 4_100 * 2 * EMBEDDING_DIMS },
    ])
    assert.equal(await forgetModel(db, old), 4_100)
    assert.deepEqual(
      (await storedModels(db)).map(({ model, texts }) => [model, texts]),
      [[fresh, 3]],
    )
  })
})

test('paperround vectors keeps the model in use, and says what it did', async (t) => {
  const server = await embeddingServer(t)
  const folder = join(temporaryFolder(t), 'data')
  const env = environment(folder)
  const model = `openai:${server.baseUrl}#m`
  const embedding = { ...env, PAPERROUND_EMBEDDER: model }
  const site = await startSite(t, folder, { PAPERROUND_EMBEDDER: model })
  await until(() => site.output().includes('has embedded all papers'))
  assert.equal(await site.stop(), 0)

  assert.match((await runProgram(['vectors'], embedding)).stdout, /#m: 75 texts, 0 MB, in use\n/)
  const refused = await runProgram(['vectors', '--forget', model], embedding)
  assert.equal(refused.code, 1)
  assert.match(refused.stderr, /is the model of PAPERROUND_EMBEDDER. Change that first/)
  assert.match((await runProgram(['vectors', '--forget', 'm'], env)).stderr, /No vectors of "m" are kept/)
  const listed = JSON.parse((await runProgram(['vectors', '--json'], env)).stdout)
  assert.deepEqual(listed, { models: [{ model, texts: 75, megabytes: 0, inUse: false }] })
  const forgotten = await runProgram(['vectors', '--forget', model], env)
  assert.equal(forgotten.stdout, `75 vectors of ${model} were deleted (0 MB).\n`)
  assert.match((await runProgram(['vectors'], env)).stdout, /^No vectors are kept/)
})
