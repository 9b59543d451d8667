import type { EngineDocument } from './document.ts'
import type { SharedEmbedding } from './embed/index.ts'
import type { EnginePage, EngineQuery } from './query/engine-query.ts'
import { type Model, openSegment, type SegmentBytes } from './segments/build-segment.ts'
import { segmentCapacity } from './segments/capacity.ts'
import { chooseMerge } from './segments/choose-merge.ts'
import { DamagedPartError } from './segments/sections.ts'
import { liveCount, markGone, type Segment, withGone } from './segments/snapshot.ts'
import { IndexFolder, type StoredSegment } from './store/index-folder.ts'
import type { Manifest } from './store/manifest.ts'
import type { LocalPart, SharedSegment, ThreadSetup } from './worker/messages.ts'
import { SearchThreads } from './worker/search-threads.ts'
import { EngineThread } from './worker/thread.ts'
import { ThreadPool } from './worker/thread-pool.ts'

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
  /** What goes wrong without stopping anything: a damaged index, a full disk, a thread that ended. */
  onProblem?: (message: string, cause?: unknown) => void
}

export type EngineStatus = {
  documents: number
  segments: number
  /** Of the last change that searches see. */
  appliedSeq: number
  /** Of the last change that is on disk. */
  savedSeq: number
  /** Documents without a vector of the present model, though there is a model. */
  withoutVector: number
  memoryBytes: number
  diskBytes: number
  problem?: string
}

/** A segment as this thread keeps it: what all threads share, and a view on it. */
type Held = { key: number; vectorKey: number; bytes: SegmentBytes; segment: Segment }

/** Changes reach the disk after this long, all together. What a crash loses is put again by the caller. */
const saveDelayMs = 3_000
/** A put of fewer documents is built by a thread that runs anyway; more of them in threads started for it. */
const smallPut = 32
/** The same for merges, in documents: a larger one would keep searches waiting for more than a few tens of milliseconds. */
const smallMerge = 512
/** When merging falls behind by so many segments, a put waits for it. */
const mostSegments = 96
const buildThreads = 2
/** Threads for building end after this long without work: their heaps have grown. */
const idleMs = 10_000
const readAttempts = 5
/** The model is fitted to the documents from so many on, again when there are so many times as many, after a quiet moment. */
const leastFitted = 200
const fitAgainAt = 1.2
const fitDelayMs = 2_000

/**
 * A search engine: documents go in, queries are answered in threads of their own. Every `put` makes a small segment that all
 * threads share; a merge in the background keeps their number low. All calls may run at once; a search sees all puts
 * and removals that resolved before it started.
 */
export class Engine implements AsyncDisposable {
  private readonly options: EngineOptions
  private readonly folder: IndexFolder | undefined
  private readonly searchers: ThreadPool
  private readonly searching: SearchThreads
  private builders: ThreadPool | undefined
  private buildersIdle: NodeJS.Timeout | undefined
  private held: readonly Held[] = []
  private nextKey = 1
  private appliedSeq = 0
  private savedSeq = 0
  private problem: string | undefined
  private isClosed = false
  /** The part of the model that was fitted on the documents, and how many these were. */
  private local: LocalPart | undefined
  private fittedOn = 0
  private fitTimer: NodeJS.Timeout | undefined
  /** Puts and removals, one after the other. */
  private changing: Promise<unknown> = Promise.resolve()
  private merging: Promise<void> | undefined
  private saving: Promise<void> = Promise.resolve()
  private saveTimer: NodeJS.Timeout | undefined

  private constructor(options: EngineOptions) {
    this.options = options
    this.folder = options.folder === undefined ? undefined : new IndexFolder(options.folder)
    this.searchers = this.pool(Math.max(1, options.searchThreads ?? 2), true)
    this.searching = new SearchThreads(this.searchers, (message, cause) => options.onProblem?.(message, cause))
  }

  /**
   * Opens the index in a folder, or a new one. One that cannot be used is left empty, with `appliedSeq` 0 and the reason in
   * `status().problem`, for the caller to fill again. Of one whose vectors are another model's, words are searched at once and
   * `appliedSeq` is 0, so that putting everything again brings the vectors.
   */
  static async open(options: EngineOptions): Promise<Engine> {
    const engine = new Engine(options)
    try {
      await engine.load()
      return engine
    } catch (error) {
      await engine.close()
      throw error
    }
  }

  /** `seq`: number of the last change that this takes in. Resolves when every later search sees it. */
  put(documents: readonly EngineDocument[], seq?: number): Promise<void> {
    return this.change(async () => {
      for (let start = 0; start < documents.length; start += segmentCapacity) {
        const some = lastOfEach(documents.slice(start, start + segmentCapacity))
        const made = await this.build(some)
        this.install(
          this.without(some.map(({ id }) => id)),
          made.map((bytes) => this.hold(bytes)),
        )
      }
      this.applied(seq)
    })
  }

  /** Ids that are not there are fine. */
  remove(ids: readonly number[], seq?: number): Promise<void> {
    return this.change(async () => {
      this.install(this.without(ids), [])
      this.applied(seq)
    })
  }

  /** Throws `BadCursorError`, and `ThreadEndedError` when the thread that was to answer ended. */
  search(query: EngineQuery): Promise<EnginePage> {
    return this.searching.search(query, this.documents)
  }

  closeness(text: string, passages: readonly string[]): Promise<number[]> {
    return this.searchers.ask('closeness', { text, passages })
  }

  status(): EngineStatus {
    const problem = this.searchers.problem ?? this.problem
    const { model } = this
    return {
      documents: this.documents,
      segments: this.held.length,
      appliedSeq: this.appliedSeq,
      savedSeq: this.savedSeq,
      withoutVector: model
        ? this.held.reduce(
            (sum, { segment }) => sum + (segment.vectors?.model === model.id ? 0 : liveCount(segment)),
            0,
          )
        : 0,
      memoryBytes: this.held.reduce(
        (sum, { bytes }) => sum + bytes.text.length + (bytes.vectors?.bytes.length ?? 0),
        0,
      ),
      diskBytes: this.folder?.diskBytes ?? 0,
      ...(problem ? { problem } : {}),
    }
  }

  private get documents(): number {
    return this.held.reduce((sum, { segment }) => sum + liveCount(segment), 0)
  }

  /** Brings what searches see to the disk. Throws what the file system says; the index goes on in memory. */
  flush(): Promise<void> {
    const next = this.saving.catch(() => {}).then(() => this.save())
    this.saving = next
    return next
  }

  /** The share of the ten nearest documents that a search by meaning finds, over these queries. */
  recall(texts: readonly string[]): Promise<number> {
    return this.searchers.ask('recall', texts)
  }

  /** Waits for what is due: merges, and fitting the model to the documents. It is done without asking, a little later. */
  async settle(): Promise<void> {
    while (this.merging) await this.merging
    if (this.isFitDue) await this.fit()
  }

  /** Saves and ends the threads. Searches that wait fail. */
  async close(): Promise<void> {
    if (this.isClosed) return
    this.isClosed = true
    clearTimeout(this.saveTimer)
    clearTimeout(this.fitTimer)
    clearTimeout(this.buildersIdle)
    await this.changing.catch(() => {}) // its caller has the error
    await this.merging
    if (this.savedSeq !== this.appliedSeq || this.isUnsaved)
      await this.flush().catch((error) =>
        this.tellProblem(`The search index could not be saved: ${(error as Error).message}`, error),
      )
    await Promise.all([this.searchers.close(), this.builders?.close()])
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  // --- changes -------------------------------------------------------------------------------------------------------

  private isUnsaved = false

  private change(work: () => Promise<void>): Promise<void> {
    if (this.options.readOnly) return Promise.reject(new Error('This index was opened for reading only.'))
    if (this.isClosed) return Promise.reject(new Error('The search index is closed.'))
    const next = this.changing
      .catch(() => {})
      .then(async () => {
        while (this.held.length > mostSegments && this.merging) await this.merging
        await work()
      })
    this.changing = next
    return next
  }

  private applied(seq: number | undefined): void {
    this.appliedSeq = Math.max(this.appliedSeq, seq ?? 0)
    this.saveSoon()
    this.mergeSoon()
    this.fitSoon()
  }

  /** The bytes of segments with these documents: of a large put, each thread builds a share. */
  private build(documents: readonly EngineDocument[]): Promise<SegmentBytes[]> {
    if (documents.length < smallPut) return Promise.all([this.searchers.ask('build', documents)])
    const share = Math.ceil(documents.length / buildThreads)
    const shares = Array.from({ length: buildThreads }, (_, n) => documents.slice(n * share, (n + 1) * share))
    return Promise.all(
      shares.filter((some) => some.length > 0).map((some) => this.withBuilders((pool) => pool.ask('build', some))),
    )
  }

  private hold(bytes: SegmentBytes): Held {
    return { key: this.nextKey++, vectorKey: this.nextKey++, bytes, segment: openSegment(bytes) }
  }

  private without(ids: readonly number[]): Held[] {
    return this.held.map((one) => {
      const dead = markGone(one.segment, ids)
      return dead ? { ...one, segment: withGone(one.segment, dead) } : one
    })
  }

  /** From here on searches see these segments. */
  private install(old: readonly Held[], made: readonly Held[]): void {
    this.held = [...old, ...made].filter(({ segment }) => liveCount(segment) > 0)
    this.isUnsaved = true
    this.tellSnapshot()
  }

  private tellSnapshot(): void {
    const message = { kind: 'snapshot', segments: this.held.map(shared), local: this.local } as const
    this.searchers.tellAll(message)
    // Builders need the model only.
    this.builders?.tellAll({ ...message, segments: [] })
  }

  /** The embedder that makes vectors now: the model, with its local part. */
  private get model(): Model | undefined {
    return this.local ?? this.options.model
  }

  // --- fitting the model ---------------------------------------------------------------------------------------------

  private get isFitDue(): boolean {
    const { embedding, readOnly } = this.options
    if (!embedding || readOnly || this.isClosed) return false
    const { documents } = this.status()
    return documents >= leastFitted && documents >= this.fittedOn * fitAgainAt
  }

  private fitSoon(): void {
    clearTimeout(this.fitTimer)
    if (!this.isFitDue) return
    this.fitTimer = setTimeout(() => {
      this.fit().catch((error) =>
        this.tellProblem(`The search model could not be fitted to the papers: ${(error as Error).message}`, error),
      )
    }, fitDelayMs)
    this.fitTimer.unref()
  }

  /** Fits the local part of the model to the documents and makes their vectors anew. Puts wait meanwhile, searches do not. */
  private fit(): Promise<void> {
    return this.change(async () => {
      while (this.merging) await this.merging
      if (!this.isFitDue) return
      const { held } = this
      const { documents } = this.status()
      const local = await this.withBuilders((pool) => pool.ask('fit', held.map(shared)))
      this.fittedOn = documents
      if (!local) return
      const adapt = async (one: Held): Promise<Held> => {
        const vectors = await this.withBuilders((pool) => pool.ask('adapt', { segment: shared(one), local }))
        if (!vectors) return one
        const bytes = { ...one.bytes, vectors }
        return {
          ...one,
          vectorKey: this.nextKey++,
          bytes,
          segment: { ...one.segment, vectors: openSegment(bytes).vectors },
        }
      }
      const adapted = await Promise.all(held.map(adapt))
      this.local = local
      this.install(adapted, [])
      this.saveSoon()
    })
  }

  // --- merging -------------------------------------------------------------------------------------------------------

  private mergeSoon(): void {
    this.merging ??= this.mergeAll().finally(() => {
      this.merging = undefined
    })
  }

  private async mergeAll(): Promise<void> {
    for (;;) {
      const chosen = chooseMerge(
        this.held.map(({ segment }) => ({ live: liveCount(segment), dead: segment.gone?.count ?? 0 })),
      )
      if (!chosen) return
      const sources = chosen.map((n) => this.held[n]!)
      try {
        const size = sources.reduce((sum, { segment }) => sum + liveCount(segment), 0)
        const merge = (pool: ThreadPool) => pool.ask('merge', sources.map(shared))
        this.replace(sources, await (size <= smallMerge ? merge(this.searchers) : this.withBuilders(merge)))
      } catch (error) {
        this.tellProblem(`Parts of the search index could not be merged: ${(error as Error).message}`, error)
        return // tried again after the next change
      }
      this.saveSoon()
    }
  }

  /** Puts a merged segment in the place of its sources. What was removed from them meanwhile is removed from it. */
  private replace(sources: readonly Held[], merged: SegmentBytes | undefined): void {
    const keys = new Set(sources.map(({ key }) => key))
    const removedMeanwhile: number[] = []
    for (const now of this.held) {
      const before = sources.find(({ key }) => key === now.key)
      const dead = now.segment.gone?.dead
      if (!before || !dead || dead === before.segment.gone?.dead) continue
      for (let n = 0; n < dead.length; n++)
        if (dead[n] && !before.segment.gone?.dead[n]) removedMeanwhile.push(before.segment.text.ids[n]!)
    }
    const rest = this.held.filter(({ key }) => !keys.has(key))
    if (!merged) {
      this.install(rest, [])
      return
    }
    const made = this.hold(merged)
    const dead = removedMeanwhile.length > 0 ? markGone(made.segment, removedMeanwhile) : undefined
    this.install(rest, [dead ? { ...made, segment: withGone(made.segment, dead) } : made])
  }

  // --- files ---------------------------------------------------------------------------------------------------------

  private async load(): Promise<void> {
    if (!this.folder) return
    for (let attempt = 1; ; attempt++) {
      try {
        const manifest = await this.folder.open()
        if (manifest) await this.take(manifest)
        if (!this.options.readOnly) await this.folder.sweep(manifest)
        return
      } catch (error) {
        // The program that writes may have put a new table of contents in place of the one just read.
        if (this.options.readOnly && attempt < readAttempts) continue
        if (!isUnusable(error)) throw error
        this.tellProblem(
          `The search index in ${this.folder.path} cannot be used and is made anew: ${(error as Error).message}`,
          error,
        )
        this.held = []
        if (!this.options.readOnly) await this.folder.sweep(undefined)
        return
      }
    }
  }

  private async take(manifest: Manifest): Promise<void> {
    const folder = this.folder!
    const { model } = this.options
    const isOfModel = manifest.model === (model?.id ?? null)
    const loaded = manifest.segments.map(async ({ key, text, vectors, removed }): Promise<Held> => {
      const files = { text: folder.file(text), vectors: vectors && folder.file(vectors) }
      const bytes = await this.searchers.ask('load', files)
      const vectorKey = Number(/-(\d+)\./.exec(vectors ?? '')?.[1] ?? key)
      const held = { key, vectorKey, bytes, segment: openSegment(bytes) }
      if (!removed) return held
      const dead = await folder.readRemoved(removed, held.segment.text.count)
      return { ...held, segment: withGone(held.segment, dead) }
    })
    const { local } = manifest
    const localBytes = isOfModel && local ? await folder.readLocal(local.file) : undefined
    const all = await Promise.all(loaded)
    if (!this.options.readOnly) await folder.adopt(manifest)
    this.nextKey = manifest.nextKey
    if (local && localBytes) {
      this.local = { id: local.id, dims: local.dims, bytes: localBytes }
      this.fittedOn = local.documents
    }
    if (!isOfModel)
      this.tellProblem(
        `The search index holds vectors of ${manifest.model ?? 'no model'}; those of ${model?.id ?? 'no model'} replace them as papers are read again.`,
      )
    this.appliedSeq = isOfModel ? manifest.appliedSeq : 0
    this.savedSeq = this.appliedSeq
    this.install(all, [])
    this.isUnsaved = !isOfModel
    if (!this.options.readOnly) this.mergeSoon()
  }

  private saveSoon(): void {
    if (!this.folder || this.saveTimer || this.isClosed) return
    this.saveTimer = setTimeout(() => {
      this.saveTimer = undefined
      this.flush().catch((error) => {
        this.tellProblem(`The search index could not be saved and is tried again: ${(error as Error).message}`, error)
        this.saveSoon()
      })
    }, saveDelayMs)
    this.saveTimer.unref()
  }

  private async save(): Promise<void> {
    if (!this.folder || this.options.readOnly) return
    const { held, appliedSeq, nextKey, local, fittedOn } = this
    this.isUnsaved = false
    try {
      await this.folder.save(
        held.map(stored),
        { appliedSeq, nextKey, model: this.options.model?.id ?? null },
        local && { ...local, documents: fittedOn },
      )
    } catch (error) {
      this.isUnsaved = true
      throw error
    }
    this.savedSeq = appliedSeq
    this.problem = undefined
  }

  // --- threads -------------------------------------------------------------------------------------------------------

  private pool(size: number, searches: boolean): ThreadPool {
    const { threadUrl, embedding, model } = this.options
    const setup: ThreadSetup = { embedding, model }
    const events = {
      onStart: (thread: EngineThread) =>
        thread.tell({ kind: 'snapshot', segments: searches ? this.held.map(shared) : [], local: this.local }),
      onProblem: (message: string, cause?: unknown) => this.options.onProblem?.(message, cause),
    }
    return new ThreadPool(Array.from({ length: size }, () => new EngineThread(threadUrl, setup, events)))
  }

  private async withBuilders<T>(work: (pool: ThreadPool) => Promise<T>): Promise<T> {
    clearTimeout(this.buildersIdle)
    this.builders ??= this.pool(buildThreads, false)
    const pool = this.builders
    try {
      return await work(pool)
    } finally {
      clearTimeout(this.buildersIdle)
      this.buildersIdle = setTimeout(() => {
        if (pool.load > 0) return
        this.builders = undefined
        pool.close().catch((error) => this.tellProblem('A thread for building did not end.', error))
      }, idleMs)
      this.buildersIdle.unref()
    }
  }

  private tellProblem(message: string, cause?: unknown): void {
    this.problem = message
    this.options.onProblem?.(message, cause)
  }
}

function shared({ key, vectorKey, bytes, segment }: Held): SharedSegment {
  return { key, vectorKey, ...bytes, dead: segment.gone?.dead }
}

function stored({ key, vectorKey, bytes, segment }: Held): StoredSegment {
  return { key, vectorKey, text: bytes.text, vectors: bytes.vectors?.bytes, dead: segment.gone?.dead }
}

function lastOfEach(documents: readonly EngineDocument[]): EngineDocument[] {
  return [...new Map(documents.map((document) => [document.id, document])).values()].sort((a, b) => a.id - b.id)
}

/** Whether an index is to be made anew, rather than that the machine is to be put right (rights, a broken disk). */
function isUnusable(error: unknown): boolean {
  return (
    error instanceof DamagedPartError ||
    error instanceof RangeError ||
    (error as NodeJS.ErrnoException).code === 'ENOENT'
  )
}
