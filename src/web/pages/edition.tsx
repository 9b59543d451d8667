import { AppError } from '../../errors.ts'
import {
  type EditionPage,
  editionPage,
  latestPeriod,
  type Period,
  parsePeriod,
  periodOf,
  periodPath,
  periodTitle,
} from '../../feed/index.ts'
import { dayInWords, isDay } from '../../papers/index.ts'
import { dayState } from '../../sources/index.ts'
import { absoluteUrl } from '../absolute-url.ts'
import { Layout } from '../layout.tsx'
import { listRequest } from '../list-request.ts'
import { DayBadge } from '../parts/day-badge.tsx'
import { MoreLink, PaperList } from '../parts/paper-list.tsx'
import { PeriodNav } from '../parts/period-nav.tsx'
import { readerOf } from '../parts/reader.ts'
import { SubscribeBox } from '../parts/subscribe-box.tsx'
import { redirect, sendHtml } from '../respond.tsx'
import type { Page, Request, Site } from '../site.ts'

/** Of a week or a month; a day comes whole. */
const PAPERS_PER_PAGE = 50

type Kind = Period['kind']
const segments: Record<Kind, string> = { day: 'date', week: 'week', month: 'month' }
const forms: Record<Kind, string> = {
  day: 'YYYY-MM-DD, such as 2026-03-02',
  week: 'YYYY-Www, such as 2026-W10',
  month: 'YYYY-MM, such as 2026-03',
}

/** `/`: the newest edition that has papers. */
export const frontPage: Page = async (request, site) => {
  const period =
    (await latestPeriod(site.db, 'day', site.clock())) ?? periodOf('day', site.clock().toISOString().slice(0, 10))
  return showEdition(request, site, period, '/')
}

/** `/papers/date/KEY`, `/papers/week/KEY`, `/papers/month/KEY`. */
export const periodPage =
  (kind: Kind): Page =>
  (request, site) => {
    const key = request.req.param('key') ?? ''
    const period = parsePeriod(kind, key)
    if (!period)
      throw new AppError(
        'bad_date',
        `"${key.slice(0, 40)}" is no ${kind} between 1991 and 2199; expected ${forms[kind]}.`,
      )
    return showEdition(request, site, period, periodPath(period))
  }

/** `/papers/week` and its like: the period of `?day=`, else the newest one. What the date field and the tabs open. */
export const periodIndex =
  (kind: Kind): Page =>
  async (request, site) => {
    const day = request.req.query('day')
    if (day) {
      const period = isDay(day) ? parsePeriod('day', day) && periodOf(kind, day) : undefined
      if (!period)
        throw new AppError('bad_date', `"${day.slice(0, 40)}" is no day of the calendar; expected ${forms.day}.`)
      return redirect(periodPath(period) as `/${string}`)
    }
    const latest = await latestPeriod(site.db, kind, site.clock())
    return redirect(latest ? (periodPath(latest) as `/${string}`) : '/')
  }

async function showEdition(request: Request, site: Site, period: Period, path: string): Promise<Response> {
  const edition = await editionPage(
    site.db,
    period,
    listRequest(request, period.kind === 'day' ? undefined : PAPERS_PER_PAGE),
    site.clock(),
  )
  const reader = await readerOf(request, site, edition.cards)
  const day = period.kind === 'day' ? await dayState(site.db, period.key, site.clock()) : undefined
  const { name, editor } = site.config
  const title = path === '/' ? name : `Papers of ${periodTitle(period)}`
  const description = `${edition.paperCount} papers of ${periodTitle(period)}, by ${editor} and the research community.`
  const head = (
    <>
      <meta property="og:type" content="website" />
      <meta property="og:title" content={title} />
      <meta property="og:description" content={description} />
      <meta property="og:url" content={absoluteUrl(site, request, path)} />
    </>
  )
  return sendHtml(
    request,
    String(
      <Layout
        site={site}
        request={request}
        title={title}
        description={description}
        canonical={path}
        section={period.kind}
        head={head}
        noindex={edition.paperCount === 0}
      >
        <div class="lead">
          <div>
            <h1>{name}</h1>
            <p class="by-line">by {editor} and the research community</p>
          </div>
          <SubscribeBox site={site} />
        </div>
        <PeriodNav
          period={period}
          {...(edition.earlier ? { earlier: edition.earlier } : {})}
          {...(edition.later ? { later: edition.later } : {})}
        />
        <h2 class="day">
          {periodTitle(period)} <small>{countText(edition.paperCount)}</small>
        </h2>
        <DayBadge of={day} />
        {edition.isStarter && <StarterNote />}
        {edition.paperCount === 0 ? (
          <Empty edition={edition} />
        ) : (
          <PaperList cards={edition.cards} reader={reader} headings="h3" />
        )}
        <MoreLink path={path} next={edition.next} />
      </Layout>,
    ),
  )
}

function countText(count: number): string {
  return count === 1 ? '1 paper' : `${count} papers`
}

function StarterNote() {
  return (
    <p class="notice">
      <strong>Starter edition.</strong> These 75 papers came with the program, so that there is something to read before
      the first papers of your own arrive. Their summaries are ours, not the authors' abstracts.
    </p>
  )
}

/** An empty period says why it is empty and where the papers are. */
function Empty({ edition }: { edition: EditionPage }) {
  const { earlier, empty, period } = edition
  return (
    <div class="notice empty">
      <p>{empty?.text ?? `No papers are stored for this ${period.kind}.`}</p>
      {!earlier && edition.later && (
        <p>
          <a href={periodPath(edition.later)}>
            Go to the first {period.kind} with papers: {periodTitle(edition.later)}
          </a>
        </p>
      )}
      {earlier && (
        <p>
          <a href={periodPath(earlier)}>
            Go to the last {segments[period.kind] === 'date' ? 'day' : period.kind} with papers:{' '}
            {period.kind === 'day' ? dayInWords(earlier.key) : periodTitle(earlier)}
          </a>
        </p>
      )}
    </div>
  )
}
