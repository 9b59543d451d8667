import { type Db, findJob, type JobRow, politeSources } from '../db/index.ts'
import { announcedAt, dateInWords } from '../papers/index.ts'
import { arxivSources, COMPARED } from './arxiv/index.ts'
import { arxivChoice, configuredSources, pollJob, type SourceInForce } from './configure-sources.ts'
import { type DayState, newYorkClock, nextDayInWords, recentDays } from './day-state.ts'
import { inPlainWords, isUnreachable } from './plain-words.ts'
import { comparisons, countHoles, countWanted, type SourceStateRow, sourceStates } from './queries.ts'
import { findKind } from './source-kinds.ts'

/** A source without a success for so many of its intervals is stale. */
const STALE_AFTER_INTERVALS = 3
/** One failure is weather; after so many in a row somebody is told. */
const FAILURES_THAT_COUNT = 3
const DAYS_SHOWN = 5

export type SourceCondition = 'fine' | 'pending' | 'waiting' | 'unreachable' | 'stale' | 'broken' | 'blocked' | 'off'
export type SourceStatus = {
  name: string
  title: string
  condition: SourceCondition
  /** A sentence for readers: nothing in it that only the administrator may know. */
  words: string
  lastSuccess?: string
  nextRun?: string
  /** Of the last successful run. */
  received?: number
  added?: number
}
/** `words` are for the administrator, `readersWords` for everybody; `cause` is what the system called it, where that differs. */
export type Incident = { key: string; words: string; readersWords: string; cause?: string }
/** `listed` papers that arXiv has, `found` of them were missing then, `missing` still are. `comparedAt`: the oldest of the categories. */
export type Holes = { comparedAt: string; listed: number; found: number; missing: number }
export type GatheringStatus = {
  /** arXiv's last announcement days, newest first; empty when arXiv is not followed. */
  days: DayState[]
  next: string
  /** Minutes from the announcement of the newest day to its completion, or to now while it is not complete. */
  lagMinutes?: number
  /** Papers known from a list whose full record is still to come. */
  wanted: number
  /** What the last comparison of arXiv's identifiers with ours came to; left out before the first. */
  holes?: Holes
  sources: SourceStatus[]
  /** What an administrator should know. */
  incidents: Incident[]
}

/** How gathering stands: the one source of the status page, `/healthz`, the metrics and the alarm. */
export async function gatheringStatus(db: Db, now: Date): Promise<GatheringStatus> {
  const days = await recentDays(db, DAYS_SHOWN, now)
  const polite = new Map((await politeSources(db)).map((row) => [row.source, row]))
  const states = new Map((await sourceStates(db)).map((row) => [row.name, row]))
  const sources: SourceStatus[] = []
  const incidents: Incident[] = []
  if (days.length > 0) {
    // arXiv's services fail apart from each other; days come from its lists.
    sources.push(arxivStatus(days, polite.get(arxivSources.listing), now))
    incidents.push(...dayIncidents(days))
    for (const [service, name] of Object.entries(arxivSources)) {
      const row = polite.get(name)
      if (!row?.blocked_at) continue
      const reason = row.last_message ?? 'no reason given'
      incidents.push(incident(`source:${name}`, `arXiv (${service}) refuses our requests: ${reason}.`))
    }
  } else sources.push({ name: 'arxiv', title: 'arXiv', condition: 'off', words: 'not followed here' })
  for (const source of await configuredSources(db)) {
    const state = states.get(source.name)
    const status = sourceStatus(source, state, await findJob(db, pollJob(source.name).key), now)
    sources.push(status)
    const isSerious =
      status.condition === 'blocked' || status.condition === 'stale' || (state?.failures ?? 0) >= FAILURES_THAT_COUNT
    if (isSerious && !['fine', 'off', 'pending'].includes(status.condition))
      incidents.push(incident(`source:${source.name}`, `${status.title}: ${state?.message ?? status.words}`))
  }
  const newest = days[0]
  return {
    days,
    next: nextDayInWords(now),
    ...(newest ? lagOf(newest, now) : {}),
    wanted: await countWanted(db),
    ...(await holesOf(db)),
    sources,
    incidents,
  }
}

async function holesOf(db: Db): Promise<{ holes?: Holes }> {
  const { categories } = await arxivChoice(db)
  if (categories.length === 0) return {}
  const rows = await comparisons(
    db,
    categories.map((one) => `${COMPARED}${one}`),
  )
  const comparedAt = rows.map((row) => row.finished_at).toSorted()[0]
  if (comparedAt === undefined) return {}
  const sum = (of: 'records' | 'bad') => rows.reduce((total, row) => total + row[of], 0)
  return { holes: { comparedAt, listed: sum('records'), found: sum('bad'), missing: await countHoles(db) } }
}

/** A day without announcement has none. */
function lagOf({ day, state, completeSince }: DayState, now: Date): { lagMinutes?: number } {
  if (state === 'none') return {}
  const until = completeSince ? Date.parse(completeSince) : now.getTime()
  return { lagMinutes: Math.max(0, Math.round((until - announcedAt(day).getTime()) / 60_000)) }
}

/** Days of the past that are still incomplete are mentioned once, with the newest. */
function dayIncidents(days: readonly DayState[]): Incident[] {
  return days
    .filter(({ state }) => state === 'late' || state === 'broken')
    .map(({ day, words, cause }) => incident(`day:${day}`, `arXiv's list of ${dateInWords(day)}. ${words}.`, cause))
}

type PoliteRow = Awaited<ReturnType<typeof politeSources>>[number]

function arxivStatus(days: readonly DayState[], polite: PoliteRow | undefined, now: Date): SourceStatus {
  const newest = days[0] as DayState
  const base = { name: 'arxiv', title: 'arXiv', ...(polite?.last_ok_at ? { lastSuccess: polite.last_ok_at } : {}) }
  if (polite?.blocked_at)
    return { ...base, condition: 'blocked', words: 'refuses our requests; it is asked again once a day' }
  const condition = ({ complete: 'fine', none: 'fine', pending: 'pending', late: 'stale', broken: 'broken' } as const)[
    newest.state as 'complete'
  ]
  const isSettled = condition === 'fine'
  const again = !isSettled && polite?.closed_until && polite.closed_until > now.toISOString()
  const pause = again ? `; asked again at ${newYorkClock(polite.closed_until as string)}` : ''
  const isSilent = polite !== undefined && polite.failures > 0 && isUnreachable(polite.last_message ?? '')
  return {
    ...base,
    // Of a source that nothing is heard from, nothing is known to be stale.
    condition: !isSettled && (newest.cause !== undefined || isSilent) ? 'unreachable' : (condition ?? 'pending'),
    words: `${dateInWords(newest.day)}: ${lowerFirst(newest.words)}${pause}`,
  }
}

/** The state of one source as a pure rule. */
export function sourceStatus(
  source: SourceInForce,
  state: SourceStateRow | undefined,
  job: JobRow | undefined,
  now: Date,
): SourceStatus {
  const base = {
    name: source.name,
    title: source.title ?? `${findKind(source.kind)?.kind ?? source.kind}: ${source.name}`,
    ...(state?.succeeded_at ? { lastSuccess: state.succeeded_at, received: state.received, added: state.added } : {}),
    ...(job?.state === 'waiting' && source.enabled ? { nextRun: job.run_after } : {}),
  }
  if (!source.enabled) return { ...base, condition: 'off', words: 'switched off' }
  if (!state?.polled_at) return { ...base, condition: 'pending', words: 'not asked yet' }
  const reason = forReaders(state.message ?? '')
  if (state.outcome === 'blocked') return { ...base, condition: 'blocked', words: `refuses our requests: ${reason}` }
  if (state.outcome === 'broken' || state.outcome === 'refused')
    return { ...base, condition: 'broken', words: `answered something else than it should: ${reason}` }
  const limitMs = STALE_AFTER_INTERVALS * source.everyHours * 3_600_000 + 3_600_000
  const since = Date.parse(state.succeeded_at ?? job?.created_at ?? state.polled_at)
  if (now.getTime() - since > limitMs)
    return { ...base, condition: 'stale', words: `nothing new could be had since then${reason && `: ${reason}`}` }
  if (state.outcome === 'later' && isUnreachable(state.message ?? ''))
    return { ...base, condition: 'unreachable', words: `asked again later: ${reason}` }
  if (state.outcome === 'later')
    return { ...base, condition: 'waiting', words: `could not answer; asked again later: ${reason}` }
  const counts = `${state.received} ${state.received === 1 ? 'record' : 'records'}, ${state.added} new`
  return { ...base, condition: 'fine', words: state.bad > 0 ? `${counts}, ${state.bad} unreadable` : counts }
}

function incident(key: string, words: string, cause = withoutAddresses(words)): Incident {
  const readersWords = forReaders(words)
  return { key, words, readersWords, ...(cause === readersWords ? {} : { cause }) }
}

/** Addresses may hold a key: readers see the host alone. */
const withoutAddresses = (message: string) => message.replace(/https?:\/\/([^/\s?#]+)\S*/g, '$1').slice(0, 200)
const forReaders = (message: string) => inPlainWords(withoutAddresses(message))
const lowerFirst = (text: string) => text.slice(0, 1).toLowerCase() + text.slice(1)

/** Whether arXiv is followed at all: a page may say what to expect. */
export async function isArxivFollowed(db: Db): Promise<boolean> {
  return (await arxivChoice(db)).categories.length > 0
}
