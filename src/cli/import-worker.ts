// The thread that reads an import: unpacking, parsing and cleaning cost as much as storing, so they run beside it.
import { Readable } from 'node:stream'
import { parentPort, workerData } from 'node:worker_threads'
import { AppError, type ErrorCode } from '../errors.ts'
import { type PreparedPaper, preparePaper } from '../papers/index.ts'
import { type ImportFormat, type ListingFact, readImport } from '../sources/index.ts'

export type PreparedItem =
  | { kind: 'paper'; line: number; bytes: number; paper: PreparedPaper; listing?: ListingFact }
  | { kind: 'bad'; line: number; bytes: number; reason: string }

/** What the thread is started with. `now` is an instant in UTC: when the papers are first seen. */
export type ReaderOrder = { name: string; as?: ImportFormat; now: string }
/** To the thread: bytes it asked for (none at the end), or leave to go on after a batch was taken. */
export type ToReader = { kind: 'bytes'; chunk?: Uint8Array; failure?: string } | { kind: 'taken' }
export type FromReader =
  | { kind: 'more' }
  | { kind: 'format'; format: ImportFormat }
  | { kind: 'items'; items: PreparedItem[] }
  | { kind: 'done' }
  | { kind: 'failed'; code: ErrorCode; message: string }

const ITEMS_PER_MESSAGE = 500
/** Papers made ahead while the other thread is busy storing: one of its transactions' worth. More only takes memory. */
const MAX_UNTAKEN = 14
/** Pieces of the file asked for ahead, for the same reason. */
const CHUNKS_AHEAD = 4

const port = parentPort
if (!port) throw new Error('this file is the start of a worker thread')
const order = workerData as ReaderOrder
const say = (message: FromReader) => port.postMessage(message)

let untaken = 0
let goOn = () => {}
const waiting: (Uint8Array | null)[] = []
let isHungry = false
const input = new Readable({
  read() {
    isHungry = true
    eat()
  },
})
port.on('message', (message: ToReader) => {
  if (message.kind === 'taken') {
    untaken -= 1
    goOn()
  } else if (message.failure) input.destroy(new Error(message.failure))
  else {
    waiting.push(message.chunk ?? null)
    eat()
  }
})
for (let ahead = 0; ahead < CHUNKS_AHEAD; ahead++) say({ kind: 'more' })

/** Hands the next piece of the file on and asks for another in its place. */
function eat(): void {
  if (!isHungry || waiting.length === 0) return
  isHungry = false
  const chunk = waiting.shift() as Uint8Array | null
  if (chunk) say({ kind: 'more' })
  input.push(chunk)
}

try {
  await readAll()
  say({ kind: 'done' })
} catch (error) {
  if (!(error instanceof AppError)) throw error
  say({ kind: 'failed', code: error.code, message: error.message })
} finally {
  port.close()
}

async function readAll(): Promise<void> {
  const { name, as } = order
  const now = new Date(order.now)
  const onFormat = (format: ImportFormat) => say({ kind: 'format', format })
  let batch: PreparedItem[] = []
  for await (const items of readImport(input, { name, onFormat, ...(as ? { as } : {}) })) {
    for (const item of items) {
      batch.push(item.kind === 'bad' ? item : { ...item, paper: preparePaper(item.paper, now) })
      if (batch.length < ITEMS_PER_MESSAGE) continue
      await send(batch)
      batch = []
    }
  }
  if (batch.length > 0) await send(batch)
}

async function send(items: PreparedItem[]): Promise<void> {
  while (untaken >= MAX_UNTAKEN)
    await new Promise<void>((resolve) => {
      goOn = resolve
    })
  untaken += 1
  say({ kind: 'items', items })
}
