/** Random numbers that are the same everywhere for the same seed (splitmix32). */
export type Random = {
  /** Uniform in [0, 1). */
  next(): number
  /** Whole number in [0, below). */
  below(below: number): number
}

export function createRandom(seed: number): Random {
  let state = seed | 0
  const next = () => {
    state = (state + 0x9e3779b9) | 0
    let mixed = state ^ (state >>> 16)
    mixed = Math.imul(mixed, 0x21f0aaad)
    mixed ^= mixed >>> 15
    mixed = Math.imul(mixed, 0x735a2d97)
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 0x1_0000_0000
  }
  return { next, below: (below) => Math.floor(next() * below) }
}

/** Puts the numbers in an order that depends only on `random`. */
export function shuffle(numbers: Uint32Array, random: Random): void {
  for (let i = numbers.length - 1; i > 0; i--) {
    const j = random.below(i + 1)
    const kept = numbers[i]!
    numbers[i] = numbers[j]!
    numbers[j] = kept
  }
}
