/** Nobody is asked to stay away longer than this by a header: it would be a mistake of the server. */
const LONGEST_MS = 24 * 3_600_000

/**
 * What `Retry-After` asks for, in milliseconds from `now`: seconds or a date. Undefined where it asks for nothing: no
 * header, nonsense, a date gone by, and `0`, which arXiv's servers send when they mean "we do not know".
 */
export function retryAfterMs(header: string | null, now: Date): number | undefined {
  const text = header?.trim() ?? ''
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1_000 : isHttpDate(text) ? Date.parse(text) - now.getTime() : 0
  return ms > 0 ? Math.min(ms, LONGEST_MS) : undefined
}

/** `Date.parse` reads almost anything; a date of HTTP names its weekday and its zone. */
function isHttpDate(text: string): boolean {
  return /^[A-Z][a-z]{2,8}, .+ GMT$/.test(text) && !Number.isNaN(Date.parse(text))
}
