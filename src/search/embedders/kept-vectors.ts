import { createHash } from 'node:crypto'
import type { Db } from '../../db/index.ts'
import { EmbedderError, type OutsideEmbedder } from './outside-embedder.ts'
import { anyVector, type StoredVector, storedVectors, storeVectors } from './vector-queries.ts'

/** Batches under way at once: a provider answers several as fast as one, and a server of one's own puts them in a row. */
const CALLS_AT_ONCE = 3
/** Hashes looked up with one statement. */
const LOOKED_UP_AT_ONCE = 200
/** A text that is refused is tried again with half of it, down to this many code units. */
const SHORTEST = 500
/** The engine counts in groups of so many numbers; what a vector lacks is filled with zeros, which changes no cosine. */
const GROUP = 64
/** Refused texts that are named in the log; the others are counted. */
const MOST_NAMED = 5

/**
 * A model outside whose vectors are kept in the database by model and text: what was paid for once is never asked for
 * again, whatever becomes of the index. After a crash, at most the batches that were under way are asked again.
 */
export type KeptVectors = {
  readonly id: string
  /** Numbers of a vector as it is handed out. Asks the model when it has never made one. */
  dims(): Promise<number>
  /**
   * Vectors of texts of documents, in order; undefined for one that the model refuses even shortened. Throws `EmbedderError`
   * when the model cannot be used now; what it made until then is kept.
   */
  documents(texts: readonly string[], signal?: AbortSignal): Promise<(Float32Array | undefined)[]>
  /** The vector of a query, which is not kept. Throws `EmbedderError`. */
  query(text: string, signal: AbortSignal): Promise<Float32Array>
  /** Those among the texts that the model would have to be asked about. */
  missing(texts: readonly string[]): Promise<string[]>
}

/** `stopping` ends a question that nobody waits for any more. */
export function keepVectors(
  db: Db,
  embedder: OutsideEmbedder,
  onProblem: (message: string) => void,
  stopping?: AbortSignal,
): KeptVectors {
  const { id } = embedder
  const cut = (text: string) => text.slice(0, embedder.longestText)
  let own: Promise<number> | undefined
  let refused = 0

  /** How long the model's own vectors are: asked at most once, however many want to know. */
  const ownDims = (): Promise<number> => {
    own ??= (async () => (await knownDims(db, id)) ?? (await probe()).length)().catch((error) => {
      own = undefined
      throw error
    })
    return own
  }
  const probe = async (signal = stopping): Promise<Float32Array> => {
    const [vector] = await embedder.embed(['length'], 'query', signal)
    if (!vector || vector.length === 0) throw new EmbedderError(`The embedder ${id} made no vector.`)
    return vector
  }
  const checked = async (vectors: readonly Float32Array[]): Promise<readonly Float32Array[]> => {
    const dims = await ownDims()
    const odd = vectors.find((vector) => vector.length !== dims)
    if (!odd) return vectors
    const message = `The embedder ${id} made a vector of ${odd.length} numbers; those it made before have ${dims}. If another model answers there now, name it in PAPERROUND_EMBEDDER, so that its vectors are kept apart.`
    throw new EmbedderError(message)
  }

  const lookUp = async (hashes: readonly string[]): Promise<Map<string, Float32Array>> => {
    const found = new Map<string, Float32Array>()
    for (let start = 0; start < hashes.length; start += LOOKED_UP_AT_ONCE)
      for (const row of await storedVectors(db, id, hashes.slice(start, start + LOOKED_UP_AT_ONCE)))
        found.set(row.text_hash, unpack(row.numbers))
    return found
  }

  /** Asks for the vectors of different texts and keeps them. Of those that are refused, halves are tried, and parts of each. */
  const make = async (
    texts: readonly string[],
    made: Map<string, Float32Array>,
    signal?: AbortSignal,
  ): Promise<void> => {
    try {
      const vectors = await checked(await embedder.embed(texts, 'document', signal))
      const rows = texts.map((text, n): StoredVector => ({ text_hash: hashOf(text), numbers: pack(vectors[n]!) }))
      await storeVectors(db, id, rows)
      for (const row of rows) made.set(row.text_hash, unpack(row.numbers))
    } catch (error) {
      if (!(error instanceof EmbedderError && error.isOfTexts)) throw error
      if (texts.length > 1) {
        const middle = texts.length >> 1
        await make(texts.slice(0, middle), made, signal)
        await make(texts.slice(middle), made, signal)
      } else await makeShortened(texts[0]!, error, made, signal)
    }
  }
  const makeShortened = async (
    text: string,
    refusal: EmbedderError,
    made: Map<string, Float32Array>,
    signal?: AbortSignal,
  ): Promise<void> => {
    await probe(signal) // a model that refuses everything is told as such, not text by text
    for (let length = text.length >> 1; length >= SHORTEST; length >>= 1) {
      try {
        const [vector] = await checked(await embedder.embed([text.slice(0, length)], 'document', signal))
        const row = { text_hash: hashOf(text), numbers: pack(vector!) }
        await storeVectors(db, id, [row])
        made.set(row.text_hash, unpack(row.numbers))
        return
      } catch (error) {
        if (!(error instanceof EmbedderError && error.isOfTexts)) throw error
      }
    }
    refused++
    if (refused <= MOST_NAMED)
      onProblem(`The embedder refuses "${text.slice(0, 60)}", which is found by its words only: ${refusal.message}`)
    else if (Number.isInteger(Math.log2(refused)))
      onProblem(`The embedder has refused ${refused} texts so far; their papers are found by words only.`)
  }

  return {
    id,
    dims: async () => Math.ceil((await ownDims()) / GROUP) * GROUP,
    async documents(given, signal) {
      const texts = given.map(cut)
      const hashes = texts.map(hashOf)
      const vectors = await lookUp([...new Set(hashes)])
      const missing = [...new Set(texts.filter((_, n) => !vectors.has(hashes[n]!)))]
      const batches: string[][] = []
      for (let start = 0; start < missing.length; start += embedder.batch)
        batches.push(missing.slice(start, start + embedder.batch))
      await inParallel(batches, CALLS_AT_ONCE, (texts) => make(texts, vectors, signal))
      return hashes.map((hash) => vectors.get(hash)?.slice())
    },
    async query(text, signal) {
      const [vector] = await checked(await embedder.embed([cut(text)], 'query', signal))
      return unpack(pack(vector!))
    },
    async missing(given) {
      const texts = [...new Set(given.map(cut))]
      const known = await lookUp(texts.map(hashOf))
      return texts.filter((text) => !known.has(hashOf(text)))
    },
  }
}

/** Works on the items, some at once. The first error ends it, once those under way are done and kept. */
async function inParallel<T>(items: readonly T[], atOnce: number, work: (item: T) => Promise<void>): Promise<void> {
  let next = 0
  let failure: { cause: unknown } | undefined
  const worker = async () => {
    while (next < items.length && !failure) {
      await work(items[next++]!).catch((cause) => {
        failure ??= { cause }
      })
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker))
  if (failure) throw failure.cause
}

async function knownDims(db: Db, model: string): Promise<number | undefined> {
  const row = await anyVector(db, model)
  return row && row.numbers.byteLength / 2
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 22)

/** Half precision is far finer than what the index keeps of a vector. A row is made unit length, so that nothing overflows. */
function pack(vector: Float32Array): Uint8Array {
  const length = Math.hypot(...vector)
  return new Uint8Array(Float16Array.from(vector, (value) => (length > 0 ? value / length : 0)).buffer)
}

function unpack(numbers: Uint8Array): Float32Array {
  const halves = new Float16Array(Uint8Array.from(numbers).buffer) // a copy: drivers hand out pieces of larger buffers
  const vector = new Float32Array(Math.ceil(halves.length / GROUP) * GROUP)
  vector.set(halves)
  return vector
}
