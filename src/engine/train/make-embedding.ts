import { createHash } from 'node:crypto'
import { writeEmbedding } from '../embed/embedding-file.ts'
import { quantiseRows } from '../embed/quantise.ts'
import { encodeCorpus, type TrainingText } from './corpus.ts'
import { SIMILARITY_SCALE, type TrainingOptions, trainRows } from './train-embedding.ts'
import { buildVocabulary, type VocabularySize } from './vocabulary.ts'

export type MakeEmbeddingOptions = TrainingOptions & {
  vocabulary: VocabularySize
  /** What goes into the file besides the settings, such as the names of the corpora. */
  about?: Record<string, unknown>
  onStage?: (stage: string) => void
}

/** One paper in so many is kept out of training, to measure with. */
const HELD_OUT = 20

/** Whether a paper is kept out of training: decided by its id alone, so it is the same papers whatever the corpus. */
export const isHeldOut = (id: string): boolean => createHash('sha256').update(id).digest()[0]! % HELD_OUT === 0

/**
 * From papers to the bytes of an embedding file: vocabulary, encoding, training, rounding to int8. The same papers in the same
 * order with the same options give the same bytes, with any number of threads.
 */
export async function makeEmbedding(
  papers: readonly TrainingText[],
  options: MakeEmbeddingOptions,
): Promise<{ bytes: Uint8Array; items: number; trainedOn: number }> {
  const { dims, batch, passes, rate, seed } = options
  const texts = papers.filter(({ id }) => !isHeldOut(id))
  options.onStage?.('choosing words')
  const vocabulary = buildVocabulary(texts, options.vocabulary)
  options.onStage?.('encoding')
  const corpus = encodeCorpus(texts, vocabulary)
  options.onStage?.('training')
  const rows = await trainRows(corpus, vocabulary.hashes.length, options)
  const about = {
    ...options.about,
    papers: texts.length,
    ...{ dims, batch, passes, rate, seed, similarityScale: SIMILARITY_SCALE, vocabulary: options.vocabulary },
  }
  const { hashes, counts } = vocabulary
  const bytes = writeEmbedding({ dims, hashes, counts, ...quantiseRows(rows, dims), about })
  return { bytes, items: hashes.length, trainedOn: texts.length }
}
