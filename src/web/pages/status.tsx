import type { Child } from 'hono/jsx'
import { countSubscriptionsByState } from '../../digest/index.ts'
import { countVotes } from '../../discussion/index.ts'
import { countEditions, dayAtOrBefore } from '../../feed/index.ts'
import { countPapers, currentAnnouncementDay, dayInWords } from '../../papers/index.ts'
import { reaches } from '../../people/index.ts'
import { type GatheringStatus, gatheringStatus } from '../../sources/index.ts'
import { Layout } from '../layout.tsx'
import { instant, shortDay } from '../parts/dates.ts'
import { searchRows } from '../parts/search-status.ts'
import { Condition, SubjectCell } from '../parts/source-state.tsx'
import { sendHtml } from '../respond.tsx'
import type { JobLine, Page, Site, StatusReport } from '../site.ts'

/** `/status`: how gathering stands, what is stored, what the program needs. */
export const status: Page = async (request, site) => {
  const now = site.clock()
  const report = await site.status()
  const gathering = await gatheringStatus(site.db, now)
  const newest = await dayAtOrBefore(site.db, currentAnnouncementDay(now))
  const late = report.jobs.filter(({ isLate }) => isLate)
  const isAdmin = reaches(request.get('viewer')?.role ?? 'reader', 'admin')
  const rows: [string, Child][] = [
    ['Papers stored', (await countPapers(site.db)).toLocaleString('en')],
    ['Editions', (await countEditions(site.db)).toLocaleString('en')],
    ['Newest edition', newest ? dayInWords(newest) : 'none yet'],
    ['Upvotes', (await countVotes(site.db)).toLocaleString('en')],
    [
      'Mail',
      <>
        {await mailLine(site)}
        {isAdmin && (
          <>
            {' · '}
            <a href="/admin/digests">Digests</a>
          </>
        )}
      </>,
    ],
    ['Program', `Paperround ${report.version}, started ${instant(report.startedAt.toISOString())}`],
    ['Database', report.database + (report.dataMb === undefined ? '' : `, ${report.dataMb} MB`)],
    ['Memory', `${report.memoryMb} MB`],
    ...searchRows(report.search),
  ]
  return sendHtml(
    request,
    String(
      <Layout site={site} request={request} title="Status" canonical="/status" noindex>
        <div class="lead">
          <div>
            <h1>Status</h1>
            <p class="by-line">What has arrived, what is expected, and what is stored</p>
          </div>
        </div>
        <Summary gathering={gathering} late={late} worker={report.worker} />
        <Days gathering={gathering} />
        <Sources gathering={gathering} />
        <Jobs lines={report.jobs} />
        <h2>This site</h2>
        <table class="facts-table">
          <tbody>
            {rows.map(([name, value]) => (
              <tr>
                <th scope="row">{name}</th>
                <td>{value}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Layout>,
    ),
  )
}

/** The answer before the tables: is today's list here, and when does the next one come? */
function Summary(given: { gathering: GatheringStatus; late: JobLine[]; worker: StatusReport['worker'] }) {
  const { gathering, late, worker } = given
  const [day] = gathering.days
  const isWell = gathering.incidents.length === 0 && late.length === 0 && worker.isWorking
  return (
    <div class={isWell ? 'notice' : 'notice alarm'}>
      {day && (
        <p>
          <strong>{dayInWords(day.day)}.</strong> {day.words}.
          {day.completeSince !== undefined &&
            gathering.lagMinutes !== undefined &&
            ` That was ${duration(gathering.lagMinutes)} after the announcement.`}
        </p>
      )}
      <p>{day ? gathering.next : 'arXiv is not followed here; papers come from the sources below and by import.'}</p>
      {gathering.wanted > 0 && (
        <p>
          {gathering.wanted.toLocaleString('en')} {gathering.wanted === 1 ? 'paper is' : 'papers are'} known from a list
          only; the full records follow.
        </p>
      )}
      {gathering.holes && (
        <p>
          Compared with arXiv's own list on {dayInWords(gathering.holes.comparedAt.slice(0, 10))}:{' '}
          {gathering.holes.listed.toLocaleString('en')} papers there, {holesInWords(gathering.holes)}.
        </p>
      )}
      {gathering.incidents.map(({ key, readersWords, cause }) => (
        <>
          {/* What keeps the newest day away stands above already. */}
          {key !== `day:${day?.day}` && (
            <p>
              <strong>Needs a look:</strong> {readersWords}
            </p>
          )}
          {cause !== undefined && (
            <details>
              <summary>In the system's words</summary>
              <p>{cause}</p>
            </details>
          )}
        </>
      ))}
      {!worker.isWorking && (
        <p>
          <strong>Needs a look:</strong> no program does the background work
          {worker.lastSeen ? `; one was last seen at ${instant(worker.lastSeen)}` : ''}. Nothing is gathered and no
          digest is sent until one does: start "paperround work", or let the site do it (PAPERROUND_WORKER).
        </p>
      )}
      {worker.isWorking && late.length > 0 && (
        <p>Background work is late ({late.map(({ name }) => name).join(', ')}).</p>
      )}
    </div>
  )
}

function holesInWords({ found, missing }: NonNullable<GatheringStatus['holes']>): string {
  const here = found - missing
  if (missing > 0)
    return `${missing.toLocaleString('en')} not here yet and being fetched${here > 0 ? `, ${here.toLocaleString('en')} fetched since` : ''}`
  return found > 0 ? `${found.toLocaleString('en')} were missing here and have been fetched` : 'none missing here'
}

function duration(minutes: number): string {
  if (minutes < 120) return `${minutes} minutes`
  return minutes < 48 * 60 ? `${Math.round(minutes / 60)} hours` : `${Math.round(minutes / 1440)} days`
}

/** "79 of 79" for each category and day: new papers and cross-lists stored, of those that arXiv declares. */
function Days({ gathering: { days } }: { gathering: GatheringStatus }) {
  const [newest] = days
  if (!newest) return null
  return (
    <>
      <h2>arXiv's days</h2>
      <p class="note">New papers and cross-lists stored, of those that arXiv declares.</p>
      <section class="wide" tabindex={0} aria-label="arXiv's days">
        <table class="facts-table days">
          <thead>
            <tr>
              <th scope="col">Category</th>
              {days.map(({ day }) => (
                <th scope="col">
                  <a href={`/papers/date/${day}`}>{shortDay(day)}</a>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {newest.subjects.map(({ subject }) => (
              <tr>
                <th scope="row">
                  <a href={`/categories/${subject}`}>{subject}</a>
                </th>
                {days.map(({ subjects }) => (
                  <SubjectCell of={subjects.find((one) => one.subject === subject)} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </>
  )
}

function Sources({ gathering: { sources } }: { gathering: GatheringStatus }) {
  return (
    <>
      <h2>Sources</h2>
      <section class="wide" tabindex={0} aria-label="Sources">
        <table class="facts-table">
          <thead>
            <tr>
              <th scope="col">Source</th>
              <th scope="col">State</th>
              <th scope="col">Last success</th>
              <th scope="col">Next</th>
            </tr>
          </thead>
          <tbody>
            {sources.map(({ title, condition, words, lastSuccess, nextRun }) => (
              <tr>
                <th scope="row">{title}</th>
                <td>
                  <Condition of={condition} /> <span class="why">{words}</span>
                </td>
                <td class="when">{lastSuccess ? instant(lastSuccess) : 'never'}</td>
                <td class="when">{nextRun ? instant(nextRun) : ''}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </>
  )
}

function Jobs({ lines }: { lines: readonly JobLine[] }) {
  return (
    <details class="jobs">
      <summary>Background work</summary>
      <section class="wide" tabindex={0} aria-label="Background work">
        <table class="facts-table">
          <thead>
            <tr>
              <th scope="col">Job</th>
              <th scope="col">State</th>
              <th scope="col">Last success</th>
              <th scope="col">Next</th>
            </tr>
          </thead>
          <tbody>
            {lines.map((line) => (
              <tr>
                <th scope="row">
                  {line.name}
                  <span class="about">{line.about}</span>
                </th>
                <td>
                  {line.isRunning
                    ? 'running'
                    : line.isLate
                      ? 'late'
                      : line.failures > 0
                        ? 'failed, trying again'
                        : 'well'}
                </td>
                <td class="when">{line.lastSuccess ? instant(line.lastSuccess) : 'never'}</td>
                <td class="when">{line.nextRun ? instant(line.nextRun) : ''}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  )
}

async function mailLine(site: Site): Promise<string> {
  const { active = 0, waiting = 0, unconfirmed = 0 } = await countSubscriptionsByState(site.db)
  const counts = `${active.toLocaleString('en')} subscriptions, ${(waiting + unconfirmed).toLocaleString('en')} not confirmed`
  return site.digests ? counts : `not set up; ${counts}`
}
