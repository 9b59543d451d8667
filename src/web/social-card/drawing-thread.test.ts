import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AppError } from '../../errors.ts'
import { createDrawingThread, type DrawingThreadOptions } from './drawing-thread.ts'

/** A thread that does what the title says, and answers with a number of its own that tells threads apart. */
const obedient = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { parentPort, threadId } from 'node:worker_threads'
    parentPort.on('message', ({ picture }) => {
      if (picture.title === 'exit') process.exit(3)
      if (picture.title === 'throw') setImmediate(() => { throw new Error('a crash') })
      else if (picture.title === 'hang') while (true);
      else if (picture.title === 'refuse') parentPort.postMessage({ problem: new Error('a bad picture') })
      else parentPort.postMessage({ png: new Uint8Array([threadId]) })
    })`)}`,
)

function start(options: Partial<DrawingThreadOptions> = {}) {
  const problems: string[] = []
  const onProblem = (problem: unknown) => problems.push((problem as Error).message)
  const limits = { idleMs: 10_000, timeoutMs: 10_000, maxWaiting: 200 }
  const thread = createDrawingThread({ workerUrl: obedient, assetsFolder: '', ...limits, onProblem, ...options })
  const draw = (title: string) =>
    thread.draw({ picture: { title, authors: [], kicker: '', site: '', tint: '' }, size: 'list' })
  return { draw, problems, [Symbol.asyncDispose]: () => thread[Symbol.asyncDispose]() }
}

const unavailable = (error: unknown) => error instanceof AppError && error.code === 'unavailable'

test('pictures are drawn one after the other in one thread', async () => {
  await using thread = start()
  const numbers = await Promise.all(['a', 'b', 'c'].map(thread.draw))
  assert.equal(new Set(numbers.map(([number]) => number)).size, 1)
})

for (const [title, problem] of [
  ['exit', 'the drawing thread ended with 3'],
  ['throw', 'a crash'],
] as const) {
  test(`a thread that ends (${title}) takes its picture along and no other`, async () => {
    await using thread = start()
    const drawings = await Promise.allSettled(['before', title, 'after'].map(thread.draw))
    assert.deepEqual(
      drawings.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
    )
    assert.ok(unavailable((drawings[1] as PromiseRejectedResult).reason))
    assert.deepEqual(thread.problems, [problem])
  })
}

test('a picture that takes too long is given up, and the next is drawn by another thread', async () => {
  await using thread = start({ timeoutMs: 2500 })
  const drawings = await Promise.allSettled(['hang', 'after'].map(thread.draw))
  assert.deepEqual(
    drawings.map(({ status }) => status),
    ['rejected', 'fulfilled'],
  )
})

test('a picture that cannot be drawn leaves the thread running', async () => {
  await using thread = start()
  const [before] = await thread.draw('before')
  await assert.rejects(thread.draw('refuse'), unavailable)
  assert.deepEqual([...(await thread.draw('after'))], [before])
  assert.deepEqual(thread.problems, ['a bad picture'])
})

test('a thread that cannot even start fails its pictures', async () => {
  await using thread = start({ workerUrl: new URL('./no-such-worker.ts', import.meta.url) })
  const drawings = await Promise.allSettled(['a', 'b'].map(thread.draw))
  assert.deepEqual(
    drawings.map(({ status }) => status),
    ['rejected', 'rejected'],
  )
  assert.match(thread.problems[0] ?? '', /no-such-worker/)
})

test('an idle thread ends, and the next picture starts another', async () => {
  await using thread = start({ idleMs: 1 })
  const [first] = await thread.draw('a')
  await new Promise((resolve) => setTimeout(resolve, 200))
  const [second] = await thread.draw('b')
  assert.notEqual(first, second)
})

test('more orders than may wait are refused at once, and the others are drawn', async () => {
  await using thread = start({ maxWaiting: 2 })
  const drawings = await Promise.allSettled(['drawn', 'waits', 'waits', 'too many'].map(thread.draw))
  assert.deepEqual(
    drawings.map(({ status }) => status),
    ['fulfilled', 'fulfilled', 'fulfilled', 'rejected'],
  )
  assert.ok(unavailable((drawings[3] as PromiseRejectedResult).reason))
})

test('closing rejects what waits and what comes', async () => {
  const thread = start()
  const waiting = Promise.allSettled(['hang', 'waits'].map(thread.draw))
  await thread[Symbol.asyncDispose]()
  for (const drawing of await waiting) assert.ok(unavailable((drawing as PromiseRejectedResult).reason))
  await assert.rejects(thread.draw('late'), unavailable)
})
