import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EnginePage } from '../query/engine-query.ts'
import type { JobName, Jobs } from './messages.ts'
import { SearchThreads } from './search-threads.ts'
import { EngineThread } from './thread.ts'
import { ThreadPool } from './thread-pool.ts'

const url = new URL('./engine-thread.ts', import.meta.url)

/** Tells what it was asked. */
class Recorded extends EngineThread {
  readonly asked: JobName[] = []
  override ask<Name extends JobName>(name: Name, order: Jobs[Name][0]): Promise<Jobs[Name][1]> {
    this.asked.push(name)
    return super.ask(name, order)
  }
}

test('a question right behind the answer to another is shared too; of two at once each has a thread', async () => {
  const threads = [new Recorded(url, {}), new Recorded(url, {})]
  const pool = new ThreadPool(threads)
  const problems: string[] = []
  const searching = new SearchThreads(pool, (message) => problems.push(message))
  const ask = (): Promise<EnginePage> => searching.search({ text: 'graph', limit: 5 }, 20_000)
  const assists = () => threads.flatMap(({ asked }) => asked).filter((name) => name === 'assist').length
  try {
    await ask()
    await ask()
    assert.equal(assists(), 2)
    while (pool.load > 0) await new Promise(setImmediate)
    const [one, other] = await Promise.all([ask(), ask()])
    assert.deepEqual([one.hits, other.hits], [[], []])
    assert.equal(assists(), 3)
    assert.equal(threads.flatMap(({ asked }) => asked).filter((name) => name === 'search').length, 4)
    assert.deepEqual(problems, [])
  } finally {
    await pool.close()
  }
})
