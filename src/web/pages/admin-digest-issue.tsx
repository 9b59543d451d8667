import { issueInDetail, outcomes, retryIssue } from '../../digest/index.ts'
import { AppError } from '../../errors.ts'
import { adminPage } from '../parts/admin-frame.tsx'
import { CsrfField } from '../parts/csrf-field.tsx'
import { instant } from '../parts/dates.ts'
import { IssueMarks, issueTitle, OutcomeCounts, outcomeWords, ReasonList } from '../parts/digest-report.tsx'
import { redirect } from '../respond.tsx'
import type { Page } from '../site.ts'
import { viewerOf } from './account.tsx'

/** `/admin/digests/issues/ID`: one issue, and why mails of it did not go out. */
export const digestIssuePage: Page = async (request, site) => {
  const id = request.req.param('issue') ?? ''
  const found = await issueInDetail(site.db, id, site.clock())
  if (!found) throw new AppError('not_found', 'There is no such issue.')
  const { issue, reasons, isRecent } = found
  const refused = (issue.counts.failed ?? 0) + (issue.problem ? (issue.counts.unmade ?? 0) : 0)
  return adminPage(
    request,
    site,
    { title: issueTitle(issue), intro: `Frozen ${instant(issue.frozenAt)}`, path: '/admin/digests' },
    <>
      <p>
        <a href="/admin/digests">All digests</a> <IssueMarks issue={issue} />
      </p>
      {issue.problem && (
        <p class="notice alarm">Nobody got this issue, because it could not be made: {issue.problem}</p>
      )}
      <OutcomeCounts counts={issue.counts} />
      {reasons.length > 0 && (
        <>
          <h2>Why mails did not go out</h2>
          <ReasonList reasons={reasons} />
        </>
      )}
      {isRecent && (refused > 0 || issue.problem) && (
        <div class="panels">
          <form method="post">
            <h2>Try refused mails again</h2>
            <CsrfField request={request} site={site} />
            <p class="note">
              Only those that the server refused, or that were never made, and that are less than twelve hours late.
              What is of unknown fate may have arrived, and is never sent again; suppressed addresses stay so.
            </p>
            <button type="submit" name="action" value="retry">
              Try again
            </button>
          </form>
        </div>
      )}
    </>,
  )
}

/** `POST /admin/digests/issues/ID` */
export const digestIssueAction: Page = async (request, site) => {
  const { personId } = viewerOf(request)
  if (!site.digests) throw new AppError('conflict', 'Mail is not set up on this site.')
  const id = request.req.param('issue') ?? ''
  const again = await retryIssue(site.db, site.digests.site, id, { actorId: personId, at: site.clock() })
  return redirect(`/admin/digests/issues/${encodeURIComponent(id)}?done=${again > 0 ? 'again' : 'none-again'}`, 303)
}

/** `/admin/digests/help`: what the words of the counts mean. */
export const digestHelpPage: Page = (request, site) =>
  adminPage(
    request,
    site,
    {
      title: 'What became of a mail',
      intro: 'Every promised mail ends in one of these, with a reason',
      path: '/admin/digests',
    },
    <>
      <p>
        <a href="/admin/digests">All digests</a>
      </p>
      <dl class="meanings">
        {outcomes.map((one) => (
          <>
            <dt>{outcomeWords[one].label}</dt>
            <dd>{outcomeWords[one].about}</dd>
          </>
        ))}
      </dl>
    </>,
  )
