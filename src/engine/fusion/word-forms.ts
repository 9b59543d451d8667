import type { LocalEmbedding } from '../embed/local-embedding.ts'
import type { LookCounts, QueryWork } from '../query/query-work.ts'
import type { RankedTerm } from '../query/ranked-terms.ts'
import { emptyForwardBytes } from '../segments/forward-index.ts'
import type { Snapshot } from '../segments/snapshot.ts'
import type { TextPart } from '../segments/text-part.ts'
import type { Places } from './fuse.ts'
import { Neighbours } from './neighbours.ts'
import { WantedTerms } from './wanted-terms.ts'

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

/** Terms of a segment that count for a term of the query, so much each time. The term itself comes first, if it is there. */
type Relatives = { terms: Uint32Array; shares: Float64Array }

/** Scores documents by the words of the query and their relatives; not comparable between calls. */
export class WordForms {
  private readonly forward = emptyForwardBytes()
  private readonly wanted = new WantedTerms()
  private known = new WeakMap<TextPart, Map<string, Relatives>>()
  private neighbours: Neighbours | undefined
  private touched = 0

  /** Words of this embedding stand for each other from now on; undefined: only relatives count. */
  use(local: LocalEmbedding | undefined): void {
    if (local?.id === this.neighbours?.local.id) return
    this.neighbours = local && new Neighbours(local)
    this.known = new WeakMap()
  }

  /**
   * `withNeighbours`: words that stand for those of the query count too, where they are known. Places of a segment stand side
   * by side. Undefined in a thread that does a part only.
   */
  score(
    snapshot: Snapshot,
    terms: readonly RankedTerm[],
    places: Places,
    withNeighbours: boolean,
    work: QueryWork,
  ): Float64Array | undefined {
    const { length } = places.documents
    const counts = work.counts(length, terms.length)
    this.countAll(snapshot, terms, places, withNeighbours, work, counts)
    if (!work.gather(counts)) return undefined
    const { frequencies, lengths } = counts
    const mean = lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, length)
    const scores = new Float64Array(length)
    for (let n = 0; n < length; n++) {
      const norm = SATURATION * (1 - LENGTH_SHARE + (LENGTH_SHARE * lengths[n]!) / Math.max(1, mean))
      for (let q = 0; q < terms.length; q++) {
        const frequency = frequencies[n * terms.length + q]!
        if (frequency > 0) scores[n]! += (terms[q]!.weight * frequency) / (frequency + norm)
      }
    }
    return scores
  }

  /** Counts in the places that the work gives to this thread. */
  private countAll(
    snapshot: Snapshot,
    terms: readonly RankedTerm[],
    { segments, documents }: Places,
    withNeighbours: boolean,
    work: QueryWork,
    counts: LookCounts,
  ): void {
    let entered = -1
    const pieces = Math.ceil(documents.length / PLACES_AT_ONCE)
    for (let piece = work.takeLook(pieces); piece >= 0; piece = work.takeLook(pieces)) {
      const at = piece * PLACES_AT_ONCE
      const end = Math.min(documents.length, at + PLACES_AT_ONCE)
      this.bringNear(snapshot, segments.subarray(at, end), documents.subarray(at, end))
      for (let n = at; n < end; n++) {
        const { text } = snapshot.segments[segments[n]!]!
        if (segments[n] !== entered) this.enter(text, terms, withNeighbours)
        entered = segments[n]!
        text.locateForward(documents[n]!, this.forward)
        counts.lengths[n] = this.count(counts.frequencies, n * terms.length)
      }
    }
  }

  /**
   * Asks for the bytes of some documents before they are read, and for where they lie before that: the waits for memory of all of
   * them then overlap.
   */
  private bringNear(snapshot: Snapshot, segments: Uint16Array, documents: Uint16Array): void {
    for (let n = 0; n < documents.length; n++)
      this.touched ^= snapshot.segments[segments[n]!]!.text.forwardStart(documents[n]!)
    for (let n = 0; n < documents.length; n++) {
      const { text } = snapshot.segments[segments[n]!]!
      if (!text.isForwardInMemory) continue
      text.locateForward(documents[n]!, this.forward)
      const { bytes, at } = this.forward
      for (let line = 0; line < USUAL_BYTES; line += CACHE_LINE) this.touched ^= bytes[at + line]!
    }
  }

  private enter(text: TextPart, terms: readonly RankedTerm[], withNeighbours: boolean): void {
    const all = terms.map(({ stem }) => this.related(text, stem, withNeighbours))
    this.wanted.begin(all.reduce((sum, one) => sum + one.terms.length, 0))
    for (const [query, { terms: related, shares }] of all.entries())
      for (let n = 0; n < related.length; n++) this.wanted.add(related[n]!, query, shares[n]!)
  }

  /**
   * Adds to `counts` from `at` on how often each term of the query is met in the document at hand; returns its length in
   * words. Reads the bytes itself (`TextBuilder` says how they lie): this is most of the second look.
   */
  private count(counts: Float64Array, at: number): number {
    const { wanted } = this
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
      // Other lists come after the abstract, so that a byte follows.
      next = wanted.countIn(bytes, next, size, list === TITLE ? TITLE_WEIGHT : 1, counts, at)
    }
    return length
  }

  /** Of a term of the query in a segment. */
  private related(text: TextPart, stem: string, withNeighbours: boolean): Relatives {
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
    const own = text.dictionary.termOf(stem)
    shares.delete(own)
    const all: [number, number][] = own < 0 ? [...shares] : [[own, 1], ...shares]
    const related = {
      terms: Uint32Array.from(all, ([term]) => term),
      shares: Float64Array.from(all, ([, share]) => share),
    }
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
