import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Db } from '../../db/index.ts'
import { loadEmbedder } from '../../engine/index.ts'
import { type Following, followChanges } from '../follow-changes.ts'
import type { SearchIndex } from '../port.ts'
import { embeddedIndex } from './embedded-index.ts'
import { costInWords, embeddingCost } from './embedding-cost.ts'
import { keepVectors } from './kept-vectors.ts'
import { createOpenAiEmbedder } from './openai-embedder.ts'
import type { EmbedderChoice, OutsideEmbedder } from './outside-embedder.ts'
import { handOver, type Successor, type Work } from './succeeding-index.ts'
import { createTransformersEmbedder } from './transformers-embedder.ts'

export type OpenEmbeddedOptions = {
  embedder: OutsideEmbedder
  db: Db
  /** Where the index by the shipped model lies; that of the model outside stands beside it. */
  folder: string
  /** Opens an index in a folder: by the shipped model, or by one outside that brings its vectors. */
  open: (folder: string, outside?: { id: string; dims: number }) => Promise<SearchIndex>
  /** False: what there is answers, and no model is asked to embed all papers. For commands beside the site or without it. */
  grows: boolean
  /** What an administrator should know, in whole sentences; `cause` when it is a problem. */
  onNotice: (message: string, cause?: unknown) => void
  /** Folder of the shipped model: sentences of a page are compared by it, which takes no request. */
  sentenceModel?: string
}

/** The model may be down when the program starts: then it is tried again after so long. */
const AGAIN_MS = 30_000
/** In the folder of an index that has been whole once. */
const WHOLE = 'whole'
const PREFIX = 'model-'

/** `modelFolder`: with `node_modules` in which transformers.js may be. */
export function createEmbedder(choice: EmbedderChoice, modelFolder: string, key?: string): OutsideEmbedder {
  return choice.kind === 'openai'
    ? createOpenAiEmbedder({ ...choice, ...(key ? { key } : {}) })
    : createTransformersEmbedder(choice.model, modelFolder)
}

/**
 * Opens an index whose vectors come from the chosen model. Until it is whole for the first time (or after it was damaged), the
 * index by the shipped model answers, and the other grows beside it; what this will cost is told before the first request.
 */
export async function openEmbedded(options: OpenEmbeddedOptions): Promise<SearchIndex> {
  const { embedder, db, folder, open, onNotice } = options
  const own = join(dirname(folder), `${PREFIX}${createHash('sha256').update(embedder.id).digest('hex').slice(0, 12)}`)
  const sentences = options.sentenceModel === undefined ? undefined : loadEmbedder(options.sentenceModel)
  const stopping = new AbortController()
  const vectors = keepVectors(db, embedder, onNotice, stopping.signal)
  const openOwn = async (): Promise<SearchIndex> => {
    mkdirSync(own, { recursive: true })
    const index = await open(join(own, 'files'), { id: embedder.id, dims: await vectors.dims() })
    return embeddedIndex(index, { vectors, onProblem: onNotice, sentences, stopping })
  }
  let grown: SearchIndex | undefined
  if (existsSync(join(own, WHOLE))) {
    grown = await openOwn()
    // An index that cannot be used is opened empty. It is filled again from the vectors in the database.
    if ((await grown.status()).appliedSeq > 0) return grown
  }
  const serving = await open(folder)
  if (!options.grows) {
    await grown?.close()
    return serving
  }
  return handOver(serving, stopping, async (tell) => {
    const next = grown ?? (await untilItOpens(openOwn, stopping.signal, onNotice))
    try {
      return await follow(next, tell)
    } catch (error) {
      await next.close()
      throw error
    }
  })

  async function follow(index: SearchIndex, tell: (work: Work) => void): Promise<Successor> {
    const cost = await embeddingCost(db, vectors, embedder, stopping.signal)
    const words = costInWords(cost, embedder.id.startsWith('openai:'))
    if (cost.texts > 0)
      onNotice(
        `${embedder.id} is to embed papers. ${words} The shipped model answers until all are there; what is embedded is kept. To avoid it, stop the program and unset PAPERROUND_EMBEDDER.`,
      )
    tell({ model: embedder.id, words })
    const following = await followChanges(db, index, (problem) =>
      onNotice(`Papers could not be embedded and wait: ${(problem as Error).message}`, problem),
    )
    return { index, following: { ...following, [Symbol.asyncDispose]: () => end(following, index) }, onWhole }
  }

  async function end(following: Following, index: SearchIndex): Promise<void> {
    await following[Symbol.asyncDispose]()
    await index.close()
  }

  /** From here on a start opens this index. Those of models before this one are of no use any more. */
  function onWhole(): void {
    writeFileSync(join(own, WHOLE), '')
    for (const name of readdirSync(dirname(own)))
      if (name.startsWith(PREFIX) && join(dirname(own), name) !== own)
        rmSync(join(dirname(own), name), { recursive: true, force: true })
    onNotice(`${embedder.id} has embedded all papers; searches are answered by it from now on.`)
  }
}

async function untilItOpens(
  open: () => Promise<SearchIndex>,
  signal: AbortSignal,
  onNotice: OpenEmbeddedOptions['onNotice'],
): Promise<SearchIndex> {
  for (;;) {
    try {
      return await open()
    } catch (cause) {
      signal.throwIfAborted()
      onNotice(`The shipped model answers for now: ${(cause as Error).message}`, cause)
      await pause(AGAIN_MS, undefined, { signal, ref: false })
    }
  }
}
