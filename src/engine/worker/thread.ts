import { Worker } from 'node:worker_threads'
import { BadCursorError } from '../query/engine-query.ts'
import { DamagedPartError } from '../segments/sections.ts'
import type { FromThread, JobName, Jobs, ThreadSetup, ToThread } from './messages.ts'

/** A thread ended before it answered. What it was asked can be asked again. */
export class ThreadEndedError extends Error {
  override name = 'ThreadEndedError'
}

/** Memory of a thread's own, besides the shared segments. Merging the largest segments takes about half of it. */
const heapMb = 1_024
/** A thread that ends so often in a row, without having answered anything, is not started again. */
const mostFutileStarts = 5
const restartDelayMs = 200

type Waiting = { resolve: (result: never) => void; reject: (error: Error) => void }

export type ThreadEvents = {
  /** A new thread is running, at first and after each restart: it knows no snapshot yet. */
  onStart?: (thread: EngineThread) => void
  onProblem?: (message: string, cause?: unknown) => void
}

/**
 * A thread of the engine that is started again when it ends unexpectedly; what waits for it then fails with
 * `ThreadEndedError`. Keeps the process alive only while something waits.
 */
export class EngineThread {
  private readonly url: URL
  private readonly setup: ThreadSetup
  private readonly events: ThreadEvents
  private readonly waiting = new Map<number, Waiting>()
  private worker: Worker | undefined
  private nextId = 1
  private futileStarts = 0
  private isClosed = false
  private failure: string | undefined

  constructor(url: URL, setup: ThreadSetup, events: ThreadEvents = {}) {
    this.url = url
    this.setup = setup
    this.events = events
    this.start()
  }

  /** How many answers are outstanding. */
  get load(): number {
    return this.waiting.size
  }

  /** Whether it can be asked now: it is neither closed, given up, nor just being started again. */
  get isRunning(): boolean {
    return this.worker !== undefined
  }

  /** Why the thread was given up, if it was. */
  get problem(): string | undefined {
    return this.failure
  }

  /** Throws what the job throws, by name, and `ThreadEndedError`. */
  ask<Name extends JobName>(name: Name, order: Jobs[Name][0]): Promise<Jobs[Name][1]> {
    return new Promise((resolve, reject) => {
      if (!this.worker) {
        reject(new ThreadEndedError(this.isClosed ? 'The search index is closed.' : (this.failure ?? restarting)))
        return
      }
      const id = this.nextId++
      this.waiting.set(id, { resolve, reject })
      this.worker.ref()
      this.tell({ kind: 'job', id, name, order })
    })
  }

  tell(message: ToThread): void {
    this.worker?.postMessage(message)
  }

  /** Ends the thread; what still waits fails. */
  async close(): Promise<void> {
    this.isClosed = true
    const { worker } = this
    this.worker = undefined
    this.failWaiting('The search index was closed before it answered.')
    await worker?.terminate()
  }

  private start(): void {
    const worker = new Worker(this.url, {
      workerData: this.setup,
      env: {},
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: heapMb },
    })
    this.worker = worker
    worker.on('message', (message: FromThread) => this.receive(message))
    let reason: unknown
    worker.on('error', (error) => {
      reason = error
    })
    worker.on('exit', (code) => this.ended(worker, reason ?? `exit code ${code}`))
    worker.unref()
    this.events.onStart?.(this)
  }

  private receive(message: FromThread): void {
    this.futileStarts = 0
    const waiting = this.waiting.get(message.id)
    this.waiting.delete(message.id)
    if (this.waiting.size === 0) this.worker?.unref()
    if (message.kind === 'done') waiting?.resolve(message.result as never)
    else waiting?.reject(errorOf(message))
  }

  private ended(worker: Worker, reason: unknown): void {
    if (this.worker !== worker) return // closed by us
    this.worker = undefined
    const why = reason instanceof Error ? reason.message : String(reason)
    this.futileStarts++
    const isGivenUp = this.futileStarts >= mostFutileStarts
    if (isGivenUp)
      this.failure = `The search thread ended ${this.futileStarts} times in a row (${why}). Start the program again.`
    this.events.onProblem?.(this.failure ?? `A search thread ended (${why}) and is started again.`, reason)
    this.failWaiting(this.failure ?? `The search thread ended before it answered (${why}). Ask again.`)
    if (isGivenUp) return
    if (this.futileStarts === 1) this.start()
    else setTimeout(() => this.isClosed || this.start(), (this.futileStarts - 1) * restartDelayMs).unref()
  }

  private failWaiting(message: string): void {
    for (const { reject } of this.waiting.values()) reject(new ThreadEndedError(message))
    this.waiting.clear()
  }
}

const restarting = 'The search thread is being started again. Ask again in a moment.'

const known: Record<string, new (message: string) => Error> = { BadCursorError, DamagedPartError, RangeError }

function errorOf({ name, message, stack }: Extract<FromThread, { kind: 'failed' }>): Error {
  const error = new (known[name] ?? Error)(message)
  // The thread's own stack says where it happened.
  if (stack) error.stack = stack
  return error
}
