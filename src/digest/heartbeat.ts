import type { Db } from '../db/index.ts'
import { dateInWords } from '../papers/index.ts'
import { canaryTroubles } from './canary.ts'
import { type PromisedDay, promisedDays } from './oversight-queries.ts'
import { mailPausedSince } from './pause.ts'
import { READY_DEADLINE_MS } from './plan-deliveries.ts'

const HOUR_MS = 3_600_000
/** Promised days in a row without a single mail until somebody is told: one may be an outage that mends itself. */
const SILENT_DAYS = 2
/** Two promised days of a weekly digest lie within. */
const WINDOW_MS = 16 * 24 * HOUR_MS
/** A promised moment counts once its list has been waited for and sending had an hour. */
const GRACE_MS = READY_DEADLINE_MS + HOUR_MS

/**
 * P39, mail stops and nobody notices: what an administrator should know of the digests now. Each has a key under which it
 * is told once when it begins, and once when it is over.
 */
export async function digestTroubles(db: Db, now: Date): Promise<{ key: string; words: string }[]> {
  const from = new Date(now.getTime() - WINDOW_MS).toISOString()
  const to = new Date(now.getTime() - GRACE_MS).toISOString()
  const days = await promisedDays(db, { from, to })
  const paused = await mailPausedSince(db)
  return [...silences(days, paused), ...(await canaryTroubles(db, now))]
}

function silences(days: readonly PromisedDay[], paused: string | undefined): { key: string; words: string }[] {
  const why = paused ? ` All digests are paused since ${paused.slice(0, 16).replace('T', ' ')} UTC.` : ''
  const all = silentDays(days)
  if (all)
    return [{ key: 'digests:silent', words: `No digest went out on ${inWords(all)}, where some were promised.${why}` }]
  return [...Map.groupBy(days, ({ kind }) => kind)].flatMap(([kind, ofKind]) => {
    const silent = silentDays(ofKind)
    if (!silent) return []
    const words = `No digest of the kind "${kind}" went out on ${inWords(silent)}, where some were promised.${why}`
    return [{ key: `digests:silent:${kind}`, words }]
  })
}

/** The newest promised days, if nothing went out on any of them and there are enough of them. */
function silentDays(days: readonly PromisedDay[]): string[] | undefined {
  const byDay = Map.groupBy(days, ({ day }) => day)
  const newest = [...byDay.keys()].sort().slice(-SILENT_DAYS)
  const isSilent = newest.every((day) => !byDay.get(day)?.some(({ isSent }) => isSent))
  return newest.length === SILENT_DAYS && isSilent ? newest : undefined
}

const inWords = (days: readonly string[]) => days.map((day) => dateInWords(day)).join(' and ')
