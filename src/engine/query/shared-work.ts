import type { LookCounts, Place, QueryWork } from './query-work.ts'
import type { TopList } from './top-list.ts'

// One query, two threads, memory that both see. The thread that was asked leads and needs nobody: a helper that comes too late
// finds nothing to do, and one that is lost costs a wait, after which the leader does everything by itself.

const slot = {
  /** 0: nobody has come; 1: a helper is at work; 2: the leader has done the pieces alone. */
  helper: 0,
  piece: 1,
  look: 2,
  wordsFloor: 3,
  /** Two: the last step that the leader and the helper have done. */
  steps: 4,
  /** Places of the second look plus 1, once they are known; -1: there will be none. */
  places: 6,
} as const
const step = { looked: 1, offered: 2, counted: 3 } as const
const slots = 8

const mostSums = 65_536
const mostHits = 256
const mostPlaces = 256
const mostTerms = 64

/** What a thread leaves for the other: numbers of bytes from its own beginning. */
const listBytes = mostHits * 24 + 8
const histogramAt = 2 * listBytes
const countsAt = histogramAt + 4 * mostSums
const sideBytes = countsAt + 8 * mostPlaces * (mostTerms + 1)
const placesAt = 4 * slots
const sidesAt = placesAt + 8 * mostPlaces

/** The other thread did not answer in time. */
export class HelperLostError extends Error {
  override name = 'HelperLostError'
}

/** Memory for the work on one query at a time. */
export const createMeeting = (): SharedArrayBuffer => new SharedArrayBuffer(sidesAt + 2 * sideBytes)

/** Before two threads are sent to a meeting. */
export function clearMeeting(memory: SharedArrayBuffer): void {
  new Int32Array(memory, 0, slots).fill(0)
}

export class SharedWork implements QueryWork {
  private readonly memory: SharedArrayBuffer
  private readonly numbers: Int32Array
  private readonly me: 0 | 1
  private isHelped: boolean

  private readonly patienceMs: number

  /** A helper must be let in by `come`. Whoever waits longer than `patienceMs` for the other has lost it. */
  constructor(memory: SharedArrayBuffer, role: 'leader' | 'helper', patienceMs: number) {
    this.patienceMs = patienceMs
    this.memory = memory
    this.numbers = new Int32Array(memory, 0, slots)
    this.me = role === 'leader' ? 0 : 1
    this.isHelped = role === 'helper'
  }

  get isLeader(): boolean {
    return this.me === 0
  }

  /** The helper's first step: false when there is nothing left to do. */
  come(): boolean {
    return Atomics.compareExchange(this.numbers, slot.helper, 0, 1) === 0
  }

  takePiece(): number {
    return Atomics.add(this.numbers, slot.piece, 1)
  }

  takeLook(): number {
    return Atomics.add(this.numbers, slot.look, 1)
  }

  get wordsFloor(): number {
    return Math.max(1, Atomics.load(this.numbers, slot.wordsFloor))
  }

  tellWordsFloor(sum: number): void {
    let known = Atomics.load(this.numbers, slot.wordsFloor)
    while (known < sum) {
      const before = Atomics.compareExchange(this.numbers, slot.wordsFloor, known, sum)
      if (before === known) return
      known = before
    }
  }

  exchange(histogram: Int32Array): Int32Array | undefined {
    if (this.me === 0) this.isHelped = Atomics.compareExchange(this.numbers, slot.helper, 0, 2) !== 0
    if (!this.isHelped) return undefined
    this.histogram(this.me, histogram.length).set(histogram)
    this.did(step.looked)
    this.await(step.looked)
    return this.histogram(1 - this.me, histogram.length)
  }

  join(lists: readonly TopList[]): void {
    if (!this.isHelped) return
    if (this.me === 1) {
      for (const [n, list] of lists.entries()) writeList(this.hits(1, n), list)
      this.did(step.offered)
      return
    }
    this.await(step.offered)
    for (const [n, list] of lists.entries()) {
      readList(this.hits(1, n), list)
      list.settle()
    }
  }

  tellPlaces(places: readonly Place[]): void {
    if (!this.isHelped) return
    const shared = new Int32Array(this.memory, placesAt, 2 * mostPlaces)
    for (const [n, { segment, document }] of places.entries()) {
      shared[2 * n] = segment
      shared[2 * n + 1] = document
    }
    Atomics.store(this.numbers, slot.places, places.length + 1)
    Atomics.notify(this.numbers, slot.places)
  }

  /** The helper waits for the places of the second look; undefined when there is none. */
  awaitPlaces(): Place[] | undefined {
    if (Atomics.load(this.numbers, slot.places) === 0) Atomics.wait(this.numbers, slot.places, 0, this.patienceMs)
    const count = Atomics.load(this.numbers, slot.places) - 1
    if (count < 0) return undefined
    const shared = new Int32Array(this.memory, placesAt, 2 * count)
    return Array.from({ length: count }, (_, n) => ({ segment: shared[2 * n]!, document: shared[2 * n + 1]! }))
  }

  counts(places: number, terms: number): LookCounts {
    const counts = this.countsOf(this.me, places, terms)
    counts.frequencies.fill(0)
    counts.lengths.fill(0)
    return counts
  }

  otherCounts(places: number, terms: number): LookCounts | undefined {
    if (!this.isHelped) return undefined
    this.await(step.counted)
    return this.countsOf(1, places, terms)
  }

  /** The helper is done. */
  hasCounted(): void {
    this.did(step.counted)
  }

  /** The leader has ended, well or not: nobody waits for it. */
  end(): void {
    Atomics.compareExchange(this.numbers, slot.places, 0, -1)
    Atomics.notify(this.numbers, slot.places)
    Atomics.store(this.numbers, slot.steps, step.counted)
    Atomics.notify(this.numbers, slot.steps)
  }

  private did(done: number): void {
    Atomics.store(this.numbers, slot.steps + this.me, done)
    Atomics.notify(this.numbers, slot.steps + this.me)
  }

  /** Until the other has done a step. Throws `HelperLostError`. */
  private await(done: number): void {
    const other = slot.steps + 1 - this.me
    for (;;) {
      const now = Atomics.load(this.numbers, other)
      if (now >= done) return
      if (Atomics.wait(this.numbers, other, now, this.patienceMs) === 'timed-out')
        throw new HelperLostError('The thread that shares a search did not answer in time.')
    }
  }

  private histogram(side: number, length: number): Int32Array {
    return new Int32Array(this.memory, sidesAt + side * sideBytes + histogramAt, length)
  }

  private hits(side: number, n: number): SharedList {
    const start = sidesAt + side * sideBytes + n * listBytes
    return {
      keys: new Float64Array(this.memory, start, 2 * mostHits + 1),
      places: new Int32Array(this.memory, start + 16 * mostHits + 8, 2 * mostHits),
    }
  }

  private countsOf(side: number, places: number, terms: number): LookCounts {
    const start = sidesAt + side * sideBytes + countsAt
    return {
      lengths: new Float64Array(this.memory, start, places),
      frequencies: new Float64Array(this.memory, start + 8 * mostPlaces, places * terms),
    }
  }
}

type SharedList = { keys: Float64Array; places: Int32Array }

function writeList({ keys, places }: SharedList, { length, scores, ids, segments, documents }: TopList): void {
  keys[0] = length
  for (let n = 0; n < length; n++) {
    keys[1 + 2 * n] = scores[n]!
    keys[2 + 2 * n] = ids[n]!
    places[2 * n] = segments[n]!
    places[2 * n + 1] = documents[n]!
  }
}

function readList({ keys, places }: SharedList, list: TopList): void {
  for (let n = 0; n < keys[0]!; n++) list.offer(keys[1 + 2 * n]!, keys[2 + 2 * n]!, places[2 * n]!, places[2 * n + 1]!)
}
