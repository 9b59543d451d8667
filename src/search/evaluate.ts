import type { PaperId } from '../papers/index.ts'
import type { EngineIndex } from './adapters/engine-index.ts'
import type { SearchDocument, SearchQuery } from './port.ts'
import { type Judgements, type Quality, qualityOf, quantile } from './relevance.ts'

/** A document of a relevance set. `authors` is no part of the format, but some sets have it. */
export type SetDocument = { id: string; title: string; text: string; authors: readonly string[] }
export type SetQuery = { id: string; text: string }

export type ArmReport = Quality & { p50Ms: number; p95Ms: number }
export type EvaluationReport = { queries: number } & ArmReport & { lexical: ArmReport; dense: ArmReport }

/** As deep as any of the measures looks. */
const depth = 100
/** Documents handed to the index at once. */
const batchSize = 2_000

/**
 * Puts a relevance set into an empty index, as papers are put, and asks its queries three times: as readers do, by words
 * only, by meaning only. `now` gives milliseconds.
 */
export async function evaluate(
  index: EngineIndex,
  documents: readonly SetDocument[],
  queries: readonly { text: string; judgements: Judgements }[],
  now: () => number,
  onProgress: (done: number) => void = () => {},
): Promise<EvaluationReport> {
  for (let start = 0; start < documents.length; start += batchSize) {
    const some = documents.slice(start, start + batchSize)
    await index.put(some.map((document, n) => toSearchDocument(document, start + n + 1)))
    onProgress(start + some.length)
  }
  await index.settle()
  const ask = async (arms: SearchQuery['arms']): Promise<ArmReport> => {
    // Without words a search lists the newest papers; here that would be an answer by chance.
    const search = async (text: string) =>
      text.trim() === '' ? { hits: [] } : index.search({ text, limit: depth, arms })
    for (const { text } of queries.slice(0, 50)) await search(text) // so that compiled code is measured
    const times: number[] = []
    const sum: Quality = { ndcg10: 0, recall100: 0, mrr10: 0 }
    for (const { text, judgements } of queries) {
      const startedAt = now()
      const { hits } = await search(text)
      times.push(now() - startedAt)
      const ranked = hits.map((hit) => documents[Number(hit.id) - 1]!.id)
      const one = qualityOf(ranked, judgements)
      for (const name of ['ndcg10', 'recall100', 'mrr10'] as const) sum[name] += one[name] / queries.length
    }
    return { ...sum, p50Ms: quantile(times, 0.5), p95Ms: quantile(times, 0.95) }
  }
  return { queries: queries.length, ...(await ask('both')), lexical: await ask('lexical'), dense: await ask('dense') }
}

/** Some sets repeat the title at the head of the text; a paper's abstract does not. */
function toSearchDocument({ title, text, authors }: SetDocument, id: number): SearchDocument {
  const repeats = title !== '' && text.toLowerCase().startsWith(title.toLowerCase())
  return {
    id: id as PaperId,
    title,
    authors,
    abstract: repeats ? text.slice(title.length) : text,
    categories: [],
    identifiers: [],
    day: 0,
    hasCode: false,
    isWithdrawn: false,
  }
}
