import { countSubscriptions } from '../../digest/index.ts'
import { countVotes } from '../../discussion/index.ts'
import { countEditions, dayAtOrBefore } from '../../feed/index.ts'
import { countPapers, currentAnnouncementDay, dayInWords, nextAnnouncement } from '../../papers/index.ts'
import { Layout } from '../layout.tsx'
import { instant } from '../parts/dates.ts'
import { searchRows } from '../parts/search-status.ts'
import { sendHtml } from '../respond.tsx'
import type { Page } from '../site.ts'

/** `/status`: what is stored, how fresh it is, what the program needs. */
export const status: Page = async (request, site) => {
  const now = site.clock()
  const today = currentAnnouncementDay(now)
  const report = await site.status()
  const newest = await dayAtOrBefore(site.db, today)
  const next = nextAnnouncement(now)
  const rows: [string, string][] = [
    ['Papers stored', (await countPapers(site.db)).toLocaleString('en')],
    ['Editions', (await countEditions(site.db)).toLocaleString('en')],
    ['Newest edition', newest ? dayInWords(newest) : 'none yet'],
    ["arXiv's current day", dayInWords(today)],
    ['Next announcement', `${dayInWords(next.day)}, at ${instant(next.at.toISOString())}`],
    ['Upvotes', (await countVotes(site.db)).toLocaleString('en')],
    ['Addresses waiting for mail', (await countSubscriptions(site.db)).toLocaleString('en')],
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
            <p class="by-line">What is stored here and how fresh it is</p>
          </div>
        </div>
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
        <h2>Sources</h2>
        <p class="notice">
          This version gathers nothing by itself: papers come by "paperround import". A list of sources with their
          freshness stands here once gathering exists.
        </p>
      </Layout>,
    ),
  )
}
