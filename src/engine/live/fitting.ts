import type { EngineThreads } from '../worker/engine-threads.ts'
import type { LocalPart } from '../worker/messages.ts'
import { type Held, type HeldSegments, shared } from './held.ts'

/** The model is fitted to the documents from so many on, and again when there are so many times as many. */
const leastFitted = 200
const fitAgainAt = 1.2
/**
 * After a quiet moment of this length, which doubles with each fit up to the longest: a collection that comes in slowly, with a
 * pause after each batch, is fitted a few times and not at every pause.
 */
const firstDelayMs = 2_000
const longestDelayMs = 64_000

export type FittingOptions = {
  segments: HeldSegments
  threads: EngineThreads
  /** Whether there is a model that can be fitted, and this program may. */
  canFit: () => boolean
  /** Runs work when no put or merge runs; puts wait meanwhile. */
  exclusively: (work: () => Promise<void>) => Promise<void>
  onFitted: () => void
  onProblem: (message: string, cause: unknown) => void
}

/** Keeps the local part of the model fitted to the documents. */
export class Fitting {
  /** The part of the model that was fitted on the documents, and how many these were. */
  local: LocalPart | undefined
  fittedOn = 0
  private delayMs = firstDelayMs
  private timer: NodeJS.Timeout | undefined
  private readonly options: FittingOptions

  constructor(options: FittingOptions) {
    this.options = options
  }

  get isDue(): boolean {
    if (!this.options.canFit()) return false
    const { documents } = this.options.segments
    return documents >= leastFitted && documents >= this.fittedOn * fitAgainAt
  }

  /** Documents changed: fits when it is due and they have not changed for a while. */
  soon(): void {
    this.stop()
    if (!this.isDue) return
    this.timer = setTimeout(() => {
      this.fit().catch((error) =>
        this.options.onProblem(
          `The search model could not be fitted to the papers: ${(error as Error).message}`,
          error,
        ),
      )
    }, this.delayMs)
    this.timer.unref()
  }

  stop(): void {
    clearTimeout(this.timer)
  }

  /** Fits the local part to the documents and makes their vectors anew. Puts wait meanwhile, searches do not. */
  fit(): Promise<void> {
    const { segments, threads, exclusively, onFitted } = this.options
    return exclusively(async () => {
      if (!this.isDue) return
      const held = segments.list
      const { documents } = segments
      this.delayMs = Math.min(longestDelayMs, this.delayMs * 2)
      const local = await threads.withBuilders((pool) => pool.ask('fit', held.map(shared)))
      this.fittedOn = documents
      if (!local) return
      const adapted = await Promise.all(held.map((one) => this.adapt(one, local)))
      this.local = local
      segments.install(adapted)
      onFitted()
    })
  }

  private async adapt(one: Held, local: LocalPart): Promise<Held> {
    const { segments, threads } = this.options
    const vectors = await threads.withBuilders((pool) => pool.ask('adapt', { segment: shared(one), local }))
    return vectors ? segments.changed(one, { ...one.bytes, vectors }, true) : one
  }
}
