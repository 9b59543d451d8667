import { segmentCapacity } from '../segments/capacity.ts'
import type { LookCounts, QueryWork } from './query-work.ts'
import type { SignSums, SumsRun } from './sign-sums.ts'
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
} as const
const step = { prepared: 1, looked: 2, offered: 3, completed: 4, counted: 5, ended: 6 } as const
const slots = 6

const mostSums = 65_536
/** Entries and runs of sums that one thread tells the other: those of two to three million documents. */
const mostEntries = 131_072
const mostRuns = 1_024
const mostHits = 256
const mostPlaces = 256
const mostTerms = 64

/** What a thread leaves for the other: numbers of bytes from its own beginning. */
const listBytes = mostHits * 16 + 8
const histogramAt = 2 * listBytes
const scoresAt = histogramAt + 4 * mostSums
const countsAt = scoresAt + 2 * 8 * 2 * mostHits
const runsAt = countsAt + 8 * mostPlaces * (mostTerms + 1)
const entriesAt = runsAt + 4 * (2 * mostRuns + 2)
const sideBytes = entriesAt + 4 * mostEntries
const sidesAt = 8 * Math.ceil(slots / 2)

/**
 * Looks at what the other thread has done before going to sleep: both take about the same time, and being woken costs more
 * than the rest of most steps. Some 20 us; ten times as many change nothing.
 */
const looksBeforeSleep = 3_000

/** The other thread did not answer in time, or needs no answer any more. */
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
  private looks = 0

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

  takeLook(pieces: number): number {
    if (Atomics.add(this.numbers, slot.look, 1) >= pieces) return -1
    const taken = this.looks++
    return this.me === 0 ? taken : pieces - 1 - taken
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

  swapSums(own: SignSums): readonly SumsRun[] {
    writeRuns(this.sums(this.me), own.runs())
    this.did(step.prepared)
    // Who has not come until now has taken none of these pieces: the leader took a later one.
    if (this.me === 0 && Atomics.load(this.numbers, slot.helper) !== 1) return []
    this.await(step.prepared)
    return readRuns(this.sums(1 - this.me))
  }

  exchange(words: TopList, histogram: Int32Array): Int32Array | undefined {
    if (this.me === 0) this.isHelped = Atomics.compareExchange(this.numbers, slot.helper, 0, 2) !== 0
    if (!this.isHelped) return undefined
    this.histogram(this.me, histogram.length).set(histogram)
    this.swap(step.looked, 0, words)
    return this.histogram(1 - this.me, histogram.length)
  }

  join(meaning: TopList): void {
    if (this.isHelped) this.swap(step.offered, 1, meaning)
  }

  share(count: number): [from: number, to: number] {
    const half = this.isHelped ? count >> 1 : count
    return this.me === 0 ? [0, half] : [half, count]
  }

  complete(one: Float64Array, two: Float64Array): void {
    if (!this.isHelped) return
    for (const [n, scores] of [one, two].entries()) {
      const [from, to] = this.share(scores.length)
      this.scores(this.me, n).set(scores.subarray(from, to), from)
    }
    this.did(step.completed)
    this.await(step.completed)
    for (const [n, scores] of [one, two].entries()) {
      const [from, to] = this.share(scores.length)
      const others = this.scores(1 - this.me, n).subarray(0, scores.length)
      if (from > 0) scores.set(others.subarray(0, from))
      else scores.set(others.subarray(to), to)
    }
  }

  counts(documents: number, terms: number): LookCounts {
    const counts = this.countsOf(this.me, documents, terms)
    counts.frequencies.fill(0)
    counts.lengths.fill(0)
    return counts
  }

  gather({ frequencies, lengths }: LookCounts): boolean {
    if (this.me === 1) this.did(step.counted)
    else if (this.isHelped) {
      this.await(step.counted)
      const other = this.countsOf(1, lengths.length, frequencies.length / Math.max(1, lengths.length))
      for (let n = 0; n < frequencies.length; n++) frequencies[n]! += other.frequencies[n]!
      for (let n = 0; n < lengths.length; n++) lengths[n]! += other.lengths[n]!
    }
    return this.isLeader
  }

  /** The leader has ended, well or not: nobody waits for it. */
  end(): void {
    this.did(step.ended)
  }

  /** Leaves a list for the other at a step, and takes in that of the other. */
  private swap(at: number, n: number, list: TopList): void {
    list.settle()
    writeList(this.hits(this.me, n), list)
    this.did(at)
    this.await(at)
    readList(this.hits(1 - this.me, n), list)
    list.settle()
  }

  private did(done: number): void {
    Atomics.store(this.numbers, slot.steps + this.me, done)
    Atomics.notify(this.numbers, slot.steps + this.me)
  }

  /** Until the other has done a step. Throws `HelperLostError`. */
  private await(done: number): void {
    const { numbers } = this
    const other = slot.steps + 1 - this.me
    for (let n = 0; n < looksBeforeSleep && Atomics.load(numbers, other) < done; n++);
    for (;;) {
      const now = Atomics.load(numbers, other)
      if (now === step.ended) throw new HelperLostError('The search was answered without help.')
      if (now >= done) return
      if (Atomics.wait(numbers, other, now, this.patienceMs) === 'timed-out')
        throw new HelperLostError('The thread that shares a search did not answer in time.')
    }
  }

  private histogram(side: number, length: number): Int32Array {
    return new Int32Array(this.memory, sidesAt + side * sideBytes + histogramAt, length)
  }

  private sums(side: number): SharedRuns {
    const start = sidesAt + side * sideBytes
    return {
      runs: new Int32Array(this.memory, start + runsAt, 2 * mostRuns + 1),
      entries: new Uint32Array(this.memory, start + entriesAt, mostEntries),
    }
  }

  private hits(side: number, n: number): SharedList {
    const start = sidesAt + side * sideBytes + n * listBytes
    return {
      scores: new Float64Array(this.memory, start, mostHits + 1),
      places: new Uint32Array(this.memory, start + 8 * mostHits + 8, mostHits),
    }
  }

  private scores(side: number, n: number): Float64Array {
    return new Float64Array(this.memory, sidesAt + side * sideBytes + scoresAt + n * 16 * mostHits, 2 * mostHits)
  }

  private countsOf(side: number, documents: number, terms: number): LookCounts {
    const start = sidesAt + side * sideBytes + countsAt
    return {
      lengths: new Float64Array(this.memory, start, documents),
      frequencies: new Float64Array(this.memory, start + 8 * mostPlaces, documents * terms),
    }
  }
}

/** The number of the hits, and the score of each behind it; where each lies. Both threads know its id from that. */
type SharedList = { scores: Float64Array; places: Uint32Array }

function writeList({ scores, places }: SharedList, list: TopList): void {
  scores[0] = list.length
  for (let n = 0; n < list.length; n++) {
    scores[1 + n] = list.scores[n]!
    places[n] = list.segments[n]! * segmentCapacity + list.documents[n]!
  }
}

function readList({ scores, places }: SharedList, list: TopList): void {
  for (let n = 0; n < scores[0]!; n++)
    list.offer(scores[1 + n]!, 0, Math.floor(places[n]! / segmentCapacity), places[n]! % segmentCapacity)
}

/** `runs`: how many there are, then the number and the length of each. */
type SharedRuns = { runs: Int32Array; entries: Uint32Array }

/** None when there are too many. */
function writeRuns({ runs, entries }: SharedRuns, own: readonly SumsRun[]): void {
  const length = own.reduce((sum, one) => sum + one.entries.length, 0)
  runs[0] = own.length > mostRuns || length > entries.length ? 0 : own.length
  for (let n = 0, at = 0; n < runs[0]; n++) {
    const { run, entries: some } = own[n]!
    entries.set(some, at)
    at += some.length
    runs[1 + 2 * n] = run
    runs[2 + 2 * n] = some.length
  }
}

function readRuns({ runs, entries }: SharedRuns): SumsRun[] {
  let at = 0
  return Array.from({ length: runs[0]! }, (_, n) => {
    const start = at
    at += runs[2 + 2 * n]!
    return { run: runs[1 + 2 * n]!, entries: entries.subarray(start, at) }
  })
}
