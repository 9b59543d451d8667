export type Times = { p50: number; p95: number; p99: number }

/** Percentiles by the nearest rank. */
export function timesOf(values: readonly number[]): Times {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (q: number) => sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? 0
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) }
}

/** How long questions are asked before any is timed, at least: until then code is still being compiled. */
const warmUpMs = 6_000

/** Milliseconds of each question, one after the other, after some rounds to warm up. */
export async function timed(
  queries: readonly string[],
  ask: (query: string) => Promise<unknown> | unknown,
): Promise<Times> {
  const start = performance.now()
  const passed = () => performance.now() - start
  // A slow contestant is warm after fewer than all.
  do {
    for (const query of queries) if (passed() < 20_000) await ask(query)
  } while (passed() < warmUpMs)
  const values: number[] = []
  const begun = performance.now()
  for (const query of queries) {
    const asked = performance.now()
    await ask(query)
    values.push(performance.now() - asked)
    if (performance.now() - begun > 120_000) break
  }
  return timesOf(values)
}
