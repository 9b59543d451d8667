import type { Model } from '../segments/build-segment.ts'
import { openSegment } from '../segments/build-segment.ts'
import { placeInFile } from '../segments/forward-index.ts'
import { DamagedPartError } from '../segments/sections.ts'
import { withGone } from '../segments/snapshot.ts'
import type { IndexFolder } from '../store/index-folder.ts'
import type { Manifest } from '../store/manifest.ts'
import type { EngineThreads } from '../worker/engine-threads.ts'
import type { Fitting } from './fitting.ts'
import { type Held, type HeldSegments, stored } from './held.ts'

/** Changes reach the disk after this long, all together. What a crash loses is put again by the caller. */
const saveDelayMs = 3_000
const readAttempts = 5
/** The words of the documents in order of smaller segments stay in memory in any case: they are merged soon. */
const leastInFile = 8_192

export type SavingOptions = {
  folder: IndexFolder | undefined
  segments: HeldSegments
  threads: EngineThreads
  fitting: Fitting
  readOnly: boolean
  /** Whose vectors the index is to hold. */
  model: Model | undefined
  /** While the words of all documents in order take more bytes than this, they stay in their files. */
  mostForwardBytes: number
  onProblem: (message: string, cause?: unknown) => void
  /** All is on disk. */
  onSaved: () => void
}

/** Brings what searches see to the disk, and back. */
export class Saving {
  /** Of the last change that searches see, and that is on disk. */
  appliedSeq = 0
  savedSeq = 0
  private readonly options: SavingOptions
  private last: Promise<void> = Promise.resolve()
  private timer: NodeJS.Timeout | undefined
  private isStopped = false

  constructor(options: SavingOptions) {
    this.options = options
  }

  /** Throws what the file system says. An index that cannot be used is left empty, and that is told. */
  async load(): Promise<void> {
    const { folder, readOnly, segments, onProblem } = this.options
    if (!folder) return
    for (let attempt = 1; ; attempt++) {
      try {
        const manifest = await folder.open()
        if (manifest) await this.take(folder, manifest)
        if (!readOnly) await folder.sweep(manifest)
        return
      } catch (error) {
        // The program that writes may have put a new table of contents in place of the one just read.
        if (readOnly && attempt < readAttempts) continue
        if (!isUnusable(error)) throw error
        onProblem(
          `The search index in ${folder.path} cannot be used and is made anew: ${(error as Error).message}`,
          error,
        )
        segments.list = []
        if (!readOnly) await folder.sweep(undefined)
        return
      }
    }
  }

  /** Saves a little later, together with what comes until then. */
  soon(): void {
    if (!this.options.folder || this.timer || this.isStopped) return
    this.timer = setTimeout(() => {
      this.timer = undefined
      this.flush().catch((error) => {
        const { onProblem } = this.options
        onProblem(`The search index could not be saved and is tried again: ${(error as Error).message}`, error)
        this.soon()
      })
    }, saveDelayMs)
    this.timer.unref()
  }

  stop(): void {
    this.isStopped = true
    clearTimeout(this.timer)
  }

  /** Throws what the file system says; the index goes on in memory. */
  flush(): Promise<void> {
    const next = this.last.catch(() => {}).then(() => this.save())
    this.last = next
    return next
  }

  get isDue(): boolean {
    return this.savedSeq !== this.appliedSeq || this.options.segments.isUnsaved
  }

  private async take(folder: IndexFolder, manifest: Manifest): Promise<void> {
    const { segments, fitting, model, readOnly, mostForwardBytes, threads, onProblem } = this.options
    const isOfModel = manifest.model === (model?.id ?? null)
    const sizes = await Promise.all(manifest.segments.map(({ forward }) => folder.size(forward)))
    const isLarge = sizes.reduce((sum, size) => sum + size, 0) > mostForwardBytes
    const loaded = manifest.segments.map(async ({ key, text, forward, vectors, removed }): Promise<Held> => {
      const files = { text: folder.file(text), forward: folder.file(forward), vectors: vectors && folder.file(vectors) }
      const bytes = await threads.searchers.ask('load', { ...files, leastInFile: isLarge ? leastInFile : undefined })
      const vectorKey = Number(/-(\d+)\./.exec(vectors ?? '')?.[1] ?? key)
      const held = { key, vectorKey, bytes, segment: openSegment(bytes) }
      if (!removed) return held
      const dead = await folder.readRemoved(removed, held.segment.text.count)
      return { ...held, segment: withGone(held.segment, dead) }
    })
    const { local } = manifest
    // Together: one that fails while another is waited for would otherwise end the program.
    const [all, localBytes] = await Promise.all([
      Promise.all(loaded),
      isOfModel && local ? folder.readLocal(local.file) : undefined,
    ])
    if (!readOnly) await folder.adopt(manifest)
    segments.nextKey = manifest.nextKey
    if (local && localBytes) {
      fitting.local = { id: local.id, dims: local.dims, bytes: localBytes }
      fitting.fittedOn = local.documents
    }
    if (!isOfModel)
      onProblem(
        `The search index holds vectors of ${manifest.model ?? 'no model'}; those of ${model?.id ?? 'no model'} replace them as papers are read again.`,
      )
    this.appliedSeq = isOfModel ? manifest.appliedSeq : 0
    this.savedSeq = this.appliedSeq
    segments.install(all)
    segments.isUnsaved = !isOfModel
  }

  private async save(): Promise<void> {
    const { folder, readOnly, segments, fitting, model, onSaved } = this.options
    if (!folder || readOnly) return
    const { appliedSeq } = this
    const held = segments.list
    segments.isUnsaved = false
    try {
      await folder.save(
        held.map(stored),
        { appliedSeq, nextKey: segments.nextKey, model: model?.id ?? null },
        fitting.local && { ...fitting.local, documents: fitting.fittedOn },
      )
    } catch (error) {
      segments.isUnsaved = true
      throw error
    }
    this.savedSeq = appliedSeq
    onSaved()
    this.leaveInFiles(folder, held)
  }

  /** Of a large collection, what is on disk now and is read here and there only need not lie in memory. */
  private leaveInFiles(folder: IndexFolder, saved: readonly Held[]): void {
    const { segments, mostForwardBytes } = this.options
    const total = segments.list.reduce((sum, { bytes }) => sum + bytes.forward.length, 0)
    if (total <= mostForwardBytes) return
    const keys = new Set(saved.map(({ key }) => key))
    const list = segments.list.map((one) => {
      const { forward } = one.bytes
      const stays = !keys.has(one.key) || one.segment.text.count < leastInFile || !(forward instanceof Uint8Array)
      if (stays) return one
      const place = placeInFile(forward, folder.file(folder.forwardName(one.key)))
      return segments.changed(one, { ...one.bytes, forward: place }, false)
    })
    if (list.some((one, n) => one !== segments.list[n])) segments.show(list)
  }
}

/** Whether an index is to be made anew, rather than that the machine is to be put right (rights, a broken disk). */
function isUnusable(error: unknown): boolean {
  return (
    error instanceof DamagedPartError ||
    error instanceof RangeError ||
    (error as NodeJS.ErrnoException).code === 'ENOENT'
  )
}
