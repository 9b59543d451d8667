import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { ForwardPart } from '../segments/forward-index.ts'
import { allocateShared, DamagedPartError, formatVersion, inShared, openPart, packPart } from '../segments/sections.ts'
import { writeDurably } from './durable-file.ts'
import { type Manifest, manifestName, readManifest, type SegmentFiles, writeManifest } from './manifest.ts'

/** A segment as it is to be on disk. */
export type StoredSegment = {
  key: number
  vectorKey: number
  text: Uint8Array
  forward: ForwardPart
  vectors?: Uint8Array | undefined
  dead?: Uint8Array | undefined
}

export type StoredLocal = { id: string; dims: number; documents: number; bytes: Uint8Array }

/** Named after its content. */
const localName = ({ id }: { id: string }) => `${id.replace(/[^a-z0-9]+/gi, '-')}.local`

/** The files of an index in a folder. One program writes; others may read meanwhile. */
export class IndexFolder {
  readonly path: string
  /** Files that are whole on disk, and the bytes each holds. */
  private readonly written = new Map<string, number>()
  /** The file that holds a set of removed documents. */
  private readonly removedNames = new WeakMap<Uint8Array, string>()
  private removedNumber = 0

  constructor(path: string) {
    this.path = path
  }

  get diskBytes(): number {
    return [...this.written.values()].reduce((sum, size) => sum + size, 0)
  }

  file(name: string): string {
    return join(this.path, name)
  }

  /** The file with the words of a segment's documents in order. */
  forwardName(key: number): string {
    return `${key}.forward`
  }

  /** Bytes of a file; 0 for one that is missing, as its reader will tell. */
  async size(name: string): Promise<number> {
    return (await stat(this.file(name)).catch(() => undefined))?.size ?? 0
  }

  /** The table of contents; undefined for a folder without one. Throws `DamagedPartError` and what the file system says. */
  async open(): Promise<Manifest | undefined> {
    const bytes = await readFile(this.file(manifestName)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined
      throw error
    })
    return bytes && readManifest(bytes)
  }

  /** The removed documents of a segment of `count`. Throws `DamagedPartError`. */
  async readRemoved(name: string, count: number): Promise<Uint8Array> {
    const { sections } = openPart(await readFile(this.file(name)), true)
    const stored = sections.dead
    if (!(stored instanceof Uint8Array) || stored.length !== count)
      throw new DamagedPartError(`${name} does not belong to its segment`)
    const dead = new Uint8Array(new SharedArrayBuffer(count))
    dead.set(stored)
    this.removedNames.set(dead, name)
    return dead
  }

  /** The bytes of the local part of a model, in memory that threads can share. */
  async readLocal(name: string): Promise<Uint8Array> {
    return inShared(await readFile(this.file(name)))
  }

  /** Notes that the files of a table of contents are there and whole. */
  async adopt(manifest: Manifest): Promise<void> {
    for (const name of namesIn(manifest)) this.written.set(name, (await stat(this.file(name))).size)
    for (const { removed } of manifest.segments) {
      const number = Number(/-(\d+)\.removed$/.exec(removed ?? '')?.[1] ?? 0)
      this.removedNumber = Math.max(this.removedNumber, number)
    }
  }

  /**
   * Writes what is not on disk yet, then the table of contents, then takes away what it no longer names. Whenever it is
   * cut short, the folder opens as it was before or as it is meant to be.
   */
  async save(
    segments: readonly StoredSegment[],
    rest: Pick<Manifest, 'appliedSeq' | 'model' | 'nextKey'>,
    local?: StoredLocal,
  ): Promise<void> {
    await mkdir(this.path, { recursive: true })
    const files: SegmentFiles[] = []
    for (const { key, vectorKey, text, forward, vectors, dead } of segments) {
      const row: SegmentFiles = { key, text: `${key}.text`, forward: this.forwardName(key) }
      await this.writeOnce(row.text, () => text)
      // One that lies in a file lies in this one.
      if (forward instanceof Uint8Array) await this.writeOnce(row.forward, () => forward)
      if (vectors) {
        row.vectors = `${key}-${vectorKey}.vectors`
        await this.writeOnce(row.vectors, () => vectors)
      }
      if (dead) {
        row.removed = this.removedNames.get(dead) ?? `${key}-${++this.removedNumber}.removed`
        this.removedNames.set(dead, row.removed)
        await this.writeOnce(row.removed, () => packPart({ kind: 'removed' }, { dead }, allocateShared))
      }
      files.push(row)
    }
    if (local) await this.writeOnce(localName(local), () => local.bytes)
    const { id, dims, documents } = local ?? { id: '', dims: 0, documents: 0 }
    const manifest: Manifest = {
      format: formatVersion,
      ...rest,
      ...(local ? { local: { file: localName(local), id, dims, documents } } : {}),
      segments: files,
    }
    await writeDurably(this.file(manifestName), writeManifest(manifest))
    await this.sweep(manifest)
  }

  /** Deletes all that looks like a file of an index and is not named in the table of contents. */
  async sweep(manifest: Manifest | undefined): Promise<void> {
    const kept = new Set(manifest ? namesIn(manifest) : [])
    const names = await readdir(this.path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return []
      throw error
    })
    for (const name of names) {
      if (
        !/^\d+(-\d+)?\.(text|forward|vectors|removed)(\.tmp)?$|\.local(\.tmp)?$|^manifest\.json\.tmp$/.test(name) ||
        kept.has(name)
      )
        continue
      await rm(this.file(name), { force: true })
      this.written.delete(name)
    }
  }

  private async writeOnce(name: string, bytes: () => Uint8Array): Promise<void> {
    if (this.written.has(name)) return
    const content = bytes()
    await writeDurably(this.file(name), content)
    this.written.set(name, content.length)
  }
}

function namesIn({ segments, local }: Manifest): string[] {
  const names = segments.flatMap(({ text, forward, vectors, removed }) => [
    text,
    forward,
    ...(vectors ? [vectors] : []),
    ...(removed ? [removed] : []),
  ])
  return local ? [...names, local.file] : names
}
