import { Worker } from 'node:worker_threads'
import { AppError } from '../../errors.ts'
import type { CardPicture, CardSize } from './card-picture.ts'

export type DrawingOrder = { picture: CardPicture; size: CardSize }
/** What the thread answers to each order. */
export type Drawing = { png: Uint8Array<ArrayBuffer> } | { problem: unknown }

export type DrawingThread = AsyncDisposable & { draw(order: DrawingOrder): Promise<Uint8Array<ArrayBuffer>> }

export type DrawingThreadOptions = {
  workerUrl: URL
  assetsFolder: string
  /** An idle thread ends after this long and gives back its heaps. */
  idleMs: number
  /** A picture that takes longer counts as failed, and its thread is ended. */
  timeoutMs: number
  /** Orders that may wait behind the one being drawn; more are refused. */
  maxWaiting: number
  /** Told why a picture failed: who asked for it learns only that it did. */
  onProblem?: ((problem: unknown) => void) | undefined
}

/** Enough for fonts and outlines many times over; a runaway picture ends its thread and not the program. */
const resourceLimits = { maxOldGenerationSizeMb: 256 }

type Waiting = DrawingOrder & { resolve(png: Uint8Array<ArrayBuffer>): void; reject(error: Error): void }

/**
 * Draws one picture after the other in a thread of its own, which starts with the first order. A thread that crashes
 * takes only its picture along. Waiting orders keep the process alive, an idle thread does not.
 */
export function createDrawingThread(options: DrawingThreadOptions): DrawingThread {
  const queue: Waiting[] = []
  let current: Waiting | undefined
  let worker: Worker | undefined
  let timer: NodeJS.Timeout | undefined
  let closed = false

  function startWorker(): Worker {
    // Of its own: the flags and the environment, with its secrets, of the program are none of its business.
    const started = new Worker(options.workerUrl, {
      workerData: options.assetsFolder,
      resourceLimits,
      execArgv: [],
      env: {},
    })
    let problem: unknown
    started.on('message', (drawing: Drawing) => {
      if (worker === started) finish(drawing)
    })
    started.on('error', (error) => {
      problem = error
    })
    started.on('exit', (code) => {
      if (worker !== started) return
      worker = undefined
      finish({ problem: problem ?? new Error(`the drawing thread ended with ${code}`) })
    })
    return started
  }

  function next() {
    clearTimeout(timer)
    current = queue.shift()
    if (!current) {
      worker?.unref()
      timer = setTimeout(endWorker, options.idleMs).unref()
      return
    }
    try {
      worker ??= startWorker()
      worker.ref()
      worker.postMessage({ picture: current.picture, size: current.size } satisfies DrawingOrder)
    } catch (problem) {
      // The system gives no thread, say.
      finish({ problem })
      return
    }
    timer = setTimeout(() => {
      const ended = endWorker()
      finish({ problem: new Error(`a picture took longer than ${options.timeoutMs} ms`) })
      return ended
    }, options.timeoutMs).unref()
  }

  function finish(drawing: Drawing) {
    const done = current
    current = undefined
    if ('png' in drawing) done?.resolve(drawing.png)
    else {
      options.onProblem?.(drawing.problem)
      done?.reject(failure(drawing.problem))
    }
    next()
  }

  async function endWorker() {
    const ending = worker
    worker = undefined
    await ending?.terminate()
  }

  return {
    draw(order) {
      if (closed) return Promise.reject(closing())
      if (current && queue.length >= options.maxWaiting) {
        return Promise.reject(
          new AppError('unavailable', `${queue.length} pictures wait to be drawn already. Ask again in a minute.`),
        )
      }
      return new Promise((resolve, reject) => {
        queue.push({ ...order, resolve, reject })
        if (!current) next()
      })
    },
    async [Symbol.asyncDispose]() {
      closed = true
      clearTimeout(timer)
      for (const waiting of [current, ...queue.splice(0)]) waiting?.reject(closing())
      current = undefined
      await endWorker()
    },
  }
}

const closing = () => new AppError('unavailable', 'The site is closing and draws no more pictures.')
const failure = (cause: unknown) =>
  new AppError('unavailable', 'The picture of this paper could not be drawn. Its title and authors are on its page.', {
    cause,
  })
