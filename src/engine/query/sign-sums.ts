/** A stretch of entries that belong together: of a segment, or of a piece of work. */
export type SumsRun = { run: number; entries: Uint32Array }

/**
 * Documents with the sums of their sign codes, as they are found, for the choice of those with the highest sums. An entry is
 * `sum << 16 | document`.
 */
export class SignSums {
  /** Documents that are wanted. */
  wanted = 0
  /** Documents with a lower sum are not kept. */
  threshold = 0
  private highest = 0
  private readonly counts = new Int32Array(65_536)
  private above = 0
  private entries = new Uint32Array(16_384)
  private length = 0
  /** Where the entries of a run begin; a run may come again. */
  private starts: { run: number; start: number }[] = []

  /** `highest`: no sum is higher. */
  begin(wanted: number, highest: number): void {
    this.counts.fill(0, 0, highest + 1)
    this.wanted = wanted
    // Sums have 16 bits: of some thousand components one that is higher would be taken for a low one.
    this.highest = Math.min(highest, this.counts.length - 1)
    this.threshold = this.above = this.length = 0
    this.starts = []
  }

  /** What is added from here on is of this run: a segment, or a piece of work. */
  enter(run: number): void {
    if (this.starts.at(-1)?.run !== run) this.starts.push({ run, start: this.length })
  }

  /**
   * Adds the first `count` of some entries. `weights`: for how many of the wanted each document stands, those that stand for none
   * being left out; else all stand for one.
   */
  addAll(entries: Uint32Array, count: number, weights?: Uint8Array): void {
    if (this.length + count > this.entries.length) {
      const wider = new Uint32Array(2 * (this.length + count))
      wider.set(this.entries)
      this.entries = wider
    }
    const { entries: own, counts } = this
    let { length, above } = this
    for (let n = 0; n < count; n++) {
      const entry = entries[n]!
      const weight = weights ? weights[entry & 0xffff]! : 1
      if (weight === 0) continue
      own[length++] = entry
      counts[entry >>> 16]! += weight
      above += weight
    }
    this.length = length
    this.above = above
  }

  /** Raises the threshold as far as what was found allows. */
  raise(): void {
    while (this.above - this.counts[this.threshold]! >= this.wanted) this.above -= this.counts[this.threshold++]!
  }

  /** How many documents have each sum, as far as they were kept: a view, good until the next `begin`. */
  get histogram(): Int32Array {
    return this.counts.subarray(0, this.highest + 1)
  }

  /** All that is kept: views, good until more is added. */
  runs(): SumsRun[] {
    return this.starts.map(({ run, start }, n) => ({
      run,
      entries: this.entries.subarray(start, this.starts[n + 1]?.start ?? this.length),
    }))
  }

  /** For each run, writes the documents whose sum reaches `cut` to `list` and tells how many they are. */
  forEachRun(cut: number, list: Uint32Array, use: (run: number, count: number) => void): void {
    for (const { run, entries } of this.runs()) {
      let count = 0
      for (let i = 0; i < entries.length; i++) {
        const entry = entries[i]!
        if (entry >>> 16 >= cut) list[count++] = entry & 0xffff
      }
      if (count > 0) use(run, count)
    }
  }
}

/** The highest sum that at least `wanted` documents of two histograms reach; undefined when there are fewer. */
export function cutOf(own: Int32Array, other: Int32Array | undefined, wanted: number): number | undefined {
  let count = 0
  for (let sum = own.length - 1; sum >= 0; sum--) {
    count += own[sum]! + (other?.[sum] ?? 0)
    if (count >= wanted) return sum
  }
  return undefined
}
