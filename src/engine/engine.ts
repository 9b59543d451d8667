import type { EngineDocument } from './document.ts'
import type { SharedEmbedding } from './embed/index.ts'
import { Damage } from './live/damage.ts'
import { Fitting } from './live/fitting.ts'
import { HeldSegments, shared } from './live/held.ts'
import { Merging } from './live/merging.ts'
import { Saving } from './live/saving.ts'
import type { EnginePage, EngineQuery } from './query/engine-query.ts'
import { type Model, memoryOf, type SegmentBytes } from './segments/build-segment.ts'
import { segmentCapacity } from './segments/capacity.ts'
import { liveCount } from './segments/snapshot.ts'
import { IndexFolder } from './store/index-folder.ts'
import { EngineThreads } from './worker/engine-threads.ts'

export type EngineOptions = {
  /** The program of a thread (`worker/engine-thread.ts`, or what the build made of it). */
  threadUrl: URL
  /** Where the index is kept; left out, it is in memory only. */
  folder?: string | undefined
  /** Never writes: for a second program beside the one that does. `put` and `remove` throw. */
  readOnly?: boolean
  /** What makes the vectors, */
  embedding?: SharedEmbedding | undefined
  /** and what it is called; or an embedder outside, whose vectors documents and queries bring. */
  model?: Model | undefined
  /** Threads that answer. One fewer than cores, but two at least, is about right. */
  searchThreads?: number
  /**
   * While the words of all documents in order take more bytes than this, those of larger segments are read from their files
   * when needed. 128 MB when left out: some 340,000 abstracts.
   */
  mostForwardBytes?: number
  /** What goes wrong without stopping anything: a damaged index, a full disk, a thread that ended. */
  onProblem?: (message: string, cause?: unknown) => void
}

export type EngineStatus = {
  /** `building`: some documents are without a vector still. `failed`: no thread is left that could search. */
  state: 'ready' | 'building' | 'failed'
  documents: number
  segments: number
  /** Of the last change that searches see; 0 when a file was damaged meanwhile: putting everything again brings back what was lost. */
  appliedSeq: number
  /** Of the last change that is on disk. */
  savedSeq: number
  /** Documents without a vector of the present model, though there is a model. */
  withoutVector: number
  /** Bytes of the index in memory. What is read from files when needed is not among them. */
  memoryBytes: number
  diskBytes: number
  problem?: string
}

/** A put of fewer documents is built by a thread that runs anyway; more of them in threads started for it. */
const smallPut = 32
/** When merging falls behind by so many segments, a put waits for it. */
const mostSegments = 96
const mostForwardBytes = 128 * 2 ** 20

/**
 * A search engine: documents go in, queries are answered in threads of their own. Every `put` makes a small segment that all
 * threads share; a merge in the background keeps their number low. All calls may run at once; a search sees all puts
 * and removals that resolved before it started.
 */
export class Engine implements AsyncDisposable {
  private readonly options: EngineOptions
  private readonly folder: IndexFolder | undefined
  private readonly threads: EngineThreads
  private readonly segments: HeldSegments
  private readonly merging: Merging
  private readonly fitting: Fitting
  private readonly saving: Saving
  private readonly damage: Damage
  private problem: string | undefined
  private isClosed = false
  /** Puts and removals, one after the other. */
  private changing: Promise<unknown> = Promise.resolve()

  private constructor(options: EngineOptions) {
    const { folder, readOnly = false, embedding, model, threadUrl, searchThreads = 2 } = options
    this.options = options
    this.folder = folder === undefined ? undefined : new IndexFolder(folder)
    const onProblem = (message: string, cause?: unknown) => this.tellProblem(message, cause)
    this.segments = new HeldSegments((unusedBytes) => this.threads.tell(unusedBytes))
    this.threads = new EngineThreads({
      url: threadUrl,
      setup: { embedding, model },
      searchThreads: Math.max(1, searchThreads),
      snapshot: () => ({ kind: 'snapshot', segments: this.segments.list.map(shared), local: this.fitting?.local }),
      onProblem: (message, cause) => options.onProblem?.(message, cause),
    })
    const { segments, threads } = this
    this.merging = new Merging(segments, threads, { onMerged: () => this.saving.soon(), onProblem })
    this.fitting = new Fitting({
      ...{ segments, threads, onProblem },
      canFit: () => embedding !== undefined && !readOnly && !this.isClosed,
      exclusively: (work) =>
        this.change(async () => {
          await this.merging.done()
          await work()
        }),
      onFitted: () => this.saving.soon(),
    })
    this.damage = new Damage(segments, onProblem)
    this.saving = new Saving({
      ...{ folder: this.folder, segments, threads, fitting: this.fitting, readOnly, model, onProblem },
      mostForwardBytes: options.mostForwardBytes ?? mostForwardBytes,
      onSaved: () => {
        this.problem = undefined
      },
    })
  }

  /**
   * Opens the index in a folder, or a new one. One that cannot be used is left empty, with `appliedSeq` 0 and the reason in
   * `status().problem`, for the caller to fill again. Of one whose vectors are another model's, words are searched at once and
   * `appliedSeq` is 0, so that putting everything again brings the vectors.
   */
  static async open(options: EngineOptions): Promise<Engine> {
    const engine = new Engine(options)
    try {
      await engine.saving.load()
      if (!options.readOnly) engine.merging.start()
      return engine
    } catch (error) {
      await engine.close()
      throw error
    }
  }

  /** `seq`: number of the last change that this takes in. Resolves when every later search sees it. */
  put(documents: readonly EngineDocument[], seq?: number): Promise<void> {
    return this.change(async () => {
      const { segments } = this
      for (let start = 0; start < documents.length; start += segmentCapacity) {
        const some = lastOfEach(documents.slice(start, start + segmentCapacity))
        const made = await this.build(some)
        segments.install(
          segments.without(some.map(({ id }) => id)),
          made.map((bytes) => segments.hold(bytes)),
        )
      }
      this.applied(seq)
    })
  }

  /** Ids that are not there are fine. */
  remove(ids: readonly number[], seq?: number): Promise<void> {
    return this.change(async () => {
      this.segments.install(this.segments.without(ids))
      this.applied(seq)
    })
  }

  /** Throws `BadCursorError`, and `ThreadEndedError` when the thread that was to answer ended. */
  search(query: EngineQuery): Promise<EnginePage> {
    return this.threads.search(query, this.segments.documents).finally(() => this.damage.look())
  }

  closeness(text: string, passages: readonly string[]): Promise<number[]> {
    return this.threads.searchers.ask('closeness', { text, passages })
  }

  status(): EngineStatus {
    this.damage.look()
    const problem = this.threads.searchers.problem ?? this.problem
    const { model } = this
    const { list, documents } = this.segments
    const withoutVector = list
      .filter(({ segment }) => model && segment.vectors?.model !== model.id)
      .reduce((sum, { segment }) => sum + liveCount(segment), 0)
    return {
      state: this.threads.searchers.problem ? 'failed' : withoutVector > 0 ? 'building' : 'ready',
      documents,
      segments: list.length,
      appliedSeq: this.damage.isThere ? 0 : this.saving.appliedSeq,
      savedSeq: this.saving.savedSeq,
      withoutVector,
      memoryBytes: list.reduce((sum, { bytes }) => sum + memoryOf(bytes), 0),
      diskBytes: this.folder?.diskBytes ?? 0,
      ...(problem ? { problem } : {}),
    }
  }

  /** Brings what searches see to the disk. Throws what the file system says; the index goes on in memory. */
  flush(): Promise<void> {
    return this.saving.flush()
  }

  /** The share of the ten nearest documents that a search by meaning finds, over these queries. */
  recall(texts: readonly string[]): Promise<number> {
    return this.threads.searchers.ask('recall', texts)
  }

  /** Waits for what is due: merges, and fitting the model to the documents. It is done without asking, a little later. */
  async settle(): Promise<void> {
    await this.merging.done()
    if (this.fitting.isDue) await this.fitting.fit()
  }

  /** Saves and ends the threads. Searches that wait fail. */
  async close(): Promise<void> {
    if (this.isClosed) return
    this.isClosed = true
    this.saving.stop()
    this.fitting.stop()
    await this.changing.catch(() => {}) // its caller has the error
    await this.merging.done()
    if (this.saving.isDue)
      await this.flush().catch((error) =>
        this.tellProblem(`The search index could not be saved: ${(error as Error).message}`, error),
      )
    // Whoever opens the index again would otherwise have it in memory twice, until this engine is garbage.
    this.segments.clear()
    await this.threads.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  private change(work: () => Promise<void>): Promise<void> {
    if (this.options.readOnly) return Promise.reject(new Error('This index was opened for reading only.'))
    if (this.isClosed) return Promise.reject(new Error('The search index is closed.'))
    const next = this.changing
      .catch(() => {})
      .then(async () => {
        while (this.segments.list.length > mostSegments && this.merging.isRunning) await this.merging.done()
        await work()
      })
    this.changing = next
    return next
  }

  private applied(seq: number | undefined): void {
    this.saving.appliedSeq = Math.max(this.saving.appliedSeq, seq ?? 0)
    this.saving.soon()
    this.merging.start()
    this.fitting.soon()
  }

  /** The bytes of segments with these documents: of a large put, each thread builds a share. */
  private build(documents: readonly EngineDocument[]): Promise<SegmentBytes[]> {
    const { threads } = this
    if (documents.length < smallPut) return Promise.all([threads.searchers.ask('build', documents)])
    const share = Math.ceil(documents.length / threads.buildThreads)
    const shares = Array.from({ length: threads.buildThreads }, (_, n) => documents.slice(n * share, (n + 1) * share))
    return Promise.all(
      shares.filter((some) => some.length > 0).map((some) => threads.withBuilders((pool) => pool.ask('build', some))),
    )
  }

  /** The embedder that makes vectors now: the model, with its local part. */
  private get model(): Model | undefined {
    return this.fitting.local ?? this.options.model
  }

  private tellProblem(message: string, cause?: unknown): void {
    this.problem = message
    this.options.onProblem?.(message, cause)
  }
}

function lastOfEach(documents: readonly EngineDocument[]): EngineDocument[] {
  return [...new Map(documents.map((document) => [document.id, document])).values()].sort((a, b) => a.id - b.id)
}
