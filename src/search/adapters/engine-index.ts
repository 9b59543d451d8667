import {
  type Embedder,
  BadCursorError as EngineBadCursor,
  LiveIndex,
  loadEmbedder,
  Searcher,
} from '../../engine/index.ts'
import type { PaperId } from '../../papers/index.ts'
import { BadCursorError, type SearchIndex, type SearchPage } from '../port.ts'

export type EngineIndexOptions = {
  /** The folder of a model, or an embedder at hand; left out, papers are found by their words only. */
  embedder?: string | Embedder
}

/** The engine of this program as the index of the search room. */
export async function openEngineIndex(options: EngineIndexOptions): Promise<SearchIndex> {
  const embedder = typeof options.embedder === 'string' ? loadEmbedder(options.embedder) : options.embedder
  const index = new LiveIndex(embedder)
  const searcher = new Searcher(embedder)
  let appliedSeq = 0
  const applied = (seq: number | undefined) => {
    appliedSeq = Math.max(appliedSeq, seq ?? 0)
  }
  return {
    async put(documents, seq) {
      index.put(documents)
      applied(seq)
    },
    async remove(ids, seq) {
      index.remove(ids)
      applied(seq)
    },
    async search(query) {
      try {
        return searcher.search(index.snapshot, query) as SearchPage & { hits: { id: PaperId }[] }
      } catch (error) {
        throw error instanceof EngineBadCursor ? new BadCursorError(error.message) : error
      }
    },
    async closeness(text, passages) {
      const wanted = embedder?.embed(text)
      return passages.map((passage) => {
        const vector = embedder?.embed(passage)
        return wanted && vector ? vector.reduce((sum, component, n) => sum + component * wanted[n]!, 0) : 0
      })
    },
    async status() {
      return {
        documents: index.snapshot.live,
        appliedSeq,
        model: embedder?.id ?? 'none',
        state: 'ready',
        memoryMb:
          index.snapshot.segments.reduce(
            (sum, one) => sum + one.text.bytes.length + (one.vectors?.bytes.length ?? 0),
            0,
          ) / 1e6,
        diskMb: 0,
      }
    },
    async close() {},
  }
}
