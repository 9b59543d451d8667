import { type MakeEmbeddingOptions, makeEmbedding } from '../engine/train/make-embedding.ts'
import { packageUrl } from '../lib/assets.ts'

// Run from source, the thread is a source file too; in the build it is a file of its own.
const workerUrl = import.meta.url.endsWith('.ts')
  ? new URL('../engine/train/train-worker.ts', import.meta.url)
  : packageUrl('dist/train-worker.js')

/** Trains an embedding for search by meaning; see `makeEmbedding`. */
export const trainEmbedding = (
  papers: Parameters<typeof makeEmbedding>[0],
  options: Omit<MakeEmbeddingOptions, 'workerUrl'>,
): ReturnType<typeof makeEmbedding> => makeEmbedding(papers, { ...options, workerUrl })
