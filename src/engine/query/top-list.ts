/**
 * The best `size` of what is offered, by score and, among equal scores, by the smaller id: the same whatever the order of
 * the offers. A binary heap with the worst on top. Each entry carries a segment and a document number.
 */
export class TopList {
  readonly size: number
  length = 0
  readonly scores: Float64Array
  readonly ids: Float64Array
  readonly segments: Int32Array
  readonly documents: Int32Array

  constructor(size: number) {
    this.size = size
    this.scores = new Float64Array(size)
    this.ids = new Float64Array(size)
    this.segments = new Int32Array(size)
    this.documents = new Int32Array(size)
  }

  /** What a score must reach to be of any use; -Infinity while there is room. */
  get threshold(): number {
    return this.length < this.size ? Number.NEGATIVE_INFINITY : (this.scores[0] as number)
  }

  offer(score: number, id: number, segment: number, document: number): void {
    if (this.length < this.size) {
      this.place(this.rise(this.length++, score, id), score, id, segment, document)
    } else if (this.size > 0 && this.isWorse(0, score, id)) {
      this.place(this.sink(score, id), score, id, segment, document)
    }
  }

  /** Positions of the entries, best first. */
  sorted(): number[] {
    return Array.from({ length: this.length }, (_, n) => n).sort(
      (a, b) =>
        (this.scores[b] as number) - (this.scores[a] as number) || (this.ids[a] as number) - (this.ids[b] as number),
    )
  }

  /** Whether the entry at `n` comes after one with this score and id. */
  private isWorse(n: number, score: number, id: number): boolean {
    const own = this.scores[n] as number
    return own < score || (own === score && (this.ids[n] as number) > id)
  }

  private rise(from: number, score: number, id: number): number {
    let hole = from
    while (hole > 0) {
      const parent = (hole - 1) >> 1
      if (this.isWorse(parent, score, id)) break
      this.move(parent, hole)
      hole = parent
    }
    return hole
  }

  private sink(score: number, id: number): number {
    let hole = 0
    for (;;) {
      let child = 2 * hole + 1
      if (child >= this.length) return hole
      const other = child + 1
      if (other < this.length && this.isWorse(other, this.scores[child] as number, this.ids[child] as number))
        child = other
      if (!this.isWorse(child, score, id)) return hole
      this.move(child, hole)
      hole = child
    }
  }

  private move(from: number, to: number): void {
    this.place(
      to,
      this.scores[from] as number,
      this.ids[from] as number,
      this.segments[from] as number,
      this.documents[from] as number,
    )
  }

  private place(at: number, score: number, id: number, segment: number, document: number): void {
    this.scores[at] = score
    this.ids[at] = id
    this.segments[at] = segment
    this.documents[at] = document
  }
}
