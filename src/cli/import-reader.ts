import type { Readable } from 'node:stream'
import { Worker } from 'node:worker_threads'
import { AppError } from '../errors.ts'
import { packageUrl } from '../lib/assets.ts'
import type { ImportFormat } from '../sources/index.ts'
import type { FromReader, PreparedItem, ReaderOrder, ToReader } from './import-worker.ts'

/**
 * Reads a file in a thread of its own and yields what is in it, ready to be stored, in file order. The bytes stay with
 * the caller's stream (a file, standard input), which is read only as fast as the papers are taken.
 */
export async function* readPrepared(
  input: Readable,
  order: ReaderOrder,
  onFormat: (format: ImportFormat) => void,
): AsyncGenerator<PreparedItem[]> {
  const worker = new Worker(packageUrl('dist/import-worker.js'), {
    workerData: order,
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 64 },
  })
  const tell = (message: ToReader) => worker.postMessage(message)
  const chunks = input[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>
  const batches: PreparedItem[][] = []
  let ended = false
  let failure: Error | undefined
  let wake = () => {}

  // One after the other, so that the pieces keep their order.
  let fed = Promise.resolve()
  const feed = async () => {
    try {
      const { value, done } = await chunks.next()
      tell(done ? { kind: 'bytes' } : { kind: 'bytes', chunk: value })
    } catch (error) {
      tell({ kind: 'bytes', failure: (error as Error).message })
    }
  }
  worker.on('message', (message: FromReader) => {
    if (message.kind === 'more') fed = fed.then(feed)
    else if (message.kind === 'format') onFormat(message.format)
    else if (message.kind === 'items') batches.push(message.items)
    else if (message.kind === 'done') ended = true
    else failure = new AppError(message.code, message.message)
    wake()
  })
  worker.on('error', (error) => {
    failure = error as Error
    wake()
  })
  worker.on('exit', (code) => {
    if (!ended && !failure) failure = new Error(`the reading thread ended with ${code}`)
    wake()
  })
  try {
    for (;;) {
      const batch = batches.shift()
      if (batch) {
        yield batch
        tell({ kind: 'taken' })
      } else if (failure) throw failure
      else if (ended) return
      else
        await new Promise<void>((resolve) => {
          wake = resolve
        })
    }
  } finally {
    await worker.terminate()
    input.destroy()
  }
}
