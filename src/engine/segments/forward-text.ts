/** The texts of a document are told apart in this order; `tags` are categories and identifiers. */
export const forwardFields = ['title', 'authors', 'abstract', 'tags'] as const

/**
 * A document as term numbers + 1 (0 is a gap). Lists come in pairs for title, authors, abstract, tags: the words in
 * order, then the closed spellings of compounds. Only the first `counts[n]` numbers of `lists[n]` count.
 */
export type ForwardText = { lists: Uint32Array[]; counts: number[] }

export function emptyForwardText(): ForwardText {
  const size = 2 * forwardFields.length
  return { lists: Array.from({ length: size }, () => new Uint32Array(256)), counts: new Array<number>(size).fill(0) }
}

// Numbers have 7 bits a byte, the lowest first. That is written out each time: these loops are most of checking phrases.

/** Decodes the first `listCount` lists of the document that begins at `start`; the others keep what they held. */
export function decodeForward(forward: Uint8Array, start: number, into: ForwardText, listCount: number): void {
  let at = start
  for (let list = 0; list < listCount; list++) {
    // Numbers of 7 bits a byte, the lowest first. Written out twice: this loop is most of the second look.
    let count = forward[at++]!
    if (count > 127) {
      count &= 127
      for (let shift = 7, byte = 128; byte > 127; shift += 7) {
        byte = forward[at++]!
        count |= (byte & 127) << shift
      }
    }
    into.counts[list] = count
    let terms = into.lists[list]!
    if (count > terms.length) {
      terms = new Uint32Array(count * 2)
      into.lists[list] = terms
    }
    for (let i = 0; i < count; i++) {
      let value = forward[at++]!
      if (value > 127) {
        value &= 127
        for (let shift = 7, byte = 128; byte > 127; shift += 7) {
          byte = forward[at++]!
          value |= (byte & 127) << shift
        }
      }
      terms[i] = value
    }
  }
}

/** Whether a list of the document that begins at `start` holds one of the numbers marked. Stops at the first. */
export function forwardHolds(forward: Uint8Array, start: number, list: number, marks: Uint8Array): boolean {
  let at = start
  for (let n = 0; n <= list; n++) {
    let count = forward[at++]!
    if (count > 127) {
      count &= 127
      for (let shift = 7, byte = 128; byte > 127; shift += 7) {
        byte = forward[at++]!
        count |= (byte & 127) << shift
      }
    }
    if (n < list) {
      // The last byte of a number is below 128.
      while (count > 0) if (forward[at++]! < 128) count--
      continue
    }
    for (let i = 0; i < count; i++) {
      let value = forward[at++]!
      if (value > 127) {
        value &= 127
        for (let shift = 7, byte = 128; byte > 127; shift += 7) {
          byte = forward[at++]!
          value |= (byte & 127) << shift
        }
      }
      if (marks[value]) return true
    }
  }
  return false
}

/**
 * Whether one of the lists `wanted` of the document that begins at `start` holds words in a row. `steps` has, for each number, a
 * bit for each place in the row where it may stand, the first the lowest; `last` is the bit of the last place. The places
 * reached so far are kept as bits, too (Baeza-Yates and Gonnet 1992, "shift-and"), so that nothing is read twice.
 */
export function forwardHoldsRun(
  forward: Uint8Array,
  start: number,
  wanted: readonly boolean[],
  steps: Uint32Array,
  last: number,
): boolean {
  let at = start
  for (const isWanted of wanted) {
    let count = forward[at++]!
    if (count > 127) {
      count &= 127
      for (let shift = 7, byte = 128; byte > 127; shift += 7) {
        byte = forward[at++]!
        count |= (byte & 127) << shift
      }
    }
    if (!isWanted) {
      while (count > 0) if (forward[at++]! < 128) count--
      continue
    }
    let reached = 0
    for (let i = 0; i < count; i++) {
      let value = forward[at++]!
      if (value > 127) {
        value &= 127
        for (let shift = 7, byte = 128; byte > 127; shift += 7) {
          byte = forward[at++]!
          value |= (byte & 127) << shift
        }
      }
      reached = ((reached << 1) | 1) & steps[value]!
      if (reached & last) return true
    }
  }
  return false
}
