const FIRST_MS = 5_000
/** Doubling it makes us notice the end of a long outage up to an hour later. */
const CEILING_MS = 30 * 60_000

/**
 * How long to stay away after so many failures in a row: 5 s, 10 s, 20 s … half an hour, less up to a half by chance, so
 * that many instances do not come back in the same second. `random` gives numbers in [0, 1).
 */
export function backOffMs(failures: number, random: () => number): number {
  const full = Math.min(CEILING_MS, FIRST_MS * 2 ** Math.min(Math.max(failures, 1) - 1, 20))
  return Math.round(full * (1 - random() / 2))
}
