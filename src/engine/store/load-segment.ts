import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { openSegment, type SegmentBytes } from '../segments/build-segment.ts'
import { type ForwardFile, forwardFile } from '../segments/forward-index.ts'
import { type Allocate, allocateShared, DamagedPartError, verifySections } from '../segments/sections.ts'
import { allocateVectors, type VectorMemory } from '../vector/vector-memory.ts'
import type { SegmentPaths } from '../worker/messages.ts'
import { fillFrom } from './fill-from.ts'

/**
 * Reads the files of a segment and verifies their checksums. `leastInFile`: with so many documents, the words of each in order
 * stay in their file. Throws `DamagedPartError`, and what the file system says.
 */
export function loadSegment(files: SegmentPaths & { leastInFile?: number | undefined }): SegmentBytes {
  const text = readInto(files.text, allocateShared)
  const vectors = files.vectors === undefined ? undefined : readVectors(files.vectors)
  const { leastInFile = Number.POSITIVE_INFINITY } = files
  // Opened with the words in order where they lie, which tells how many documents there are.
  const place = verifyForward(files.forward)
  const { count, forwardLength } = openSegment({ text, forward: place, vectors }, undefined, true).text
  if (forwardLength !== place.length) throw new DamagedPartError(`${files.forward} does not belong to its segment`)
  return { text, vectors, forward: count >= leastInFile ? place : readInto(files.forward, allocateShared) }
}

function readVectors(path: string): VectorMemory {
  let memory: VectorMemory | undefined
  const bytes = readInto(path, (length) => {
    memory = allocateVectors(length)
    return memory.bytes
  })
  return { bytes, memory: memory?.memory }
}

/** Reads a file straight into its memory. */
function readInto(path: string, allocate: Allocate): Uint8Array {
  return withFile(path, (file) => {
    const bytes = allocate(fstatSync(file).size)
    if (!fillFrom(file, bytes)) throw new DamagedPartError(`${path} is cut short`)
    return bytes
  })
}

/** Where the words of the documents lie in a file whose checksums are right. Takes no memory to speak of. */
function verifyForward(path: string): ForwardFile {
  return withFile(path, (file) => {
    const { forward } = verifySections(fstatSync(file).size, (into, at) => readSync(file, into, 0, into.length, at))
    if (!forward) throw new DamagedPartError(`${path} does not hold what its name says`)
    return forwardFile(path, forward.offset, forward.byteLength)
  })
}

function withFile<T>(path: string, work: (file: number) => T): T {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new DamagedPartError(`${path} is missing`)
    throw error
  }
  try {
    return work(file)
  } finally {
    closeSync(file)
  }
}
