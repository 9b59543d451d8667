import type { SignSums, SumsRun } from './sign-sums.ts'
import type { TopList } from './top-list.ts'

/** What a second look counted: `terms` numbers for each document, and its length in words. */
export type LookCounts = { frequencies: Float64Array; lengths: Float64Array }

/**
 * How a thread sees the work on one query: pieces are taken one by one until there are none, and what another thread found
 * comes in at some points, after which both know the same. Whoever works alone finds nobody there.
 */
export interface QueryWork {
  /** Whether this thread answers. */
  readonly isLeader: boolean
  /** The number of the next piece of the arms, from 0. */
  takePiece(): number
  /**
   * The number of the next of so many pieces of the second look, -1 when there are none. One thread takes them from the beginning,
   * the other from the end: what is made ready for a segment is then made in one of them only.
   */
  takeLook(pieces: number): number
  /** A sum of words that as many documents as the arm keeps are known, or thought, to reach. */
  readonly wordsFloor: number
  tellWordsFloor(sum: number): void
  /**
   * What the other thread found, if it took any pieces until here. A view, and nothing when there is too much of it: then the
   * other's pieces are to be done again.
   */
  swapSums(own: SignSums): readonly SumsRun[]
  /**
   * Each gets the other's hits by words offered to its list; the answer is how many documents have each sum of sign codes at
   * the other's, if somebody helps.
   */
  exchange(words: TopList, histogram: Int32Array): Int32Array | undefined
  /** Each gets the other's hits by meaning offered to its list. */
  join(meaning: TopList): void
  /** Which of so many things are this thread's: from one to before another. The rest is the other's. */
  share(count: number): [from: number, to: number]
  /** Fills in what the other thread worked out of its share of two lists of scores. */
  complete(one: Float64Array, two: Float64Array): void
  /** Zeros, for what this thread counts in its pieces of the second look; others may read them. */
  counts(documents: number, terms: number): LookCounts
  /** What the helper counted is added to what the leader did. False for the helper, which is done. */
  gather(counts: LookCounts): boolean
}

/** All is done by one thread. */
export class WorkAlone implements QueryWork {
  readonly isLeader = true
  wordsFloor = 1
  private piece = 0
  private look = 0
  takePiece = () => this.piece++
  takeLook = (pieces: number) => (this.look < pieces ? this.look++ : -1)
  tellWordsFloor(sum: number): void {
    this.wordsFloor = Math.max(this.wordsFloor, sum)
  }
  swapSums(): readonly SumsRun[] {
    return []
  }
  exchange(): undefined {}
  join(): void {}
  share(count: number): [number, number] {
    return [0, count]
  }
  complete(): void {}
  counts(documents: number, terms: number): LookCounts {
    return { frequencies: new Float64Array(documents * terms), lengths: new Float64Array(documents) }
  }
  gather(): boolean {
    return true
  }
}
