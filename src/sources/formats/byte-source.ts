import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'

/** What happened to a file while it was read: bytes taken from it, and why it broke off if it did. */
export type Trail = { bytes: number; failure?: string }
/** Unpacked bytes before a damaged place that cannot be had: zlib hands on nothing less than this much at a time. */
const DAMAGE_LOSS = 32 * 1024

type Chunks = AsyncGenerator<Buffer>

/** Bytes waiting for us before the stream is told to pause: little memory, yet a failing stream loses nothing. */
const WAITING_BYTES = 4 * 1024 * 1024
/** Compressed bytes per step. Unpacked they grow at most a thousandfold, so this bounds memory. */
const UNPACK_STEP = 32 * 1024

/**
 * The bytes of a file as UTF-8, whatever it came as: gzip (one or many members, by its first bytes), UTF-16 (by its
 * mark), with or without a byte order mark. Never throws: a stream that breaks off ends, and `trail.failure` says why.
 */
export async function* readBytes(input: Readable, trail: Trail): Chunks {
  let chunks = await startingWith(2, takeAll(input, trail))
  if (chunks.head[0] === 0x1f && chunks.head[1] === 0x8b) chunks = await startingWith(3, unpack(chunks.all(), trail))
  const { head } = chunks
  if (head[0] === 0xff && head[1] === 0xfe) yield* transcode(chunks.all(), 'utf-16le')
  else if (head[0] === 0xfe && head[1] === 0xff) yield* transcode(chunks.all(), 'utf-16be')
  else {
    const marked = head.length >= 3 ? chunks : await startingWith(3, chunks.all())
    yield* withoutMark(marked.all())
  }
}

/** Reads until `size` bytes are there; `all` gives everything from the beginning. */
export async function startingWith(size: number, chunks: Chunks): Promise<{ head: Buffer; all: () => Chunks }> {
  const first: Buffer[] = []
  let length = 0
  while (length < size) {
    const { value, done } = await chunks.next()
    if (done) break
    first.push(value)
    length += value.length
  }
  const head = first.length === 1 ? first[0]! : Buffer.concat(first)
  async function* all(): Chunks {
    try {
      if (head.length > 0) yield head
      yield* chunks
    } finally {
      // A generator that was never resumed does not run its own clean-up.
      await chunks.return(undefined)
    }
  }
  return { head, all }
}

/** Listens instead of iterating: an error must not throw away what had arrived before it. */
async function* takeAll(input: Readable, trail: Trail): Chunks {
  const waiting: Buffer[] = []
  let waitingBytes = 0
  let isOver = false
  let wake = () => {}
  const over = (failure?: string) => {
    if (!isOver && failure !== undefined) trail.failure = failure
    isOver = true
    wake()
  }
  input.on('data', (data: Buffer | string) => {
    const chunk = typeof data === 'string' ? Buffer.from(data) : data
    waiting.push(chunk)
    waitingBytes += chunk.length
    if (waitingBytes > WAITING_BYTES) input.pause()
    wake()
  })
  input.on('end', () => over())
  input.on('error', (error) => over(error.message))
  input.on('close', () => over('the stream was closed before its end'))
  if (input.destroyed) over(input.errored?.message ?? 'the stream was closed before its end')
  try {
    while (true) {
      const chunk = waiting.shift()
      if (chunk) {
        waitingBytes -= chunk.length
        if (waitingBytes <= WAITING_BYTES && !isOver) input.resume()
        trail.bytes += chunk.length
        yield chunk
      } else if (isOver) return
      else await new Promise<void>((resolve) => (wake = resolve))
    }
  } finally {
    input.destroy()
  }
}

/** Unpacks step by step, so that everything before a damaged or missing part is handed on. */
async function* unpack(chunks: Chunks, trail: Trail): Chunks {
  const gunzip = createGunzip({ chunkSize: DAMAGE_LOSS })
  let unpacked: Buffer[] = []
  let isOver = false
  let wake = () => {}
  const over = () => {
    isOver = true
    wake()
  }
  gunzip.on('data', (chunk: Buffer) => unpacked.push(chunk))
  gunzip.on('end', over)
  gunzip.on('error', (error: NodeJS.ErrnoException) => {
    const isCut = error.code === 'Z_BUF_ERROR'
    trail.failure ??= isCut ? 'the compressed data is cut off' : `the compressed data is damaged (${error.message})`
    over()
  })
  const step = (act: (done: () => void) => void) =>
    new Promise<void>((resolve) => {
      wake = resolve
      act(resolve)
    })
  const take = () => {
    const taken = unpacked
    unpacked = []
    return taken
  }
  try {
    for await (const chunk of chunks) {
      for (let at = 0; at < chunk.length && !isOver; at += UNPACK_STEP) {
        const unpacking = step((done) => gunzip.write(chunk.subarray(at, at + UNPACK_STEP), done))
        // While another thread unpacks this step, what the last one gave is worked on.
        yield* take()
        await unpacking
      }
    }
    yield* take()
    if (!isOver && trail.failure === undefined) await step(() => gunzip.end())
    yield* take()
  } finally {
    gunzip.destroy()
  }
}

async function* transcode(chunks: Chunks, encoding: 'utf-16le' | 'utf-16be'): Chunks {
  const decoder = new TextDecoder(encoding)
  for await (const chunk of chunks) yield Buffer.from(decoder.decode(chunk, { stream: true }))
  yield Buffer.from(decoder.decode())
}

async function* withoutMark(chunks: Chunks): Chunks {
  let isFirst = true
  for await (const chunk of chunks) {
    const hasMark = isFirst && chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf
    isFirst = false
    yield hasMark ? chunk.subarray(3) : chunk
  }
}
