type IdOf = (segment: number, document: number) => number

const noId: IdOf = () => 0

/** Entries beyond twice the size that are taken in before the best are chosen: a short list is not chosen from all the time. */
const extra = 32

/**
 * The best `size` of what is offered, by score and, among equal scores, by the smaller id: the same whatever the order of
 * the offers. Each entry carries a segment and a document number. Entries are taken in as they come, and of twice as many
 * the best are kept now and then: that costs some nanoseconds an offer, where a heap moves entries for each. The arrays are to
 * be read after `settle`, up to `length`; they have no order, and the ids are there after `sorted` only.
 *
 * Of entries offered with id 0 it is asked with `idOf`, when it decides and when they are sorted: to read the ids of all that is offered, each
 * somewhere else in memory, would take longer than all the rest.
 */
export class TopList {
  readonly size: number
  length = 0
  /** What a score must reach to be of any use, as far as is known; -Infinity while there is room. */
  threshold = Number.NEGATIVE_INFINITY
  readonly scores: Float64Array
  readonly ids: Float64Array
  readonly segments: Int32Array
  readonly documents: Int32Array
  /** How many entries were there when the best were chosen last: as long as no more are, they are the best. */
  private settled = 0
  /** The highest id kept with a score equal to the threshold: a higher one is of no use. */
  private lastId = Number.POSITIVE_INFINITY
  private readonly scratch: Float64Array
  private idOf: IdOf

  constructor(size: number, idOf: IdOf = noId) {
    const capacity = 2 * size + extra
    this.size = size
    this.idOf = idOf
    this.scores = new Float64Array(capacity)
    this.ids = new Float64Array(capacity)
    this.segments = new Int32Array(capacity)
    this.documents = new Int32Array(capacity)
    this.scratch = new Float64Array(capacity)
  }

  /** Forgets all that was offered. Making lists for every query takes longer than filling them. */
  clear(idOf: IdOf): void {
    this.idOf = idOf
    this.length = 0
    this.settled = 0
    this.threshold = Number.NEGATIVE_INFINITY
    this.lastId = Number.POSITIVE_INFINITY
  }

  offer(score: number, id: number, segment: number, document: number): void {
    if (score < this.threshold || (score === this.threshold && id > this.lastId)) return
    const at = this.length++
    this.scores[at] = score
    this.ids[at] = id
    this.segments[at] = segment
    this.documents[at] = document
    if (this.length === this.scores.length) this.settle()
  }

  /** Keeps the best only, and makes the threshold as high as it can be. */
  settle(): void {
    if (this.length !== this.settled) this.choose()
    this.settled = this.length
  }

  private choose(): void {
    const { size, length, scores, ids, segments, documents, scratch } = this
    if (length < size || size === 0) {
      this.length = Math.min(length, size)
      return
    }
    const least = nthScore(scores, length, size - 1, scratch)
    let above = 0
    let equal = 0
    for (let n = 0; n < length; n++) {
      above += scores[n]! > least ? 1 : 0
      if (scores[n] === least) scratch[equal++] = -this.idAt(n)
    }
    const lastId = -nthGreatest(scratch, equal, size - above - 1)
    let at = 0
    for (let n = 0; n < length; n++) {
      // Written in any case and left when it is not among the best: nobody can foresee which way a branch would go.
      const score = scores[n]!
      const id = ids[n]!
      scores[at] = score
      ids[at] = id
      segments[at] = segments[n]!
      documents[at] = documents[n]!
      at += score > least ? 1 : 0
      if (score === least && id <= lastId) at++
    }
    this.length = at
    this.threshold = least
    this.lastId = lastId
  }

  /** Places of the entries, best first; each has its id then. */
  sorted(): number[] {
    this.settle()
    for (let n = 0; n < this.length; n++) this.idAt(n)
    const { scores, ids } = this
    return Array.from({ length: this.length }, (_, n) => n).sort((a, b) => scores[b]! - scores[a]! || ids[a]! - ids[b]!)
  }

  private idAt(n: number): number {
    if (this.ids[n] === 0) this.ids[n] = this.idOf(this.segments[n]!, this.documents[n]!)
    return this.ids[n]!
  }
}

const buckets = new Uint16Array(256)
const lastBucket = buckets.length - 1

/**
 * The score of which `n` among the first `count` are greater or come before it. Scores are counted in buckets between the least
 * and the greatest, which takes no branches, and only those of one bucket are looked through. `scratch` is overwritten.
 */
function nthScore(scores: Float64Array, count: number, n: number, scratch: Float64Array): number {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (let i = 0; i < count; i++) {
    if (scores[i]! < low) low = scores[i]!
    if (scores[i]! > high) high = scores[i]!
  }
  // Where all are equal, or differ by next to nothing, they fall into the first bucket.
  const scale = lastBucket / (high - low)
  buckets.fill(0)
  for (let i = 0; i < count; i++) buckets[((scores[i]! - low) * scale) | 0]!++
  let bucket = lastBucket
  let above = 0
  while (above + buckets[bucket]! <= n) above += buckets[bucket--]!
  let inside = 0
  for (let i = 0; i < count; i++) {
    scratch[inside] = scores[i]!
    inside += (((scores[i]! - low) * scale) | 0) === bucket ? 1 : 0
  }
  return nthGreatest(scratch, inside, n - above)
}

/** The value of which `n` among the first `count` are greater or come before it; reorders them (Hoare's FIND, 1961). */
function nthGreatest(values: Float64Array, count: number, n: number): number {
  let left = 0
  let right = count - 1
  while (left < right) {
    const pivot = values[n]!
    let i = left
    let j = right
    while (i <= j) {
      while (values[i]! > pivot) i++
      while (values[j]! < pivot) j--
      if (i > j) break
      const value = values[i]!
      values[i++] = values[j]!
      values[j--] = value
    }
    if (j < n) left = i
    if (n < i) right = j
  }
  return values[n]!
}
