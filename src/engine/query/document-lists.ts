// Lists of documents of one segment, in rising order without repeats. Those of a term are lent out by the segment itself:
// nobody writes to a list.

import { firstNotBelow } from '../segments/first-not-below.ts'

export const noDocuments = new Uint16Array(0)

/** From how many times the length of the other list on it is cheaper to look each document up. */
const lookUpFrom = 16

/** The documents of both lists. */
export function common(a: Uint16Array, b: Uint16Array): Uint16Array {
  if (a.length > b.length) return common(b, a)
  const found = new Uint16Array(a.length)
  let count = 0
  if (a.length * lookUpFrom < b.length) {
    for (let i = 0; i < a.length; i++) if (includes(b, a[i]!)) found[count++] = a[i]!
    return found.subarray(0, count)
  }
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const difference = a[i]! - b[j]!
    if (difference === 0) found[count++] = a[i]!
    if (difference <= 0) i++
    if (difference >= 0) j++
  }
  return found.subarray(0, count)
}

/** The documents of either list. */
export function either(a: Uint16Array, b: Uint16Array): Uint16Array {
  if (a.length === 0) return b
  if (b.length === 0) return a
  const found = new Uint16Array(a.length + b.length)
  let count = 0
  let i = 0
  let j = 0
  while (i < a.length || j < b.length) {
    const x = i < a.length ? a[i]! : 0x10000
    const y = j < b.length ? b[j]! : 0x10000
    if (x <= y) i++
    if (y <= x) j++
    found[count++] = Math.min(x, y)
  }
  return found.subarray(0, count)
}

export const includes = (list: Uint16Array, document: number): boolean =>
  list[firstNotBelow(list, document)] === document

/** The documents that have a byte other than 0. */
export function listOf(bytes: Uint8Array): Uint16Array {
  const found = new Uint16Array(bytes.length)
  let count = 0
  for (let n = 0; n < bytes.length; n++) if (bytes[n]) found[count++] = n
  return found.slice(0, count)
}

/** Those of a list that pass. */
export function those(list: Uint16Array, passes: (document: number) => boolean): Uint16Array {
  const found = new Uint16Array(list.length)
  let count = 0
  for (let i = 0; i < list.length; i++) if (passes(list[i]!)) found[count++] = list[i]!
  return found.subarray(0, count)
}
