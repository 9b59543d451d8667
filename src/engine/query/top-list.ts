/**
 * The best `size` of what is offered, by score and, among equal scores, by the smaller id: the same whatever the order of
 * the offers. Each entry carries a segment and a document number; it stays in its place of these arrays, and a binary heap of
 * places has the worst on top.
 */
export class TopList {
  readonly size: number
  length = 0
  readonly scores: Float64Array
  readonly ids: Float64Array
  readonly segments: Int32Array
  readonly documents: Int32Array
  private readonly heap: Int32Array

  constructor(size: number) {
    this.size = size
    this.scores = new Float64Array(size)
    this.ids = new Float64Array(size)
    this.segments = new Int32Array(size)
    this.documents = new Int32Array(size)
    this.heap = new Int32Array(size)
  }

  /** What a score must reach to be of any use; -Infinity while there is room. */
  get threshold(): number {
    return this.length < this.size ? Number.NEGATIVE_INFINITY : this.scores[this.heap[0]!]!
  }

  offer(score: number, id: number, segment: number, document: number): void {
    if (this.length < this.size) {
      const entry = this.length++
      this.place(entry, score, id, segment, document)
      this.rise(this.heap, entry)
    } else if (this.size > 0) {
      const worst = this.heap[0]!
      const own = this.scores[worst]!
      if (own > score || (own === score && this.ids[worst]! <= id)) return
      this.place(worst, score, id, segment, document)
      this.sink(this.heap, worst, this.length)
    }
  }

  /** Places of the entries, best first. */
  sorted(): number[] {
    const { length } = this
    const heap = this.heap.slice(0, length)
    const order = new Array<number>(length)
    for (let left = length - 1; left >= 0; left--) {
      order[left] = heap[0]!
      this.sink(heap, heap[left]!, left)
    }
    return order
  }

  /** Whether an entry comes after another. */
  private isWorse(a: number, b: number): boolean {
    const [x, y] = [this.scores[a]!, this.scores[b]!]
    return x < y || (x === y && this.ids[a]! > this.ids[b]!)
  }

  /** Puts an entry, which is the last, where it belongs. */
  private rise(heap: Int32Array, entry: number): void {
    let hole = entry
    while (hole > 0) {
      const parent = (hole - 1) >> 1
      if (!this.isWorse(entry, heap[parent]!)) break
      heap[hole] = heap[parent]!
      hole = parent
    }
    heap[hole] = entry
  }

  /** Puts an entry, with the top free, where it belongs in a heap of `length`. */
  private sink(heap: Int32Array, entry: number, length: number): void {
    let hole = 0
    for (;;) {
      let child = 2 * hole + 1
      if (child >= length) break
      if (child + 1 < length && this.isWorse(heap[child + 1]!, heap[child]!)) child++
      if (!this.isWorse(heap[child]!, entry)) break
      heap[hole] = heap[child]!
      hole = child
    }
    heap[hole] = entry
  }

  private place(at: number, score: number, id: number, segment: number, document: number): void {
    this.scores[at] = score
    this.ids[at] = id
    this.segments[at] = segment
    this.documents[at] = document
  }
}
