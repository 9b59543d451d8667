import { closeSync, openSync, readSync } from 'node:fs'
import { checkOf } from './forward-checks.ts'
import { type Allocate, openPart, packPart } from './sections.ts'

// The forward index: the words of each document in order. Small collections keep it in memory; of large ones it stays in its
// file, where the system keeps in its cache what is asked for often, and what is not takes no memory of the program.

/** Bytes that hold a document's words by field from `at` on. Good until the next are asked for. */
export type ForwardBytes = { bytes: Uint8Array; at: number }

export const emptyForwardBytes = (): ForwardBytes => ({ bytes: new Uint8Array(0), at: 0 })

/**
 * Where the bytes of all documents lie in a file. The file is never changed; whoever holds it open may outlive its name.
 * `damage`: one number that all threads share, 1 once one of them has read bytes that are not those of the document.
 */
export type ForwardFile = { path: string; start: number; length: number; damage: Uint8Array }

export const forwardFile = (path: string, start: number, length: number): ForwardFile => ({
  ...{ path, start, length },
  damage: new Uint8Array(new SharedArrayBuffer(1)),
})

/** Whether the part lies in a file that was found damaged. */
export const isDamaged = (part: ForwardPart): boolean => !(part instanceof Uint8Array) && part.damage[0] === 1

/** As threads hand it to each other: the part (see `sections.ts`), or its place in a file. */
export type ForwardPart = Uint8Array | ForwardFile

export interface ForwardIndex {
  /** Whether its bytes lie in memory, so that asking for them early makes sense. */
  readonly isInMemory: boolean
  /** Whether some of its bytes in a file are not what they were. */
  readonly isDamaged: boolean
  /** The bytes of a document, which lie from `start` to before `end`; those of an empty one where they were damaged. */
  locate(document: number, start: number, end: number, into: ForwardBytes): void
}

export class ForwardInMemory implements ForwardIndex {
  readonly isInMemory = true
  readonly isDamaged = false
  private readonly bytes: Uint8Array

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  locate(_document: number, start: number, _end: number, into: ForwardBytes): void {
    into.bytes = this.bytes
    into.at = start
  }
}

/** Documents that follow each other closely are read together: so much at a time, when the next is not farther than that. */
const windowBytes = 65_536

/** Files end with whatever reads them, wherever that is dropped: segments go in many places. */
const files = new FinalizationRegistry<number>((file) => closeSync(file))

/** A document without words: eight lists of none. */
const nothing = new Uint8Array(8)

export class ForwardInFile implements ForwardIndex {
  readonly isInMemory = false
  private readonly place: ForwardFile
  private readonly checks: Uint16Array
  /** Undefined when it cannot be opened any more. */
  private readonly file: number | undefined
  private window = new Uint8Array(4_096)
  /** What the window holds: from `from` to before `to`. */
  private from = 0
  private to = 0

  /** `checks`: of each document (`forward-checks.ts`). */
  constructor(place: ForwardFile, checks: Uint16Array) {
    this.place = place
    this.checks = checks
    try {
      this.file = openSync(place.path, 'r')
      files.register(this, this.file)
    } catch {
      place.damage[0] = 1
    }
  }

  get isDamaged(): boolean {
    return isDamaged(this.place)
  }

  locate(document: number, start: number, end: number, into: ForwardBytes): void {
    const isThere = (start >= this.from && end <= this.to) || this.read(start, end)
    into.bytes = this.window
    into.at = start - this.from
    if (isThere && checkOf(this.window, into.at, end - this.from) === this.checks[document]) return
    // A search that goes on with fewer words is better than none; who holds the segment sees the mark and has it made anew.
    this.place.damage[0] = 1
    into.bytes = nothing
    into.at = 0
  }

  /** Whether the window holds what lies there now. */
  private read(start: number, end: number): boolean {
    const { length } = this.place
    const isNext = start >= this.to && start - this.to < windowBytes && this.to > 0
    const wanted = isNext ? Math.min(length, Math.max(end, start + windowBytes)) - start : end - start
    if (wanted > this.window.length) this.window = new Uint8Array(Math.max(wanted, 2 * this.window.length))
    this.from = this.to = 0
    const read = this.file === undefined ? 0 : readOrNothing(this.file, this.window, wanted, this.place.start + start)
    if (read < end - start) return false
    this.from = start
    this.to = start + read
    return true
  }
}

/** How many bytes were read; 0 when the disk cannot. */
function readOrNothing(file: number, into: Uint8Array, wanted: number, at: number): number {
  try {
    return readSync(file, into, 0, wanted, at)
  } catch {
    return 0 // as good as damaged
  }
}

/** The part with the bytes of all documents. */
export const packForward = (forward: Uint8Array, allocate: Allocate): Uint8Array =>
  packPart({ kind: 'forward' }, { forward }, allocate)

/** `checks`: of each document. Throws `DamagedPartError`. */
export function openForward(part: ForwardPart, checks: Uint16Array, verify: boolean): ForwardIndex {
  return part instanceof Uint8Array
    ? new ForwardInMemory(openPart(part, verify).sections.forward as Uint8Array)
    : new ForwardInFile(part, checks)
}

/** Where the bytes of a part in memory lie in the file that was written of it. */
export function placeInFile(part: Uint8Array, path: string): ForwardFile {
  const forward = openPart(part, false).sections.forward as Uint8Array
  return forwardFile(path, forward.byteOffset - part.byteOffset, forward.length)
}
