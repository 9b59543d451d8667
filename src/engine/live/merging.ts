import { chooseMerge } from '../segments/choose-merge.ts'
import { isDamaged } from '../segments/forward-index.ts'
import { liveCount } from '../segments/snapshot.ts'
import type { EngineThreads } from '../worker/engine-threads.ts'
import type { ThreadPool } from '../worker/thread-pool.ts'
import { type HeldSegments, shared } from './held.ts'

/** In documents: a larger merge would keep searches waiting for more than a few tens of milliseconds. */
const smallMerge = 512

/** Merges segments in the background, as long as there are too many of a size or too many removed documents. */
export class Merging {
  private readonly segments: HeldSegments
  private readonly threads: EngineThreads
  private readonly onMerged: () => void
  private readonly onProblem: (message: string, cause: unknown) => void
  private running: Promise<void> | undefined

  constructor(
    segments: HeldSegments,
    threads: EngineThreads,
    events: { onMerged: () => void; onProblem: (message: string, cause: unknown) => void },
  ) {
    this.segments = segments
    this.threads = threads
    this.onMerged = events.onMerged
    this.onProblem = events.onProblem
  }

  /** Whether merges are under way. */
  get isRunning(): boolean {
    return this.running !== undefined
  }

  start(): void {
    this.running ??= this.mergeAll().finally(() => {
      this.running = undefined
    })
  }

  /** Resolves when none is due any more. */
  async done(): Promise<void> {
    while (this.running) await this.running
  }

  private async mergeAll(): Promise<void> {
    const { segments, threads } = this
    for (;;) {
      // What was damaged cannot be read to be merged; it goes when its documents were put again.
      const whole = segments.list.filter(({ bytes }) => !isDamaged(bytes.forward))
      const chosen = chooseMerge(
        whole.map(({ segment }) => ({ live: liveCount(segment), dead: segment.gone?.count ?? 0 })),
      )
      if (!chosen) return
      const sources = chosen.map((n) => whole[n]!)
      try {
        const size = sources.reduce((sum, { segment }) => sum + liveCount(segment), 0)
        const merge = (pool: ThreadPool) => pool.ask('merge', sources.map(shared))
        segments.replace(sources, await (size <= smallMerge ? merge(threads.searchers) : threads.withBuilders(merge)))
      } catch (error) {
        this.onProblem(`Parts of the search index could not be merged: ${(error as Error).message}`, error)
        return // tried again after the next change
      }
      this.onMerged()
    }
  }
}
