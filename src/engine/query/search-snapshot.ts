import type { Embedder } from '../embed/embedder.ts'
import { bestOf, type Candidates, denseWeight, fuse, mixSecondLook } from '../fusion/fuse.ts'
import { type Place, WordForms } from '../fusion/word-forms.ts'
import { scoreOf } from '../ranking/bm25f.ts'
import type { Segment, Snapshot } from '../segments/snapshot.ts'
import { emptyForwardText } from '../segments/text-part.ts'
import { queryVector } from '../vector/make-vector.ts'
import { narrow } from './conditions.ts'
import { correctSpelling } from './correct-spelling.ts'
import { type Cursor, readCursor, writeCursor } from './cursor.ts'
import { DenseArm, type DenseQuery, denseQuery } from './dense-arm.ts'
import type { EngineHit, EnginePage, EngineQuery } from './engine-query.ts'
import { countFacets } from './facets.ts'
import { filterMask, type Mask } from './filter-mask.ts'
import { LexicalArm, sumsIn } from './lexical-arm.ts'
import { type Matching, matching } from './matching.ts'
import { type QueryWord, queryWords } from './query-words.ts'
import { type RankedTerm, rankedTerms } from './ranked-terms.ts'
import { TopList } from './top-list.ts'

/** Candidates each arm hands to fusion. Between 100 and 1,000 quality does not change; twice as many take twice the time. */
export const armDepth = 200

/** Terms that stand for documents searched by, where there are no vectors. */
const likeTerms = 24

/** Hits with all that is needed to order and page them, best first. */
type Ordered = { order: Cursor['order']; rows: { key: number; id: number; lexical: number; dense: number }[] }

/** Answers queries over snapshots. Keeps scratch memory, so that one search runs at a time. */
export class Searcher {
  /** Makes the vectors of queries. Documents with vectors of another model are found by their words only. */
  embedder: Embedder | undefined
  private readonly lexicalArm = new LexicalArm()
  private readonly denseArm = new DenseArm()
  private readonly wordForms = new WordForms()

  constructor(embedder?: Embedder) {
    this.embedder = embedder
  }

  /** Throws `BadCursorError`. */
  search(snapshot: Snapshot, query: EngineQuery): EnginePage {
    const words = queryWords(query.text)
    const filter = { ...query.filter, withoutIds: [...(query.filter?.withoutIds ?? []), ...(query.like ?? [])] }
    const masks = snapshot.segments.map((one) => narrow(one, query.conditions ?? [], filterMask(one, filter)))
    const ranks = words.length > 0 || (query.like?.length ?? 0) > 0 || query.vector !== undefined
    const order = query.order ?? 'relevance'
    const isRanked = order === 'relevance' && ranks
    const found = isRanked && !query.facets ? undefined : matching(snapshot, words, masks)
    const ordered = isRanked
      ? this.byRelevance(snapshot, query, words, masks)
      : typeof order === 'string'
        ? byDay(snapshot, found as Matching)
        : byList(snapshot, found as Matching, order)
    const page = this.page(snapshot, query, words, ordered)
    if (query.facets && found) {
      page.total = found.total
      page.facets = countFacets(snapshot, found)
    }
    // Said on the first page only.
    const corrections = query.after === undefined ? correctSpelling(words, snapshot) : []
    if (corrections.length > 0) page.corrections = corrections
    return page
  }

  private byRelevance(
    snapshot: Snapshot,
    query: EngineQuery,
    words: readonly QueryWord[],
    masks: readonly Mask[],
  ): Ordered {
    const arms = query.arms ?? 'both'
    const dense = arms === 'lexical' ? undefined : this.direction(snapshot, query)
    let terms = arms === 'dense' ? [] : rankedTerms(words, snapshot)
    if (terms.length === 0 && !dense && query.like && arms !== 'dense') terms = termsLike(snapshot, query.like)
    const lexicalTop = new TopList(armDepth)
    const denseTop = new TopList(armDepth)
    for (const [n, segment] of snapshot.segments.entries()) {
      const mask = masks[n] as Mask
      if (terms.length > 0) this.lexicalArm.score(n, segment, terms, mask, lexicalTop)
    }
    if (dense) this.denseArm.score(snapshot.segments, dense, masks, denseTop)
    const nearness = (segment: Segment, document: number) =>
      dense ? (this.denseArm.cosine(segment, dense, document) ?? 0) : 0
    const { candidates, places } = unite(snapshot, terms, nearness, lexicalTop, denseTop)
    const isFitted = query.vector !== undefined || (this.embedder !== undefined && 'local' in this.embedder)
    const both = dense ? denseWeight(words.length, isFitted) : 0
    const weight = arms === 'both' ? (terms.length === 0 ? 1 : both) : arms === 'dense' ? 1 : 0
    const fused = fuse(candidates, weight)
    if (arms === 'both' && terms.length > 0) {
      const positions = bestOf(candidates, fused)
      const looked = Array.from(positions, (n) => places[n] as Place)
      mixSecondLook(fused, positions, this.wordForms.score(snapshot, terms, looked), weight)
    }
    const { lexical, dense: meaning } = fused
    // The first page needs no order of what comes after it, but whether anything does.
    const best = new TopList(query.after === undefined ? Math.min(candidates.count, query.limit + 1) : candidates.count)
    for (let n = 0; n < candidates.count; n++) best.offer(lexical[n]! + meaning[n]!, candidates.ids[n]!, 0, n)
    const rows = best.sorted().map((at) => {
      const n = best.documents[at]!
      return { key: best.scores[at]!, id: best.ids[at]!, lexical: lexical[n]!, dense: meaning[n]! }
    })
    return { order: 'relevance', rows }
  }

  /** Where the query points: its own vector, that of its text, or the middle of the documents it is like. */
  private direction(snapshot: Snapshot, query: EngineQuery): DenseQuery | undefined {
    if (query.vector) return denseQuery(query.vector)
    const dims = this.embedder?.dims ?? snapshot.segments.find(({ vectors }) => vectors)?.vectors?.dims
    if (dims === undefined) return undefined
    const hasText = query.text.trim() !== '' && this.embedder !== undefined
    const sum = hasText ? queryVector(query.text, this.embedder!) : new Float32Array(dims)
    for (const id of query.like ?? []) {
      const place = snapshot.find(id)
      if (place) addVector(sum, snapshot.segments[place.segment]!, place.document)
    }
    return denseQuery(sum)
  }

  /** The share of the ten nearest documents, by whole components, that the dense arm finds; 1 without queries or vectors. */
  recall(snapshot: Snapshot, texts: readonly string[]): number {
    const masks = snapshot.segments.map((one) => filterMask(one, {}))
    let wanted = 0
    let found = 0
    for (const text of texts) {
      const dense = this.direction(snapshot, { text, limit: 0 })
      if (!dense) continue
      const [fast, exact] = [new TopList(armDepth), new TopList(10)]
      this.denseArm.score(snapshot.segments, dense, masks, fast)
      this.denseArm.score(snapshot.segments, dense, masks, exact, true)
      const first = new Set(
        fast
          .sorted()
          .slice(0, 10)
          .map((at) => fast.ids[at]),
      )
      for (let n = 0; n < exact.length; n++) if (first.has(exact.ids[n]!)) found++
      wanted += exact.length
    }
    return wanted === 0 ? 1 : found / wanted
  }

  private page(
    snapshot: Snapshot,
    query: EngineQuery,
    words: readonly QueryWord[],
    { order, rows }: Ordered,
  ): EnginePage {
    const { limit, after } = query
    const cursor = after === undefined ? undefined : readCursor(after, order)
    const start = cursor ? rows.findIndex((row) => comesAfter(row, cursor)) : 0
    const shown = start < 0 ? [] : rows.slice(start, start + limit)
    const hits = shown.map(({ id, key, lexical, dense }): EngineHit => {
      const score = order === 'relevance' ? key : 0
      return query.explain ? { id, score, why: { lexical, dense, words: wordsIn(snapshot, words, id) } } : { id, score }
    })
    const last = shown.at(-1)
    const isMore = last !== undefined && start + limit < rows.length
    return isMore ? { hits, next: writeCursor({ order, key: last.key, id: last.id }) } : { hits }
  }
}

function addVector(sum: Float32Array, { vectors }: Segment, document: number): void {
  if (vectors?.dims === sum.length) vectors.addTo(sum, document, 1)
}

function comesAfter(row: { key: number; id: number }, { order, key, id }: Cursor): boolean {
  if (row.key !== key) return order === 'list' ? row.key > key : row.key < key
  return order === 'newest' ? row.id < id : row.id > id
}

/** Each arm's best together, every one with both scores. */
function unite(
  snapshot: Snapshot,
  terms: readonly RankedTerm[],
  nearness: (segment: Segment, document: number) => number,
  lexicalTop: TopList,
  denseTop: TopList,
): { candidates: Candidates; places: Place[] } {
  const rows = new Map<
    number,
    { segment: number; document: number; lexicalRank: number; denseRank: number; sum?: number; near?: number }
  >()
  for (const [rank, at] of lexicalTop.sorted().entries())
    rows.set(lexicalTop.ids[at] as number, {
      segment: lexicalTop.segments[at] as number,
      document: lexicalTop.documents[at] as number,
      lexicalRank: rank,
      denseRank: -1,
      sum: lexicalTop.scores[at] as number,
    })
  for (const [rank, at] of denseTop.sorted().entries()) {
    const id = denseTop.ids[at] as number
    const known = rows.get(id) ?? {
      segment: denseTop.segments[at] as number,
      document: denseTop.documents[at] as number,
      lexicalRank: -1,
    }
    rows.set(id, { ...known, denseRank: rank, near: denseTop.scores[at] as number })
  }
  const count = rows.size
  const candidates: Candidates = {
    count,
    ids: new Float64Array(count),
    lexical: new Float64Array(count),
    dense: new Float64Array(count),
    lexicalRank: new Int32Array(count),
    denseRank: new Int32Array(count),
  }
  const sums = snapshot.segments.map(({ text }) => sumsIn(text, terms))
  let n = 0
  for (const [id, row] of rows) {
    const segment = snapshot.segments[row.segment] as Segment
    candidates.ids[n] = id
    candidates.lexical[n] = scoreOf(row.sum ?? sums[row.segment]!(row.document))
    candidates.dense[n] = row.near ?? nearness(segment, row.document)
    candidates.lexicalRank[n] = row.lexicalRank
    candidates.denseRank[n] = row.denseRank
    n++
  }
  return { candidates, places: [...rows.values()] }
}

/** All that match, the newest first; of one day, the higher id first. */
function byDay(snapshot: Snapshot, found: Matching): Ordered {
  const rows: Ordered['rows'] = []
  for (const [n, { text }] of snapshot.segments.entries()) {
    const matches = found.segments[n] as Uint8Array
    for (let d = 0; d < matches.length; d++)
      if (matches[d]) rows.push({ key: text.days[d] as number, id: text.ids[d] as number, lexical: 0, dense: 0 })
  }
  rows.sort((a, b) => b.key - a.key || b.id - a.id)
  return { order: 'newest', rows }
}

/** Those of the list that match, in its order. */
function byList(snapshot: Snapshot, found: Matching, ids: readonly number[]): Ordered {
  const rows: Ordered['rows'] = []
  for (const [key, id] of [...new Set(ids)].entries()) {
    const place = snapshot.find(id)
    if (place && found.segments[place.segment]?.[place.document]) rows.push({ key, id, lexical: 0, dense: 0 })
  }
  return { order: 'list', rows }
}

/** The words of the query, as typed, that a document holds. */
function wordsIn(snapshot: Snapshot, words: readonly QueryWord[], id: number): string[] {
  const place = snapshot.find(id)
  if (!place) return []
  const { text } = snapshot.segments[place.segment] as Segment
  const terms = text.termsIn(place.document, emptyForwardText())
  const held = words.filter(({ alternatives }) =>
    alternatives.some((stems) => stems.every((one) => terms.has(text.dictionary.termOf(one)))),
  )
  return [...new Set(held.map(({ typed }) => typed))]
}

/** The terms that say most about the documents: idf times how many of the documents hold the term. */
function termsLike(snapshot: Snapshot, ids: readonly number[]): RankedTerm[] {
  const words: QueryWord[] = []
  for (const id of ids) {
    const place = snapshot.find(id)
    if (!place) continue
    const { text } = snapshot.segments[place.segment] as Segment
    const forward = text.readForward(place.document, emptyForwardText())
    const terms = new Set<number>()
    for (const list of [0, 4])
      for (let i = 0; i < (forward.counts[list] as number); i++)
        terms.add(((forward.lists[list] as Uint32Array)[i] as number) - 1)
    terms.delete(-1)
    for (const term of terms) words.push({ typed: '', alternatives: [[text.dictionary.stemOf(term)]] })
  }
  return rankedTerms(words, snapshot).slice(0, likeTerms)
}
