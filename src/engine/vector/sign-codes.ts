// Sign codes: one bit a component, laid out so that one instruction looks up sixteen documents at once (the layout of
// "fast scan": André, Kermarrec, Le Scouarnec, Cache locality is not enough, VLDB 2015). A query is not rounded to bits: for
// every four components it brings a table of its sixteen possible sums, so the estimate is
//
//     sum over components of  query[i] * sign(document[i])
//
// which finds the nearest among far fewer candidates than comparing bits with bits does (docs/performance.md).

import { sharedBytes } from '../segments/shared-memory.ts'

/** Documents whose codes lie side by side. */
export const groupSize = 16
/** Entries of a table are whole numbers up to this, so that four of them add up within a byte. */
export const highestEntry = 63

/**
 * The codes of `count` rows of `dims` numbers: for each group of 16 documents and each 8 components, 16 bytes, one a
 * document; bit n is set when component n of the eight is not negative. Bytes of the last group's missing documents are 0.
 */
export function signCodes(rows: Int8Array, count: number, dims: number): Uint8Array {
  const width = dims / 8
  const codes = sharedBytes(Math.ceil(count / groupSize) * groupSize * width)
  const fours = new Uint32Array(rows.buffer, rows.byteOffset, (count * dims) / 4)
  for (let document = 0, at = 0; document < count; document++) {
    const first = Math.floor(document / groupSize) * width * groupSize + (document % groupSize)
    for (let byte = 0, code = first; byte < width; byte++, at += 2, code += groupSize)
      codes[code] = signsOf(fours[at]!) | (signsOf(fours[at + 1]!) << 4)
  }
  return codes
}

/** Bit n is set when byte n of four, as a signed number, is not negative. The product brings the four bits side by side. */
const signsOf = (four: number) => Math.imul((~four >>> 7) & 0x01010101, 0x10204080) >>> 28

/**
 * The tables of a query: 16 entries for every 4 components, entry e for the components whose bits are set in e counted
 * positively and the others negatively, shifted and scaled to 0..63 with the same factor everywhere. Sums of entries rank
 * as the estimate does.
 */
export function lookupTables(query: ArrayLike<number>): Uint8Array {
  const tables = new Uint8Array(query.length * 4)
  let widest = 0
  const span = (at: number) =>
    2 * (size(query[at]!) + size(query[at + 1]!) + size(query[at + 2]!) + size(query[at + 3]!))
  for (let at = 0; at < query.length; at += 4) widest = Math.max(widest, span(at))
  const factor = widest > 0 ? highestEntry / widest : 0
  for (let at = 0; at < query.length; at += 4) {
    const least = -span(at) / 2
    for (let entry = 0; entry < 16; entry++) {
      let sum = 0
      for (let n = 0; n < 4; n++) sum += (entry >> n) & 1 ? query[at + n]! : -query[at + n]!
      tables[at * 4 + entry] = Math.round((sum - least) * factor)
    }
  }
  return tables
}

const size = Math.abs
