import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadEmbedder } from '../../engine/index.ts'
import type { SearchIndex } from '../port.ts'
import { embeddedIndex } from './embedded-index.ts'
import { createOpenAiEmbedder } from './openai-embedder.ts'
import { type EmbedderChoice, EmbedderError, type OutsideEmbedder } from './outside-embedder.ts'
import { createTransformersEmbedder } from './transformers-embedder.ts'

export type OpenEmbeddedOptions = {
  choice: EmbedderChoice
  key?: string
  /** Where `node_modules` with transformers.js may be, and where is remembered how long the vectors are. */
  dataFolder: string
  /** Papers there are, for the notice of what embedding them all will take. */
  countPapers: () => Promise<number>
  open: (model: { id: string; dims: number }) => Promise<SearchIndex>
  onNotice: (message: string, cause?: unknown) => void
  /** Folder of the shipped model: sentences of a page are compared by it, which takes no request. */
  sentenceModel?: string
}

/** An abstract with its title, as models count: for the notice, not for a bill. */
const TOKENS_A_PAPER = 300

/** Opens an index whose vectors come from the chosen model. Throws `EmbedderError` when the model was never reached. */
export async function openEmbedded(options: OpenEmbeddedOptions): Promise<SearchIndex> {
  const { choice, key, dataFolder, onNotice } = options
  const embedder =
    choice.kind === 'openai'
      ? createOpenAiEmbedder({ ...choice, ...(key ? { key } : {}) })
      : createTransformersEmbedder(choice.model, dataFolder)
  const index = await options.open({ id: embedder.id, dims: await lengthOf(embedder, dataFolder) })
  if ((await index.status()).appliedSeq === 0) {
    const papers = await options.countPapers()
    const tokens = (papers * TOKENS_A_PAPER).toLocaleString('en')
    if (papers > 0)
      onNotice(
        `All ${papers.toLocaleString('en')} papers are embedded anew by ${embedder.id}: about ${tokens} tokens. Stop the program and unset PAPERROUND_EMBEDDER to avoid it.`,
      )
  }
  const sentences = options.sentenceModel === undefined ? undefined : loadEmbedder(options.sentenceModel)
  return embeddedIndex(index, embedder, onNotice, sentences)
}

/** How long the model's vectors are: asked once, then remembered, so that a start does not depend on the model. */
async function lengthOf(embedder: OutsideEmbedder, dataFolder: string): Promise<number> {
  const file = join(dataFolder, 'embedder.json')
  try {
    const { id, dims } = JSON.parse(readFileSync(file, 'utf8'))
    if (id === embedder.id && dims > 0) return dims
  } catch {
    // never asked, or not readable: asked again
  }
  const [vector] = await embedder.embed(['length'], 'document')
  if (!vector) throw new EmbedderError(`The embedder ${embedder.id} made no vector.`)
  mkdirSync(dataFolder, { recursive: true })
  writeFileSync(file, JSON.stringify({ id: embedder.id, dims: vector.length }))
  return vector.length
}
