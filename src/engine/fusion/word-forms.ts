import type { LocalEmbedding } from '../embed/local-embedding.ts'
import type { LookCounts, Place, QueryWork } from '../query/query-work.ts'
import type { RankedTerm } from '../query/ranked-terms.ts'
import { emptyForwardBytes } from '../segments/forward-index.ts'
import type { Snapshot } from '../segments/snapshot.ts'
import type { TextPart } from '../segments/text-part.ts'
import { Neighbours } from './neighbours.ts'

// Second look at the best candidates: BM25 once more, on their words as the index keeps them, where a word also counts a
// little for its relatives (methylation for methylated, immunodeficiency for immunodeficient) that the stemmer keeps apart,
// and, in a query of several words, for those that stand in its place in this collection (tumour for cancer).

/** Relatives share so many letters at least, and so much of the longer of the two. Lower: more noise, more to look through. */
const LEAST_SHARED = 5
const LEAST_SHARE = 0.6
/** A relative counts as often as it occurs times its share to this power. Between 1 and 3 nothing changes. */
const SHARE_POWER = 3
/** Words of one beginning that are looked through for one term of the query. */
const MOST_LOOKED_AT = 1024
/** A neighbour counts as often as it occurs times this and its likeness to this power. Between .4 and 1 little changes. */
const NEIGHBOUR_SHARE = 0.5
const LIKENESS_POWER = 3
const TITLE_WEIGHT = 2
/** BM25's usual constants (Robertson and Zaragoza 2009). */
const SATURATION = 1.2
const LENGTH_SHARE = 0.75
/** Lists of `ForwardText`: words of title and abstract. */
const TITLE = 0
const ABSTRACT = 4

/** What title and abstract of a paper take in the forward index. */
const USUAL_BYTES = 320
const CACHE_LINE = 64
/** Places that a thread takes at a time. */
const PLACES_AT_ONCE = 10

/** A term of the segment that counts for term `query` of the query, so much each time. */
type Relative = { term: number; query: number; share: number }

/** Scores documents by the words of the query and their relatives; not comparable between calls. */
export class WordForms {
  private readonly forward = emptyForwardBytes()
  private known = new WeakMap<TextPart, Map<string, { term: number; share: number }[]>>()
  private neighbours: Neighbours | undefined
  private touched = 0
  /** For each term of a segment: 1 + the first of its relatives in `relatives`, or 0. */
  private first = new Uint32Array(0)

  /** Words of this embedding stand for each other from now on; undefined: only relatives count. */
  use(local: LocalEmbedding | undefined): void {
    if (local?.id === this.neighbours?.local.id) return
    this.neighbours = local && new Neighbours(local)
    this.known = new WeakMap()
  }

  /** `withNeighbours`: words that stand for those of the query count too, where they are known. */
  score(
    snapshot: Snapshot,
    terms: readonly RankedTerm[],
    places: readonly Place[],
    withNeighbours: boolean,
    work: QueryWork,
  ): Float64Array {
    const order = [...places.keys()].sort((a, b) => places[a]!.segment - places[b]!.segment)
    const bySegment = order.map((n) => places[n]!)
    work.tellPlaces(bySegment)
    const { frequencies, lengths } = this.assist(snapshot, terms, bySegment, withNeighbours, work)
    const other = work.otherCounts(places.length, terms.length)
    if (other) {
      for (let n = 0; n < frequencies.length; n++) frequencies[n]! += other.frequencies[n]!
      for (let n = 0; n < lengths.length; n++) lengths[n]! += other.lengths[n]!
    }
    const mean = lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, places.length)
    const scores = new Float64Array(places.length)
    for (const [n, position] of order.entries()) {
      const norm = SATURATION * (1 - LENGTH_SHARE + (LENGTH_SHARE * lengths[n]!) / Math.max(1, mean))
      for (let q = 0; q < terms.length; q++) {
        const frequency = frequencies[n * terms.length + q]!
        if (frequency > 0) scores[position]! += (terms[q]!.weight * frequency) / (frequency + norm)
      }
    }
    return scores
  }

  /** Counts in some of the places, as the work gives them. Those of a segment stand side by side. */
  assist(
    snapshot: Snapshot,
    terms: readonly RankedTerm[],
    places: readonly Place[],
    withNeighbours: boolean,
    work: QueryWork,
  ): LookCounts {
    const counts = work.counts(places.length, terms.length)
    let relatives: readonly Relative[] = []
    let entered = -1
    for (let at = work.takeLook() * PLACES_AT_ONCE; at < places.length; at = work.takeLook() * PLACES_AT_ONCE) {
      const end = Math.min(places.length, at + PLACES_AT_ONCE)
      for (let n = at; n < end; n++) this.bringNear(snapshot, places[n]!)
      for (let n = at; n < end; n++) {
        const { segment, document } = places[n]!
        const { text } = snapshot.segments[segment]!
        if (segment !== entered) {
          this.leave(relatives)
          relatives = this.enter(text, terms, withNeighbours)
          entered = segment
        }
        text.locateForward(document, this.forward)
        counts.lengths[n] = this.count(relatives, counts.frequencies, n * terms.length)
      }
    }
    this.leave(relatives)
    return counts
  }

  /** Asks for the bytes of a document before they are read: the waits for memory of several then overlap. */
  private bringNear({ segments }: Snapshot, { segment, document }: Place): void {
    const { text } = segments[segment]!
    if (!text.isForwardInMemory) return
    text.locateForward(document, this.forward)
    const { bytes, at } = this.forward
    for (let n = 0; n < USUAL_BYTES; n += CACHE_LINE) this.touched ^= bytes[at + n]!
  }

  private enter(text: TextPart, terms: readonly RankedTerm[], withNeighbours: boolean): readonly Relative[] {
    const relatives = this.relativesOf(text, terms, withNeighbours)
    if (this.first.length < text.termCount) this.first = new Uint32Array(text.termCount)
    for (const [n, { term }] of relatives.entries()) if (this.first[term] === 0) this.first[term] = n + 1
    return relatives
  }

  private leave(relatives: readonly Relative[]): void {
    for (const { term } of relatives) this.first[term] = 0
  }

  /**
   * Adds to `counts` from `at` on how often each term of the query is met in the document at hand; returns its length in
   * words. Reads the bytes itself (`TextBuilder` says how they lie): this loop is most of the second look.
   */
  private count(relatives: readonly Relative[], counts: Float64Array, at: number): number {
    const { first } = this
    const { bytes } = this.forward
    let { at: next } = this.forward
    let length = 0
    for (let list = 0; list <= ABSTRACT; list++) {
      let size = bytes[next++]!
      if (size > 127) {
        size &= 127
        for (let shift = 7, byte = 128; byte > 127; shift += 7) {
          byte = bytes[next++]!
          size |= (byte & 127) << shift
        }
      }
      if (list !== TITLE && list !== ABSTRACT) {
        for (let i = 0; i < size; i++) while (bytes[next++]! > 127);
        continue
      }
      length += size
      const weight = list === TITLE ? TITLE_WEIGHT : 1
      for (let i = 0; i < size; i++) {
        let word = bytes[next++]!
        if (word > 127) {
          word &= 127
          for (let shift = 7, byte = 128; byte > 127; shift += 7) {
            byte = bytes[next++]!
            word |= (byte & 127) << shift
          }
        }
        if (word === 0) continue // a gap
        const term = word - 1
        let n = first[term]!
        if (n === 0) continue
        for (; n <= relatives.length && relatives[n - 1]!.term === term; n++) {
          const { query, share } = relatives[n - 1]!
          counts[at + query]! += weight * share
        }
      }
    }
    return length
  }

  /** The terms of the query in a segment, with their relatives there, by term. */
  private relativesOf(text: TextPart, terms: readonly RankedTerm[], withNeighbours: boolean): Relative[] {
    const found: Relative[] = []
    for (const [query, { stem }] of terms.entries()) {
      const own = text.dictionary.termOf(stem)
      if (own >= 0) found.push({ term: own, query, share: 1 })
      for (const { term, share } of this.related(text, stem, withNeighbours))
        if (term !== own) found.push({ term, query, share })
    }
    return found.sort((a, b) => a.term - b.term || a.query - b.query)
  }

  private related(text: TextPart, stem: string, withNeighbours: boolean): { term: number; share: number }[] {
    const key = withNeighbours ? `+${stem}` : stem
    let memo = this.known.get(text)
    if (!memo || memo.size > 4_096) {
      memo = new Map()
      this.known.set(text, memo)
    }
    const before = memo.get(key)
    if (before) return before
    const shares = new Map(this.relativesByLetters(text, stem))
    const neighbours = withNeighbours ? this.neighbours?.of(stem, text) : undefined
    for (const { term, likeness } of neighbours ?? [])
      shares.set(term, Math.max(shares.get(term) ?? 0, NEIGHBOUR_SHARE * likeness ** LIKENESS_POWER))
    const related = Array.from(shares, ([term, share]) => ({ term, share }))
    memo.set(key, related)
    return related
  }

  private relativesByLetters({ dictionary }: TextPart, stem: string): [term: number, share: number][] {
    if (!/^[a-z]+$/.test(stem) || stem.length < LEAST_SHARED) return []
    const beginning = stem.slice(0, Math.max(LEAST_SHARED, Math.ceil(stem.length * LEAST_SHARE)))
    const [from, to] = dictionary.withPrefix(beginning)
    const letters = Buffer.from(stem)
    const related: [term: number, share: number][] = []
    for (let entry = from; entry < Math.min(to, from + MOST_LOOKED_AT); entry++) {
      if (!dictionary.isStem(entry)) continue
      const share = dictionary.shareWith(entry, letters)
      if (share >= LEAST_SHARE) related.push([dictionary.termAt(entry), share ** SHARE_POWER])
    }
    return related
  }
}
