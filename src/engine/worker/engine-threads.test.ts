import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { EngineThreads } from './engine-threads.ts'

const megabyte = 2 ** 20

/** Threads of which none is started by a build, and how often they collected thoroughly. */
function threads() {
  let collections = 0
  const made = new EngineThreads({
    url: new URL('./engine-thread.ts', import.meta.url),
    ...{ setup: {}, searchThreads: 1 },
    snapshot: () => ({ kind: 'snapshot', segments: [] }),
    onProblem: (message) => assert.fail(message),
    collect: () => collections++,
  })
  return { made, collections: () => collections }
}

test('after building much, garbage is collected thoroughly once; after little not at all', async (t) => {
  const { made, collections } = threads()
  t.after(() => made.close())
  mock.timers.enable({ apis: ['setTimeout'] })
  t.after(() => mock.timers.reset())
  const buildAndWait = async () => {
    await made.withBuilders(async () => {})
    assert.equal(made.searchers.load, 0)
    mock.timers.tick(10_000)
  }
  made.tell(100 * megabyte)
  await buildAndWait()
  assert.equal(collections(), 0)
  made.tell(100 * megabyte)
  assert.equal(collections(), 0, 'it is not over')
  await buildAndWait()
  assert.equal(collections(), 1)
  await buildAndWait()
  assert.equal(collections(), 1, 'counted anew')
})

test('who builds much and closes at once gives it back too', async () => {
  const { made, collections } = threads()
  made.tell(200 * megabyte)
  await made.close()
  assert.equal(collections(), 1)
})
