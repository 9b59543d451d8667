import type { Embedder } from '../../engine/index.ts'
import type { SearchDocument, SearchIndex, SearchPage } from '../port.ts'
import { embeddedText } from './embedding-cost.ts'
import type { KeptVectors } from './kept-vectors.ts'

/** A reader waits this long for the meaning of a query; then the words alone answer. */
const QUERY_TIMEOUT_MS = 3_000
/** After a query that failed, readers are not made to wait for the next ones: the model is left alone for so long. */
const REST_MS = 30_000
/** Queries whose vector is remembered: the next page and every facet ask the same again. */
const REMEMBERED_QUERIES = 500

export type EmbeddedIndexOptions = {
  vectors: KeptVectors
  onProblem: (message: string, cause: unknown) => void
  /** The shipped model: sentences of a page are compared by it, which takes no request. */
  sentences?: Embedder | undefined
  /** Ended when the index is closed, and with it what waits for the model. */
  stopping: AbortController
}

/**
 * An index whose vectors come from outside: documents are embedded as they are put, queries as they are asked. A put fails when
 * the embedder does, so whoever puts comes again with it; a search falls back to words.
 */
export function embeddedIndex(index: SearchIndex, options: EmbeddedIndexOptions): SearchIndex {
  const { vectors, onProblem, sentences, stopping } = options
  const remembered = new Map<string, Float32Array>()
  let isResting = false
  const queryVector = async (text: string): Promise<Float32Array | undefined> => {
    const known = remembered.get(text)
    if (known || isResting) return known
    try {
      const vector = await vectors.query(text, AbortSignal.timeout(QUERY_TIMEOUT_MS))
      if (remembered.size >= REMEMBERED_QUERIES) remembered.delete(remembered.keys().next().value!)
      remembered.set(text, vector)
      return vector
    } catch (cause) {
      isResting = true
      setTimeout(() => {
        isResting = false
      }, REST_MS).unref()
      const seconds = REST_MS / 1000
      onProblem(
        `Searches are answered by words alone for the next ${seconds} seconds: ${(cause as Error).message}`,
        cause,
      )
      return undefined
    }
  }
  return {
    ...index,
    async put(documents, seq) {
      const waiting = documents.filter((one) => !one.vector)
      const made = await vectors.documents(waiting.map(textOf), stopping.signal)
      const vectorOf = new Map(waiting.map((document, n) => [document.id, made[n]]))
      await index.put(
        documents.map((one) => {
          const vector = one.vector ?? vectorOf.get(one.id)
          return vector ? { ...one, vector } : one
        }),
        seq,
      )
    },
    async search(query): Promise<SearchPage> {
      const asksMeaning = query.text.trim() !== '' && !query.vector && !query.like && query.arms !== 'lexical'
      const vector = asksMeaning ? await queryVector(query.text) : undefined
      return index.search(vector ? { ...query, vector } : query)
    },
    async close() {
      stopping.abort(new Error('the program stops'))
      await index.close()
    },
    async closeness(text, passages) {
      if (!sentences) return index.closeness(text, passages)
      const wanted = sentences.embed(text)
      return passages.map((one) => sentences.embed(one).reduce((sum, value, k) => sum + value * wanted[k]!, 0))
    },
  }
}

const textOf = ({ title, abstract }: SearchDocument): string => embeddedText(title, abstract)
