import { type Embedder, Engine, BadCursorError as EngineBadCursor, loadShared } from '../../engine/index.ts'
import { packageUrl } from '../../lib/assets.ts'
import type { PaperId } from '../../papers/index.ts'
import { BadCursorError, type SearchIndex, type SearchPage } from '../port.ts'

export type EngineIndexOptions = {
  /** Where the index is kept; left out, it is in memory only. */
  folder?: string
  /** Look only: for a command beside the running site. */
  readOnly?: boolean
  /**
   * The folder of a model; or an embedder at hand, which then runs in this thread; or what an embedder outside is called, whose
   * vectors documents and queries bring. Left out, papers are found by their words only.
   */
  embedder?: string | Embedder | { id: string; dims: number }
  /** Threads that answer; 2 when left out. */
  threads?: number
  /** What goes wrong without stopping anything, in a sentence for the log. */
  onProblem?: (message: string, cause?: unknown) => void
}

/** What the engine can do beside the port: for measuring and tests. */
export type EngineIndex = SearchIndex & {
  /** Waits for what the engine does by itself a little later: merges, fitting the model to the papers. */
  settle(): Promise<void>
  /** The share of the ten nearest papers that a search by meaning finds, over these queries; 0 to 1. */
  recall(queries: readonly string[]): Promise<number>
}

/** Sources run as they are; the build puts the thread beside the program. */
const threadUrl = import.meta.url.endsWith('.ts')
  ? new URL('../../engine/worker/engine-thread.ts', import.meta.url)
  : packageUrl('dist/engine-thread.js')

/** The engine of this program as the index of the search room. */
export async function openEngineIndex(options: EngineIndexOptions): Promise<EngineIndex> {
  const { embedder, folder, readOnly, threads, onProblem } = options
  const embedding = typeof embedder === 'string' ? loadShared(embedder) : undefined
  const model = typeof embedder === 'string' ? embedding : embedder
  const own = typeof embedder === 'object' && 'embed' in embedder ? embedder : undefined
  const engine = await Engine.open({
    threadUrl,
    folder,
    readOnly: readOnly ?? false,
    embedding,
    model: model && { id: model.id, dims: model.dims },
    searchThreads: threads ?? 2,
    ...(onProblem ? { onProblem } : {}),
  })
  return {
    async put(documents, seq) {
      const whole = own
        ? documents.map((one) => (one.vector ? one : { ...one, vector: own.embed(`${one.title}. ${one.abstract}`) }))
        : documents
      await engine.put(whole, seq)
    },
    remove: (ids, seq) => engine.remove(ids, seq),
    async search(query) {
      const vector =
        query.vector ?? (own && query.text.trim() !== '' && !query.like ? own.embed(query.text) : undefined)
      try {
        return (await engine.search(vector ? { ...query, vector } : query)) as SearchPage & { hits: { id: PaperId }[] }
      } catch (error) {
        throw error instanceof EngineBadCursor ? new BadCursorError(error.message) : error
      }
    },
    async closeness(text, passages) {
      if (!own) return engine.closeness(text, passages)
      const wanted = own.embed(text)
      return passages.map((passage) => own.embed(passage).reduce((sum, one, n) => sum + one * wanted[n]!, 0))
    },
    async status() {
      const { state, documents, withoutVector, appliedSeq, memoryBytes, diskBytes, problem } = engine.status()
      return {
        documents,
        appliedSeq,
        model: model?.id ?? 'none',
        state,
        ...(state === 'building' ? { progress: 1 - withoutVector / documents } : {}),
        memoryMb: Math.round(memoryBytes / 1e5) / 10,
        diskMb: Math.round(diskBytes / 1e5) / 10,
        ...(problem ? { problem } : {}),
      }
    },
    close: () => engine.close(),
    settle: () => engine.settle(),
    recall: (queries) => engine.recall(queries),
  }
}
