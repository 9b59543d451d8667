import type { Db } from '../../db/index.ts'
import type { Log } from '../../lib/log.ts'
import type { PoliteAnswer, PoliteClient } from '../../lib/polite-http/index.ts'

/** Where arXiv is, and how far apart its requests are kept. A mirror, or a test's arXiv, has other addresses. */
export type ArxivSettings = {
  /** Site with `/list` and `/catchup`. */
  siteUrl: string
  oaiUrl: string
  apiUrl: string
  feedUrl: string
  intervalMs: number
  pageIntervalMs: number
  /** Entries to a page: what arXiv shows unless it is asked for less. */
  pageEntries: number
}

/** What gathering from arXiv works with. */
export type ArxivGate = {
  db: Db
  http: PoliteClient
  clock: () => Date
  arxiv: ArxivSettings
  log?: Log
  /** Ends waiting and asking at once; what was stored stays, and the next run goes on. */
  signal?: AbortSignal | undefined
}

/** The parts of arXiv that fail apart from each other: names in `outgoing_source`. */
export const arxivSources = {
  listing: 'arxiv-listing',
  oai: 'arxiv-oai',
  api: 'arxiv-api',
  feed: 'arxiv-feed',
} as const

/** arXiv's terms: one request per three seconds for everything together; its robots.txt: fifteen between pages. */
const INTERVAL_MS = 3_000
const PAGE_INTERVAL_MS = 15_000
/** One lane for all hosts: the terms count them together. */
const LANE = 'arxiv'
const PAGE_ENTRIES = 2_000
const PAGE_TIMEOUT_MS = 60_000
/** Requests for a single category of a day were seen to take three minutes before they failed: then the next is quick. */
const OAI_TIMEOUT_MS = 300_000
const API_TIMEOUT_MS = 60_000

/**
 * The settings of arXiv from addresses that may have been given. One address of a mirror stands for all services there.
 * `pauseSeconds` shortens the pauses of a mirror; arXiv itself always gets its own.
 */
export function arxivSettings(given: {
  siteUrl?: string | undefined
  oaiUrl?: string | undefined
  apiUrl?: string | undefined
  feedUrl?: string | undefined
  pauseSeconds?: number | undefined
}): ArxivSettings {
  const { siteUrl } = given
  const urls = {
    siteUrl: siteUrl ?? 'https://arxiv.org',
    oaiUrl: given.oaiUrl ?? (siteUrl ? `${siteUrl}/oai` : 'https://oaipmh.arxiv.org/oai'),
    apiUrl: given.apiUrl ?? (siteUrl ? `${siteUrl}/api/query` : 'https://export.arxiv.org/api/query'),
    feedUrl: given.feedUrl ?? siteUrl ?? 'https://rss.arxiv.org',
  }
  const isArxiv = Object.values(urls).some((url) => /(?:^|\.)arxiv\.org$/i.test(new URL(url).hostname))
  const pauseMs = given.pauseSeconds === undefined || isArxiv ? undefined : given.pauseSeconds * 1_000
  return {
    ...urls,
    intervalMs: pauseMs ?? INTERVAL_MS,
    pageIntervalMs: pauseMs ?? PAGE_INTERVAL_MS,
    pageEntries: PAGE_ENTRIES,
  }
}

type Asking = { patienceMs?: number; tries?: number; isConditional?: boolean }

/** The newest list of a category or archive, from an entry on. */
export function askListing(gate: ArxivGate, subject: string, skip: number, asking: Asking = {}): Promise<PoliteAnswer> {
  const { pageEntries } = gate.arxiv
  const query = skip > 0 || pageEntries !== PAGE_ENTRIES ? `?skip=${skip}&show=${pageEntries}` : ''
  return askPage(gate, `/list/${subject}/new${query}`, asking)
}

/** The list of a past day, at most 90 days back; pages count from 1. */
export function askCatchup(gate: ArxivGate, subject: string, day: string, page: number): Promise<PoliteAnswer> {
  return askPage(gate, `/catchup/${subject}/${day}?abs=True${page > 1 ? `&page=${page}` : ''}`, {})
}

function askPage({ http, arxiv, signal }: ArxivGate, path: string, { isConditional = false, ...asking }: Asking) {
  return http.get(arxiv.siteUrl + path, {
    source: arxivSources.listing,
    lane: LANE,
    intervalMs: arxiv.intervalMs,
    pageIntervalMs: arxiv.pageIntervalMs,
    timeoutMs: PAGE_TIMEOUT_MS,
    conditional: isConditional,
    headers: { accept: 'text/html' },
    signal,
    ...asking,
  })
}

export function askOai({ http, arxiv, signal }: ArxivGate, parameters: Record<string, string>): Promise<PoliteAnswer> {
  return http.get(`${arxiv.oaiUrl}?${new URLSearchParams(parameters)}`, {
    source: arxivSources.oai,
    lane: LANE,
    intervalMs: arxiv.intervalMs,
    timeoutMs: OAI_TIMEOUT_MS,
    patienceMs: 2 * OAI_TIMEOUT_MS,
    maxBytes: 128 * 1024 * 1024,
    signal,
  })
}

export function askApi(
  { http, arxiv, signal }: ArxivGate,
  parameters: Record<string, string>,
  asking: Asking = {},
): Promise<PoliteAnswer> {
  return http.get(`${arxiv.apiUrl}?${new URLSearchParams(parameters)}`, {
    source: arxivSources.api,
    lane: LANE,
    intervalMs: arxiv.intervalMs,
    timeoutMs: API_TIMEOUT_MS,
    signal,
    ...asking,
  })
}

export function askFeed({ http, arxiv, signal }: ArxivGate, subject: string): Promise<PoliteAnswer> {
  return http.get(`${arxiv.feedUrl}/rss/${subject}`, {
    source: arxivSources.feed,
    lane: LANE,
    intervalMs: arxiv.intervalMs,
    signal,
  })
}

/** An answer that holds nothing to read, in words for the status page. */
export function whyNothing(answer: Exclude<PoliteAnswer, { kind: 'ok' }>): string {
  if (answer.kind === 'unchanged') return 'the page has not changed'
  if (answer.kind === 'refused') return `arXiv refused the request: ${answer.message}`
  if (answer.kind === 'blocked') return `arXiv does not answer this server: ${answer.message}`
  return `arXiv could not be read: ${answer.message}`
}

/** When it makes sense to ask again, if the answer says so. */
export function askAgainAt(answer: PoliteAnswer): Date | undefined {
  return answer.kind === 'later' || answer.kind === 'blocked' ? answer.until : undefined
}
