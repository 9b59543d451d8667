/** Fewer bytes than this are not worth pages of their own. */
export const leastMapped = 65_536

/**
 * Memory of `byteLength` zeros that threads can share; `grow` may lengthen it in place up to `mostBytes`. Threads hand views on it
 * to each other, each with a length of its own: one that follows the buffer's is slow.
 *
 * V8 takes pages from the system for a buffer that may grow, and gives them back as soon as the last thread has let go. A
 * buffer that may not comes from malloc, which keeps the gaps between those still in use: after a build of 300,000 papers as
 * much as the index itself. So larger ones are made growable, even if nobody ever makes them longer.
 */
export function sharedBuffer(byteLength: number, mostBytes = byteLength): SharedArrayBuffer {
  if (mostBytes < leastMapped) return new SharedArrayBuffer(byteLength)
  try {
    return new SharedArrayBuffer(byteLength, { maxByteLength: mostBytes })
  } catch {
    return new SharedArrayBuffer(byteLength) // out of address space
  }
}

export const sharedBytes = (byteLength: number) => new Uint8Array(sharedBuffer(byteLength), 0, byteLength)
