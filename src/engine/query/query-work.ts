import type { TopList } from './top-list.ts'

/** A document: the number of its segment in the snapshot, and its own number there. */
export type Place = { segment: number; document: number }
/** What a second look counted: `terms` numbers for each place, and its length in words. */
export type LookCounts = { frequencies: Float64Array; lengths: Float64Array }

/**
 * How a thread sees the work on one query: pieces are taken one by one until there are none, and what another thread found
 * comes in at three points. Whoever works alone finds nobody there.
 */
export interface QueryWork {
  /** Whether this thread answers. */
  readonly isLeader: boolean
  /** Numbers of the next piece of the arms, and of the second look, from 0. */
  takePiece(): number
  takeLook(): number
  /** A sum of words that as many documents as the arm keeps are known to reach. */
  readonly wordsFloor: number
  tellWordsFloor(sum: number): void
  /** Hands over how many documents have each sum of sign codes; answers the other's, if somebody helps. */
  exchange(histogram: Int32Array): Int32Array | undefined
  /** The leader gets the other's hits offered to its lists, the helper hands its own over. */
  join(lists: readonly TopList[]): void
  /** The leader tells what the second look is at. */
  tellPlaces(places: readonly Place[]): void
  /** Zeros, for what this thread counts in its pieces of the second look; others may read them. */
  counts(places: number, terms: number): LookCounts
  /** What the helper counted, if there is one; the leader waits for it. */
  otherCounts(places: number, terms: number): LookCounts | undefined
}

/** All is done by one thread. */
export class WorkAlone implements QueryWork {
  readonly isLeader = true
  readonly wordsFloor = 1
  private piece = 0
  private look = 0
  takePiece = () => this.piece++
  takeLook = () => this.look++
  tellWordsFloor(): void {}
  exchange(): undefined {}
  join(): void {}
  tellPlaces(): void {}
  counts(places: number, terms: number): LookCounts {
    return { frequencies: new Float64Array(places * terms), lengths: new Float64Array(places) }
  }
  otherCounts(): undefined {}
}
