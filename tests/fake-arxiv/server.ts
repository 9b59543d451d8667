// arXiv on this machine: listing, catch-up, OAI-PMH, API and feeds of a plan, at the time of a test's clock, with the faults
// that were seen at the real one.
import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { TestContext } from 'node:test'
import { addDays, announcedAt, isDay, newYorkDay } from '../../src/papers/index.ts'
import { startServer, type WireServer } from '../wire.ts'
import { apiAnswer, oaiAnswer, oaiError } from './oai.ts'
import { catchupPage, feedPage, listingPage } from './pages.ts'
import { announcementsOf, type Plan } from './plan.ts'

export type Service = 'listing' | 'catchup' | 'oai' | 'api' | 'feed'
export type Fault =
  | { kind: 'status'; status: number; retryAfter?: string }
  /** An error page that claims to be fine. */
  | { kind: 'error-page' }
  /** The connection stays open until the body ends, but the end is missing. */
  | { kind: 'truncated' }
  /** The connection breaks off. */
  | { kind: 'hang-up' }
  /** The list of the day before, or the feed of an earlier one, under today's date. */
  | { kind: 'stale' }
  | { kind: 'oai-error'; code: string }
  /** The answer is ready and does not come before this. */
  | { kind: 'hold'; until: Promise<void> }
export type Faults = (asked: {
  service: Service
  subject: string
  now: Date
  count: number
  path: string
}) => Fault | undefined

export type FakeArxiv = WireServer & { counts: Map<string, number> }
export type FakeOptions = { clock: () => Date; faults?: Faults; oaiPageSize?: number; listingShow?: number }

/** Records are readable through OAI this long after 20:00. */
const OAI_DELAY_MS = 2.5 * 3_600_000
const CATCHUP_DAYS = 91

export function startFakeArxiv(t: Pick<TestContext, 'after'>, plan: Plan, options: FakeOptions): Promise<FakeArxiv> {
  const { clock, faults, oaiPageSize = 40, listingShow = 2_000 } = options
  const counts = new Map<string, number>()
  const pinnedErrors = new Map<string, string>()
  const visible = (now: Date, delayMs = 0) =>
    plan.labels.findLast(({ visibleAt }) => now.getTime() >= visibleAt.getTime() + delayMs)?.day

  const handle = (request: IncomingMessage, response: ServerResponse) => {
    const now = clock()
    const url = new URL(request.url ?? '/', 'http://arxiv.test')
    const [, first = '', second = '', third = ''] = url.pathname.split('/')
    const service: Service =
      first === 'list'
        ? 'listing'
        : first === 'catchup'
          ? 'catchup'
          : first === 'oai'
            ? 'oai'
            : first === 'api'
              ? 'api'
              : 'feed'
    const subject = service === 'oai' || service === 'api' ? '' : decodeURIComponent(second)
    const key = `${service} ${subject}`
    const count = (counts.get(key) ?? 0) + 1
    counts.set(key, count)
    const fault = faults?.({ service, subject, now, count, path: request.url ?? '' })
    if (fault?.kind === 'hang-up') return void response.destroy()
    if (fault?.kind === 'status') {
      const headers = fault.retryAfter === undefined ? {} : { 'retry-after': fault.retryAfter }
      return void response
        .writeHead(fault.status, headers)
        .end('<html><body><h1>Retry after 10 seconds</h1></body></html>')
    }
    const answer = answerOf(service, { subject, third, url, now, isStale: fault?.kind === 'stale' })
    if (fault?.kind === 'error-page') answer.body = '<html><body><h1>Rate exceeded.</h1></body></html>'
    if (fault?.kind === 'truncated') answer.body = answer.body.slice(0, Math.floor(answer.body.length * 0.7))
    if (fault?.kind === 'oai-error') answer.body = oaiError(now, fault.code, 'as a fault')
    if (answer.etag && fault === undefined) {
      response.setHeader('etag', answer.etag)
      if (request.headers['if-none-match'] === answer.etag) return void response.writeHead(304).end()
    }
    const send = () => response.writeHead(answer.status, { 'content-type': answer.type }).end(answer.body)
    if (fault?.kind === 'hold') void fault.until.then(send)
    else send()
  }

  type Asked = { subject: string; third: string; url: URL; now: Date; isStale: boolean }
  type Answer = { status: number; type: string; body: string; etag?: string }
  const html = (status: number, body: string): Answer => ({ status, type: 'text/html; charset=utf-8', body })

  function answerOf(service: Service, asked: Asked): Answer {
    if (service === 'listing') return listing(asked)
    if (service === 'catchup') return catchup(asked)
    if (service === 'oai') return oai(asked)
    if (service === 'api') {
      const { status, body } = apiAnswer(plan, asked.url.searchParams, visible(asked.now) ?? '', asked.now)
      return { status, type: 'application/atom+xml', body }
    }
    return feed(asked)
  }

  function listing({ subject, third, url, now, isStale }: Asked): Answer {
    const newest = visible(now)
    const day = isStale ? plan.labels[plan.labels.findIndex((one) => one.day === newest) - 1]?.day : newest
    if (third !== 'new' || !day) return html(400, 'no list')
    const skip = Number(url.searchParams.get('skip') ?? 0)
    const show = Math.min(Number(url.searchParams.get('show') ?? 2_000), listingShow)
    const body = listingPage(plan, subject, day, skip, show)
    return { ...html(200, body), etag: `"${createHash('sha256').update(body).digest('hex')}"` }
  }

  function catchup({ subject, third: day, url, now }: Asked): Answer {
    const newest = visible(now)
    const today = newYorkDay(now)
    const isPossible = isDay(day) && day <= addDays(today, 1) && day >= addDays(today, -CATCHUP_DAYS)
    if (!newest || !isPossible || url.searchParams.get('abs') !== 'True') return html(400, 'bad request')
    return html(200, catchupPage(plan, subject, day, Number(url.searchParams.get('page') ?? 1), newest))
  }

  /** Errors stay in arXiv's cache until the next midnight in UTC, even when there is something to show by then. */
  function oai({ url, now }: Asked): Answer {
    const type = 'text/xml'
    const pin = `${now.toISOString().slice(0, 10)} ${url.search}`
    const pinned = pinnedErrors.get(pin)
    if (pinned) return { status: 200, type, body: pinned }
    const body = oaiAnswer(plan, url.searchParams, visible(now, OAI_DELAY_MS) ?? '', now, oaiPageSize)
    if (body.includes("<error code='noRecordsMatch'")) pinnedErrors.set(pin, body)
    return { status: 200, type, body }
  }

  /** Made at midnight in New York. */
  function feed({ subject, third, now, isStale }: Asked): Answer {
    const category = third || subject
    const made = plan.labels.filter(({ day }) => now.getTime() >= announcedAt(day).getTime() + 4 * 3_600_000)
    const day = made.at(isStale ? -2 : -1)?.day
    const body =
      day && announcementsOf(plan, category, day).length > 0
        ? feedPage(plan, category, day, now)
        : feedPage({ labels: [], papers: [] }, category, '2000-01-03', now)
    return { status: 200, type: 'application/rss+xml', body }
  }

  return startServer(t, clock, handle).then((server) => ({ ...server, counts }))
}
