import type { EnginePage, EngineQuery } from '../query/engine-query.ts'
import type { ThreadSetup, ToThread } from './messages.ts'
import { SearchThreads } from './search-threads.ts'
import { EngineThread } from './thread.ts'
import { ThreadPool } from './thread-pool.ts'
import { collectThoroughly } from './unused-memory.ts'

const buildThreads = 2
/** Threads for building end after this long without work: their heaps have grown. */
const idleMs = 10_000
/**
 * When parts of an index with so many bytes were let go of, which building some 40,000 papers does, all threads collect their
 * garbage thoroughly after it. Half as much: days with many papers end with a pause of the program, which takes as long as
 * `collectThoroughly` says.
 */
const muchBytes = 128 * 2 ** 20

export type EngineThreadsOptions = {
  url: URL
  setup: ThreadSetup
  searchThreads: number
  /** What searches see now. */
  snapshot: () => Extract<ToThread, { kind: 'snapshot' }>
  onProblem: (message: string, cause?: unknown) => void
  /** For tests. */
  collect?: () => void
}

/** The threads of an engine: those that search, and those that build, which run only while there is something to build. */
export class EngineThreads {
  readonly searchers: ThreadPool
  private readonly searching: SearchThreads
  private readonly options: EngineThreadsOptions
  private builders: ThreadPool | undefined
  private idle: NodeJS.Timeout | undefined
  private unusedBytes = 0

  constructor(options: EngineThreadsOptions) {
    this.options = options
    this.searchers = this.pool(options.searchThreads, true)
    this.searching = new SearchThreads(this.searchers, options.onProblem)
  }

  search(query: EngineQuery, documents: number): Promise<EnginePage> {
    return this.searching.search(query, documents)
  }

  /** How many build at once. */
  get buildThreads(): number {
    return buildThreads
  }

  async withBuilders<T>(work: (pool: ThreadPool) => Promise<T>): Promise<T> {
    clearTimeout(this.idle)
    this.builders ??= this.pool(buildThreads, false)
    const pool = this.builders
    try {
      return await work(pool)
    } finally {
      clearTimeout(this.idle)
      this.idle = setTimeout(() => {
        if (pool.load > 0) return
        this.builders = undefined
        pool.close().catch((error) => this.options.onProblem('A thread for building did not end.', error))
        this.collect()
      }, idleMs)
      this.idle.unref()
    }
  }

  /** All threads learn what searches see. `unusedBytes`: how much of what they saw before is not part of it. */
  tell(unusedBytes: number): void {
    this.unusedBytes += unusedBytes
    const message = this.options.snapshot()
    this.searchers.tellAll(message)
    this.builders?.tellAll(forBuilders(message))
  }

  async close(): Promise<void> {
    clearTimeout(this.idle)
    await Promise.all([this.searchers.close(), this.builders?.close()])
    this.collect()
  }

  /** Gives back what building left behind, if that is much. */
  private collect(): void {
    if (this.unusedBytes < muchBytes) return
    this.unusedBytes = 0
    this.searchers.tellAll({ kind: 'collect' })
    const { collect = collectThoroughly } = this.options
    collect()
  }

  private pool(size: number, searches: boolean): ThreadPool {
    const { url, setup, snapshot, onProblem } = this.options
    const events = {
      onStart: (thread: EngineThread) => thread.tell(searches ? snapshot() : forBuilders(snapshot())),
      onProblem,
    }
    return new ThreadPool(Array.from({ length: size }, () => new EngineThread(url, setup, events)))
  }
}

/** Builders need the model only. */
const forBuilders = (message: Extract<ToThread, { kind: 'snapshot' }>): ToThread => ({ ...message, segments: [] })
