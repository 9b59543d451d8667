import { closeSync, openSync, readSync } from 'node:fs'
import { type Allocate, openPart, packPart } from './sections.ts'

// The forward index: the words of each document in order. Small collections keep it in memory; of large ones it stays in its
// file, where the system keeps in its cache what is asked for often, and what is not takes no memory of the program.

/** Bytes that hold a document's words by field from `at` on. Good until the next are asked for. */
export type ForwardBytes = { bytes: Uint8Array; at: number }

export const emptyForwardBytes = (): ForwardBytes => ({ bytes: new Uint8Array(0), at: 0 })

/** Where the bytes of all documents lie in a file. The file is never changed; whoever holds it open may outlive its name. */
export type ForwardFile = { path: string; start: number; length: number }

/** As threads hand it to each other: the part (see `sections.ts`), or its place in a file. */
export type ForwardPart = Uint8Array | ForwardFile

export interface ForwardIndex {
  /** Whether its bytes lie in memory, so that asking for them early makes sense. */
  readonly isInMemory: boolean
  /** The bytes from `start` to before `end`. */
  locate(start: number, end: number, into: ForwardBytes): void
}

export class ForwardInMemory implements ForwardIndex {
  readonly isInMemory = true
  private readonly bytes: Uint8Array

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  locate(start: number, _end: number, into: ForwardBytes): void {
    into.bytes = this.bytes
    into.at = start
  }
}

/** Documents that follow each other closely are read together: so much at a time, when the next is not farther than that. */
const windowBytes = 65_536

/** Files end with whatever reads them, wherever that is dropped: segments go in many places. */
const files = new FinalizationRegistry<number>((file) => closeSync(file))

export class ForwardInFile implements ForwardIndex {
  readonly isInMemory = false
  private readonly place: ForwardFile
  private readonly file: number
  private window = new Uint8Array(4_096)
  /** What the window holds: from `from` to before `to`. */
  private from = 0
  private to = 0

  /** Throws what the file system says. */
  constructor(place: ForwardFile) {
    this.place = place
    this.file = openSync(place.path, 'r')
    files.register(this, this.file)
  }

  /** Throws what the file system says, and an `Error` for a file that was cut short since it was opened. */
  locate(start: number, end: number, into: ForwardBytes): void {
    if (start < this.from || end > this.to) this.read(start, end)
    into.bytes = this.window
    into.at = start - this.from
  }

  private read(start: number, end: number): void {
    const { length, path } = this.place
    const isNext = start >= this.to && start - this.to < windowBytes && this.to > 0
    const wanted = isNext ? Math.min(length, Math.max(end, start + windowBytes)) - start : end - start
    if (wanted > this.window.length) this.window = new Uint8Array(Math.max(wanted, 2 * this.window.length))
    this.from = this.to = 0
    const read = readSync(this.file, this.window, 0, wanted, this.place.start + start)
    if (read < end - start) throw new Error(`${path} is cut short. Start the program again: it makes the index anew.`)
    this.from = start
    this.to = start + read
  }
}

/** The part with the bytes of all documents. */
export const packForward = (forward: Uint8Array, allocate: Allocate): Uint8Array =>
  packPart({ kind: 'forward' }, { forward }, allocate)

/** Throws `DamagedPartError`, and what the file system says. */
export function openForward(part: ForwardPart, verify: boolean): ForwardIndex {
  return part instanceof Uint8Array
    ? new ForwardInMemory(openPart(part, verify).sections.forward as Uint8Array)
    : new ForwardInFile(part)
}

/** Where the bytes of a part in memory lie in the file that was written of it. */
export function placeInFile(part: Uint8Array, path: string): ForwardFile {
  const forward = openPart(part, false).sections.forward as Uint8Array
  return { path, start: forward.byteOffset - part.byteOffset, length: forward.length }
}
