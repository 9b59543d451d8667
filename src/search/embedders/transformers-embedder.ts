import { Worker } from 'node:worker_threads'
import { packageUrl } from '../../lib/assets.ts'
import { EmbedderError, embedderId, type OutsideEmbedder } from './outside-embedder.ts'
import type { ModelAnswer, ModelPlace } from './transformers-thread.ts'

/** Texts that the model has at once. A query waits for so many at most, whatever there is to embed. */
const TEXTS_AT_ONCE = 4
/** Texts a call: what is embedded is kept after each. */
const BATCH = 16
/** More than any of these models reads. */
const MAX_CHARACTERS = 8_000

/** Sources run as they are; the build puts the thread beside the program. */
const threadUrl = import.meta.url.endsWith('.ts')
  ? new URL('./transformers-thread.ts', import.meta.url)
  : packageUrl('dist/transformers-thread.js')

/**
 * A model that runs on this machine by transformers.js, of the hub or a folder, in a thread of its own: no page waits for it.
 * The package is looked for from `from` (a folder with node_modules) when the first text comes, and is nothing the program
 * needs otherwise. Throws `EmbedderError`.
 */
export function createTransformersEmbedder(model: string, from: string): OutsideEmbedder {
  const thread = new ModelThread({ model, from })
  return {
    id: embedderId({ kind: 'transformers', model }),
    batch: BATCH,
    longestText: MAX_CHARACTERS,
    async embed(texts, use, signal) {
      const vectors: Float32Array[] = []
      for (let start = 0; start < texts.length; start += TEXTS_AT_ONCE)
        vectors.push(...(await thread.ask(texts.slice(start, start + TEXTS_AT_ONCE), use === 'query', signal)))
      return vectors
    },
  }
}

type Question = {
  texts: readonly string[]
  signal: AbortSignal | undefined
  resolve: (vectors: Float32Array[]) => void
  reject: (reason: unknown) => void
}

/** The thread with the model. It has one question at a time, keeps no program alive, and is started again when it ended. */
class ModelThread {
  private readonly place: ModelPlace
  private readonly waiting: Question[] = []
  private asked: Question | undefined
  private worker: Worker | undefined

  constructor(place: ModelPlace) {
    this.place = place
  }

  /** `isUrgent`: before all that waits. Throws `EmbedderError`, and the reason of the signal as soon as that ends it. */
  ask(texts: readonly string[], isUrgent: boolean, signal?: AbortSignal): Promise<Float32Array[]> {
    return new Promise((resolve, reject) => {
      const giveUp = () => reject(signal?.reason)
      const settled = () => signal?.removeEventListener('abort', giveUp)
      const question: Question = {
        texts,
        signal,
        resolve: (vectors) => {
          settled()
          resolve(vectors)
        },
        reject: (reason) => {
          settled()
          reject(reason)
        },
      }
      if (signal?.aborted) return giveUp()
      signal?.addEventListener('abort', giveUp, { once: true })
      if (isUrgent) this.waiting.unshift(question)
      else this.waiting.push(question)
      this.next()
    })
  }

  private next(): void {
    if (this.asked) return
    do this.asked = this.waiting.shift()
    while (this.asked?.signal?.aborted)
    if (!this.asked) {
      this.worker?.unref()
      return
    }
    this.worker ??= this.start()
    this.worker.ref()
    this.worker.postMessage(this.asked.texts)
  }

  private start(): Worker {
    const worker = new Worker(threadUrl, { workerData: this.place, execArgv: [] })
    worker.on('message', (answer: ModelAnswer) => this.receive(answer))
    let reason: unknown
    worker.on('error', (error) => {
      reason = error
    })
    worker.on('exit', (code) => {
      if (this.worker !== worker) return // ended by us
      this.worker = undefined
      const why = reason instanceof Error ? reason.message : `exit code ${code}`
      this.settle((asked) =>
        asked.reject(
          new EmbedderError(`The thread of the model ended before it answered (${why}).`, { cause: reason }),
        ),
      )
    })
    return worker
  }

  private receive(answer: ModelAnswer): void {
    if ('problem' in answer && answer.at === 'loading') {
      // Another thread looks again: it may have been installed by then.
      const { worker } = this
      this.worker = undefined
      worker?.terminate().catch(() => {}) // it holds nothing
    }
    this.settle((asked) => {
      if ('vectors' in answer) asked.resolve(answer.vectors)
      else asked.reject(new EmbedderError(answer.problem, { isOfTexts: answer.at === 'texts' }))
    })
  }

  private settle(work: (asked: Question) => void): void {
    const { asked } = this
    this.asked = undefined
    if (asked) work(asked)
    this.next()
  }
}
