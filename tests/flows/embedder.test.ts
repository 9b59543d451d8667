import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../databases.ts'
import { embeddingServer } from '../embedding-server.ts'
import { environment, runProgram } from '../program.ts'

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
