/** Slots for each wanted term: most other terms then meet an empty one. */
const slotsEach = 16
const leastSlots = 256

/**
 * Terms of a segment with what they count for: each for one or several terms of the query, so much each time. A hash table of
 * some kilobytes, so that asking it for every word of many documents stays in the first cache.
 */
export class WantedTerms {
  /** 1 + the entry of which the term falls on a slot, or 0: then no wanted term does. Whoever asks looks here first. */
  slots = new Uint32Array(leastSlots)
  mask = leastSlots - 1
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
  }

  /** Adds `weight` times what the term counts for each term of the query to its place in `counts`, from `at` on. */
  addTo(counts: Float64Array, at: number, term: number, weight: number): void {
    const { slots, mask, terms, queries, shares } = this
    for (let slot = term & mask; slots[slot] !== 0; slot = (slot + 1) & mask) {
      const entry = slots[slot]! - 1
      if (terms[entry] === term) counts[at + queries[entry]!]! += weight * shares[entry]!
    }
  }
}
