import type { Segment, Snapshot } from '../segments/snapshot.ts'
import { DenseArm, type DenseQuery } from './dense-arm.ts'
import type { Mask } from './filter-mask.ts'
import { LexicalArm, type Stretch } from './lexical-arm.ts'
import { LikelyFloor } from './likely-floor.ts'
import type { QueryWork } from './query-work.ts'
import type { RankedTerm } from './ranked-terms.ts'
import { TopList } from './top-list.ts'

/** Candidates each arm hands to fusion. Between 100 and 1,000 quality does not change; twice as many take twice the time. */
export const armDepth = 200

/** Documents that a thread scores by words at a time: their sums fit the first caches, and two threads share a segment. */
const lexicalStretch = 32_768
/** The first stretch of all is short: its best are a threshold for the others. */
const firstStretch = 4_096

/** What both arms are asked. Without `terms` nothing is found by words, without `dense` nothing by meaning. */
export type Ask = { terms: readonly RankedTerm[]; dense: DenseQuery | undefined; masks: readonly Mask[] }
/** The best by words, and by meaning. */
export type Found = { lexical: TopList; dense: TopList }

/**
 * Both arms over a snapshot, alone or together with another thread: the result is the same. One query at a time: the lists are
 * good until the next.
 */
export class Arms {
  readonly dense = new DenseArm()
  private readonly lexical = new LexicalArm()
  private readonly likelyFloor: LikelyFloor
  private readonly found = { lexical: new TopList(armDepth), dense: new TopList(armDepth) }

  /** `likelyFloor` is for tests. */
  constructor(likelyFloor = new LikelyFloor()) {
    this.likelyFloor = likelyFloor
  }

  find({ segments }: Snapshot, { terms, dense, masks }: Ask, work: QueryWork, exhaustive = false): Found {
    const idOf = (segment: number, document: number) => segments[segment]!.text.ids[document]!
    const { found } = this
    found.lexical.clear(idOf)
    found.dense.clear(idOf)
    const byWords = terms.length > 0 ? lexicalStretches(segments.map(({ text }) => text.count)) : []
    const floors = byWords.length > 0 ? 1 : 0
    // Words and middles of groups first: only when these are done is it known which groups are to be looked through.
    const first = floors + byWords.length + (dense ? this.dense.begin(segments, dense, masks, exhaustive) : 0)
    let piece = work.takePiece()
    for (; piece < first; piece = work.takePiece()) {
      const words = byWords[piece - floors]
      if (piece < floors) {
        work.tellWordsFloor(this.likelyFloor.find(this.lexical, segments, terms, masks, armDepth))
      } else if (words) {
        this.scoreWords(segments, terms, masks, words, work.wordsFloor)
        work.tellWordsFloor(found.lexical.threshold)
      } else {
        this.dense.prepare(piece - floors - byWords.length)
      }
    }
    const byMeaning = dense ? this.dense.stretches(work) : []
    for (; piece < first + byMeaning.length; piece = work.takePiece()) this.dense.look(byMeaning[piece - first]!)
    const other = work.exchange(found.lexical, dense ? this.dense.found.histogram : new Int32Array(0))
    // Fewer than are wanted reach the likely floor: there may be others below. Both threads see that, and each does it all.
    if (found.lexical.length < armDepth && work.wordsFloor > 1) {
      found.lexical.clear(idOf)
      for (const words of byWords) this.scoreWords(segments, terms, masks, words, 1)
    }
    if (dense) {
      this.dense.score(other, found.dense)
      work.join(found.dense)
    }
    found.lexical.settle()
    found.dense.settle()
    return found
  }

  private scoreWords(
    segments: readonly Segment[],
    terms: readonly RankedTerm[],
    masks: readonly Mask[],
    stretch: Stretch & { segment: number },
    floor: number,
  ): void {
    const { segment } = stretch
    const { lexical } = this.found
    this.lexical.score(segment, segments[segment]!, terms, masks[segment]!, lexical, stretch, floor)
    lexical.settle()
  }
}

function lexicalStretches(counts: readonly number[]): (Stretch & { segment: number })[] {
  const stretches: (Stretch & { segment: number })[] = []
  for (const [segment, count] of counts.entries()) {
    for (let from = 0; from < count; ) {
      const to = Math.min(count, from + (stretches.length === 0 ? firstStretch : lexicalStretch))
      stretches.push({ segment, from, to })
      from = to
    }
  }
  return stretches
}
