import type { AdaptedEmbedder } from '../embed/adapted-embedder.ts'
import type { Embedder } from '../embed/embedder.ts'
import type { LocalEmbedding } from '../embed/local-embedding.ts'
import {
  bestOf,
  type Candidates,
  denseWeight,
  type Fused,
  fuse,
  hasSeveralWords,
  mixSecondLook,
  placesOf,
  secondLookShare,
} from '../fusion/fuse.ts'
import { WordForms } from '../fusion/word-forms.ts'
import type { Segment, Snapshot } from '../segments/snapshot.ts'
import { queryVector } from '../vector/make-vector.ts'
import { Arms, type Ask } from './arms.ts'
import { beginnings } from './beginnings.ts'
import { narrow } from './conditions.ts'
import { correctSpelling } from './correct-spelling.ts'
import { type DenseQuery, denseQuery } from './dense-arm.ts'
import type { EnginePage, EngineQuery } from './engine-query.ts'
import { countFacets } from './facets.ts'
import { filterMask, type Mask } from './filter-mask.ts'
import { type Matching, matching } from './matching.ts'
import { byDay, byList, type Ordered, pageOf } from './page.ts'
import { type QueryWord, queryWords } from './query-words.ts'
import { type QueryWork, WorkAlone } from './query-work.ts'
import { rankedTerms } from './ranked-terms.ts'
import { HelperLostError, SharedWork } from './shared-work.ts'
import { termsLike } from './terms-like.ts'
import { TopList } from './top-list.ts'
import { unite } from './unite.ts'

/** Answers queries over snapshots. Keeps scratch memory, so that one search runs at a time. */
export class Searcher {
  /** Makes the vectors of queries. Documents with vectors of another model are found by their words only. */
  embedder: Embedder | undefined
  /** How long one thread waits for another that shares its search. More is not slow but lost. */
  patienceMs = 2_000
  private readonly arms: Arms
  private readonly wordForms = new WordForms()

  /** `arms` is for tests. */
  constructor(embedder?: Embedder, arms = new Arms()) {
    this.embedder = embedder
    this.arms = arms
  }

  /**
   * Throws `BadCursorError`. `meeting`: where another thread, which was given the same query and snapshot, may `assist`; the
   * answer is the same whether it does or not.
   */
  search(snapshot: Snapshot, query: EngineQuery, meeting?: SharedArrayBuffer): EnginePage {
    if (!meeting) return this.answer(snapshot, query, new WorkAlone())
    const work = new SharedWork(meeting, 'leader', this.patienceMs)
    try {
      return this.answer(snapshot, query, work)
    } catch (error) {
      if (!(error instanceof HelperLostError)) throw error
      return this.answer(snapshot, query, new WorkAlone())
    } finally {
      work.end()
    }
  }

  /** Does a part of the search that another thread leads. */
  assist(snapshot: Snapshot, query: EngineQuery, meeting: SharedArrayBuffer): void {
    const work = new SharedWork(meeting, 'helper', this.patienceMs)
    if (!work.come()) return
    try {
      this.scored(snapshot, query, queryWords(query.text), masksOf(snapshot, query), work)
    } catch (error) {
      if (!(error instanceof HelperLostError)) throw error // the leader lost patience, or ended: it needs nothing more
    }
  }

  private answer(snapshot: Snapshot, query: EngineQuery, work: QueryWork): EnginePage {
    const { typing } = query
    if (typing) {
      const ids = beginnings(snapshot, query.text, typing, query.limit)
      return { hits: ids.map((id, n) => ({ id, score: 1 / (n + 1) })) }
    }
    const words = queryWords(query.text)
    const masks = masksOf(snapshot, query)
    const ranks = words.length > 0 || (query.like?.length ?? 0) > 0 || query.vector !== undefined
    const order = query.order ?? 'relevance'
    const isRanked = order === 'relevance' && ranks
    const found = isRanked && !query.facets ? undefined : matching(snapshot, words, masks)
    const ordered: Ordered =
      query.limit === 0
        ? { order: 'relevance', rows: [] }
        : isRanked
          ? this.byRelevance(snapshot, query, words, masks, work)
          : typeof order === 'string'
            ? byDay(snapshot, found as Matching, query)
            : byList(snapshot, found as Matching, order)
    const page = pageOf(snapshot, query, words, ordered)
    if (query.facets && found) {
      page.total = found.total
      page.facets = countFacets(snapshot, found)
    }
    // Said on the first page only.
    if (query.after !== undefined || query.limit === 0) return page
    const holdAll = found?.holdsEvery ? found.total : undefined
    const corrections = correctSpelling(words, snapshot, wordsOf(query.conditions), holdAll)
    if (corrections.length > 0) page.corrections = corrections
    return page
  }

  private byRelevance(
    snapshot: Snapshot,
    query: EngineQuery,
    words: readonly QueryWord[],
    masks: readonly Mask[],
    work: QueryWork,
  ): Ordered {
    const { candidates, fused } = this.scored(snapshot, query, words, masks, work)
    const { lexical, dense: meaning } = fused
    // The first page needs no order of what comes after it, but whether anything does.
    const size = query.after === undefined ? Math.min(candidates.count, query.limit + 1) : candidates.count
    const best = new TopList(size, (_, position) => candidates.idOf(position))
    for (let n = 0; n < candidates.count; n++) best.offer(lexical[n]! + meaning[n]!, 0, 0, n)
    const rows = best.sorted().map((at) => {
      const n = best.documents[at]!
      return { key: best.scores[at]!, id: best.ids[at]!, lexical: lexical[n]!, dense: meaning[n]! }
    })
    return { order: 'relevance', rows }
  }

  /** What is found, with the scores it has in the end. For a helper without those of the second look, which it has a part of. */
  private scored(
    snapshot: Snapshot,
    query: EngineQuery,
    words: readonly QueryWord[],
    masks: readonly Mask[],
    work: QueryWork,
  ): { candidates: Candidates; fused: Fused } {
    const arms = query.arms ?? 'both'
    const ask = this.asked(snapshot, query, words, masks)
    const { terms, dense } = ask
    const found = this.arms.find(snapshot, ask, work)
    const candidates = unite(snapshot, terms, found, work, dense && this.arms.dense)
    const isFitted = query.vector !== undefined || this.local !== undefined
    const both = dense ? denseWeight(words.length, isFitted) : 0
    const weight = arms === 'both' ? (terms.length === 0 ? 1 : both) : arms === 'dense' ? 1 : 0
    const fused = fuse(candidates, weight)
    if (arms === 'both' && terms.length > 0) {
      const positions = bestOf(candidates, fused)
      this.wordForms.use(this.local)
      const isSeveral = hasSeveralWords(words.length)
      const second = this.wordForms.score(snapshot, terms, placesOf(candidates, positions), isSeveral, work)
      if (second)
        mixSecondLook(fused, positions, second, weight, secondLookShare(isSeveral && this.local !== undefined))
    }
    return { candidates, fused }
  }

  /** The part of the embedder that was fitted on the documents. */
  private get local(): LocalEmbedding | undefined {
    return this.embedder && 'local' in this.embedder ? (this.embedder as AdaptedEmbedder).local : undefined
  }

  /** What the arms are asked: the same in every thread. */
  private asked(snapshot: Snapshot, query: EngineQuery, words: readonly QueryWord[], masks: readonly Mask[]): Ask {
    const arms = query.arms ?? 'both'
    const dense = arms === 'lexical' ? undefined : this.direction(snapshot, query, words.length)
    let terms = arms === 'dense' ? [] : rankedTerms(words, snapshot)
    if (terms.length === 0 && !dense && query.like && arms !== 'dense') terms = termsLike(snapshot, query.like)
    return { terms, dense, masks }
  }

  /** Where the query points: its own vector, that of its text, or the middle of the documents it is like. */
  private direction(snapshot: Snapshot, query: EngineQuery, words: number): DenseQuery | undefined {
    if (query.vector) return denseQuery(query.vector)
    const dims = this.embedder?.dims ?? snapshot.segments.find(({ vectors }) => vectors)?.vectors?.dims
    if (dims === undefined) return undefined
    const hasText = query.text.trim() !== '' && this.embedder !== undefined
    const sum = hasText ? queryVector(query.text, words, this.embedder!) : new Float32Array(dims)
    for (const id of query.like ?? []) {
      const place = snapshot.find(id)
      if (place) addVector(sum, snapshot.segments[place.segment]!, place.document)
    }
    return denseQuery(sum)
  }

  /** The share of the ten nearest documents, by whole components, that the dense arm finds; 1 without queries or vectors. */
  recall(snapshot: Snapshot, texts: readonly string[]): number {
    const masks = masksOf(snapshot, { text: '', limit: 0 })
    let wanted = 0
    let found = 0
    for (const text of texts) {
      const dense = this.direction(snapshot, { text, limit: 0 }, queryWords(text).length)
      if (!dense) continue
      const tenOf = (exhaustive: boolean) => {
        const top = this.arms.find(snapshot, { terms: [], dense, masks }, new WorkAlone(), exhaustive).dense
        const first = top.sorted().slice(0, 10)
        return new Set(first.map((at) => top.ids[at]!))
      }
      const [fast, exact] = [tenOf(false), tenOf(true)]
      for (const id of exact) if (fast.has(id)) found++
      wanted += exact.size
    }
    return wanted === 0 ? 1 : found / wanted
  }
}

function masksOf(snapshot: Snapshot, query: EngineQuery): Mask[] {
  const filter = { ...query.filter, withoutIds: [...(query.filter?.withoutIds ?? []), ...(query.like ?? [])] }
  return snapshot.segments.map((one) => narrow(one, query.conditions ?? [], filterMask(one, filter)))
}

/** The words that conditions ask for. */
function wordsOf(conditions: EngineQuery['conditions'] = []): QueryWord[] {
  return conditions.flatMap(({ kind, negated, text }) => (kind === 'prefix' || negated ? [] : queryWords(text)))
}

function addVector(sum: Float32Array, { vectors }: Segment, document: number): void {
  if (vectors?.dims === sum.length) vectors.addTo(sum, document, 1)
}
