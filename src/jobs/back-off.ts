const FIRST_WAIT_MS = 30_000
/** A source that was down for days is found again within this time of coming back. */
const LONGEST_WAIT_MS = 6 * 3_600_000
const FACTOR = 3

/**
 * How long to wait after a failed run: 30 seconds, then three times as long each time, up to six hours, less up to a
 * quarter so that what failed together does not come back together. `chance` is in [0, 1).
 */
export function backOffMs(attempt: number, chance: number): number {
  const full = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * FACTOR ** Math.min(attempt - 1, 12))
  return Math.round(full * (1 - chance / 4))
}
