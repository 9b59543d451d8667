import type { EngineDocument } from './document.ts'
import type { Embedder } from './embed/embedder.ts'
import { buildSegment, mergeSegments, openSegment } from './segments/build-segment.ts'
import { segmentCapacity } from './segments/capacity.ts'
import { chooseMerge } from './segments/choose-merge.ts'
import { liveCount, markGone, type Segment, Snapshot, withGone } from './segments/snapshot.ts'

/** An index in memory, in this thread, without files: for tests and for measuring the ranking alone. */
export class LiveIndex {
  snapshot = new Snapshot([])
  private readonly embedder: Embedder | undefined

  constructor(embedder?: Embedder) {
    this.embedder = embedder
  }

  /** Adds documents or replaces those of the same id. Snapshots taken before stay as they are. */
  put(documents: readonly EngineDocument[]): void {
    for (let start = 0; start < documents.length; start += segmentCapacity) {
      const some = documents.slice(start, start + segmentCapacity)
      const made = buildSegment(some, { model: this.embedder, embedder: this.embedder })
      this.snapshot = new Snapshot([...this.without(some.map(({ id }) => id)), openSegment(made, this.embedder)])
    }
    this.tidy()
  }

  /** Ids that are not there are fine. */
  remove(ids: readonly number[]): void {
    this.snapshot = new Snapshot(this.without(ids))
    this.tidy()
  }

  private without(ids: readonly number[]): Segment[] {
    return this.snapshot.segments.map((segment) => {
      const dead = markGone(segment, ids)
      return dead ? withGone(segment, dead) : segment
    })
  }

  private tidy(): void {
    for (;;) {
      const { segments } = this.snapshot
      const chosen = chooseMerge(segments.map((one) => ({ live: liveCount(one), dead: one.gone?.count ?? 0 })))
      if (!chosen) return
      const merged = mergeSegments(
        chosen.map((n) => segments[n]!),
        { model: this.embedder },
      )
      const rest = segments.filter((_, n) => !chosen.includes(n))
      this.snapshot = new Snapshot(merged ? [...rest, openSegment(merged, this.embedder)] : rest)
    }
  }
}
