import type { Embedder } from '../../engine/index.ts'
import type { SearchDocument, SearchIndex, SearchPage } from '../port.ts'
import type { OutsideEmbedder } from './outside-embedder.ts'

/** A reader waits this long for the meaning of a query; then the words alone answer. */
const QUERY_TIMEOUT_MS = 3_000
/** Queries whose vector is remembered: the next page and every facet ask the same again. */
const REMEMBERED_QUERIES = 500

/**
 * An index whose vectors come from outside: documents are embedded as they are put, queries as they are asked. A put fails when
 * the embedder does, so whoever puts comes again with it; a search falls back to words. What was embedded lies in the index, so
 * after a crash only what came since it was last saved is embedded again.
 */
export function embeddedIndex(
  index: SearchIndex,
  embedder: OutsideEmbedder,
  onProblem: (message: string, cause: unknown) => void,
  sentences?: Embedder,
): SearchIndex {
  const remembered = new Map<string, Float32Array>()
  const queryVector = async (text: string): Promise<Float32Array | undefined> => {
    const known = remembered.get(text)
    if (known) return known
    try {
      const [vector] = await embedder.embed([text], 'query', AbortSignal.timeout(QUERY_TIMEOUT_MS))
      if (remembered.size >= REMEMBERED_QUERIES) remembered.delete(remembered.keys().next().value!)
      if (vector) remembered.set(text, vector)
      return vector
    } catch (cause) {
      onProblem(`A search was answered by words alone: ${(cause as Error).message}`, cause)
      return undefined
    }
  }
  return {
    ...index,
    async put(documents, seq) {
      const waiting = documents.filter((one) => !one.vector)
      const vectors = await embedder.embed(waiting.map(textOf), 'document')
      const made = new Map(waiting.map((document, n) => [document.id, vectors[n]!]))
      await index.put(
        documents.map((one) => (one.vector ? one : { ...one, vector: made.get(one.id)! })),
        seq,
      )
    },
    async search(query): Promise<SearchPage> {
      const asksMeaning = query.text.trim() !== '' && !query.vector && !query.like && query.arms !== 'lexical'
      const vector = asksMeaning ? await queryVector(query.text) : undefined
      return index.search(vector ? { ...query, vector } : query)
    },
    async closeness(text, passages) {
      if (!sentences) return index.closeness(text, passages)
      const wanted = sentences.embed(text)
      return passages.map((one) => sentences.embed(one).reduce((sum, value, k) => sum + value * wanted[k]!, 0))
    },
  }
}

const textOf = ({ title, abstract }: SearchDocument): string => `${title}. ${abstract}`
