/** Slots for each wanted term: most other terms then meet an empty one. */
const slotsEach = 16
const leastSlots = 256

/**
 * Terms of a segment with what they count for: each for one or several terms of the query, so much each time. They are found
 * among the words of documents without decoding them: a table of bits tells of any two bytes whether a wanted number may begin
 * with them, and only there is the number read and looked up. That is eight kilobytes, so that asking it for every byte of
 * many documents stays in the first cache, and it takes no branch that depends on the words.
 */
export class WantedTerms {
  /** 1 + the entry of which the term falls on a slot, or 0: then no wanted term does. */
  private slots = new Uint32Array(leastSlots)
  private mask = leastSlots - 1
  /** A bit for each byte (eight numbers) and the one behind it. */
  private readonly beginnings = new Uint32Array(8 * 256)
  private terms = new Uint32Array(64)
  private queries = new Uint8Array(64)
  private shares = new Float64Array(64)
  private count = 0

  /** Forgets what was wanted; so many are added next. */
  begin(count: number): void {
    if (count > this.terms.length) {
      this.terms = new Uint32Array(2 * count)
      this.queries = new Uint8Array(2 * count)
      this.shares = new Float64Array(2 * count)
    }
    let size = leastSlots
    while (size < slotsEach * count) size *= 2
    if (size > this.slots.length) this.slots = new Uint32Array(size)
    else this.slots.fill(0)
    this.mask = size - 1
    this.beginnings.fill(0)
    this.count = 0
  }

  /** A term is added once for each `query`, 0 to 255. Each of them takes a slot. */
  add(term: number, query: number, share: number): void {
    const entry = this.count++
    this.terms[entry] = term
    this.queries[entry] = query
    this.shares[entry] = share
    let slot = term & this.mask
    while (this.slots[slot] !== 0) slot = (slot + 1) & this.mask
    this.slots[slot] = entry + 1
    this.markBeginning(term + 1)
  }

  /** `number` as `ForwardText` has it: 7 bits a byte, the lowest first, and the highest bit of a byte when more follow. */
  private markBeginning(number: number): void {
    const { beginnings } = this
    if (number < 128) {
      beginnings.fill(0xffffffff, number * 8, number * 8 + 8)
      return
    }
    const second = ((number >>> 7) & 127) | (number < 16_384 ? 0 : 128)
    beginnings[(((number & 127) | 128) << 3) | (second >>> 5)]! |= 1 << (second & 31)
  }

  /**
   * Of the `size` numbers that begin at `start`, adds `weight` times what each counts for the terms of the query to their places
   * in `counts`, from `at` on. At least one byte follows the numbers. Answers where they end.
   */
  countIn(bytes: Uint8Array, start: number, size: number, weight: number, counts: Float64Array, at: number): number {
    const { beginnings } = this
    let here = start
    let byte = bytes[here]!
    for (let left = size; left > 0; left -= 1 - (byte >>> 7), byte = bytes[++here]!) {
      const following = bytes[here + 1]!
      if (((beginnings[(byte << 3) | (following >>> 5)]! >>> (following & 31)) & 1) === 0) continue
      // Two bytes in the middle of a number may look like the beginning of another.
      if (here === start || bytes[here - 1]! < 128) this.addTo(counts, at, numberAt(bytes, here) - 1, weight)
    }
    return here
  }

  /** Adds `weight` times what the term counts for each term of the query to its place in `counts`, from `at` on. */
  private addTo(counts: Float64Array, at: number, term: number, weight: number): void {
    const { slots, mask, terms, queries, shares } = this
    for (let slot = term & mask; slots[slot] !== 0; slot = (slot + 1) & mask) {
      const entry = slots[slot]! - 1
      if (terms[entry] === term) counts[at + queries[entry]!]! += weight * shares[entry]!
    }
  }
}

function numberAt(bytes: Uint8Array, at: number): number {
  let number = 0
  for (let shift = 0, next = at; ; shift += 7) {
    const byte = bytes[next++]!
    number |= (byte & 127) << shift
    if (byte < 128) return number
  }
}
