import {
  type AddressReport,
  lookUpAddress,
  releaseByHand,
  scheduleSentence,
  suppressByHand,
  wantSentence,
} from '../../digest/index.ts'
import { AppError } from '../../errors.ts'
import { adminPage } from '../parts/admin-frame.tsx'
import { CsrfField } from '../parts/csrf-field.tsx'
import { instant } from '../parts/dates.ts'
import { OutcomeMarks } from '../parts/digest-report.tsx'
import { sentence } from '../parts/sentence.ts'
import { readForm, textField } from '../read-form.ts'
import type { CurrentSite, Page, Request } from '../site.ts'
import { viewerOf } from './account.tsx'

/**
 * `POST /admin/digests/address`: everything about the mail to one address; a form, so that addresses do not end up in
 * logs of requests. `action=suppress` or `release` changes what it gets, and shows it again.
 */
export const digestAddressAction: Page = async (request, site) => {
  const form = await readForm(request)
  const email = textField(form, 'email')
  const action = textField(form, 'action')
  const reason = textField(form, 'reason').slice(0, 300)
  const change = { actorId: viewerOf(request).personId, at: site.clock(), ...(reason ? { reason } : {}) }
  if (action === 'suppress') await suppressByHand(site.db, email, change)
  else if (action === 'release') await releaseByHand(site.db, textField(form, 'hash'), change)
  else if (action !== '') throw new AppError('bad_request', 'Use one of the buttons of the page.')
  return showAddress(request, site, await lookUpAddress(site.db, email), action)
}

function showAddress(request: Request, site: CurrentSite, report: AddressReport, action: string): Promise<Response> {
  const { email, confirmedAt, askedAt, subscriptions, deliveries, returns } = report
  const known = confirmedAt
    ? `Confirmed ${instant(confirmedAt)}`
    : askedAt
      ? `Asked to confirm ${instant(askedAt)}, and did not yet`
      : 'Nothing is known of this address'
  const byId = new Map(subscriptions.map((one) => [one.id, one]))
  return adminPage(
    request,
    site,
    { title: email, intro: known, path: '/admin/digests' },
    <>
      <p>
        <a href="/admin/digests">All digests</a>
      </p>
      {action !== '' && (
        <p class="notice" role="status">
          {action === 'release' ? 'Mail goes to this address again.' : 'No more mail goes to this address.'}
        </p>
      )}
      <h2>Subscriptions</h2>
      {subscriptions.length === 0 && <p class="note">None.</p>}
      <ul class="rows">
        {subscriptions.map((one) => (
          <li>
            <div>
              <b>{sentence(wantSentence(one.want))}</b>{' '}
              {one.state !== 'active' && <span class="mark">{one.state}</span>}
              <p class="note">
                {sentence(scheduleSentence(one))}, at most {one.length} papers.{' '}
                {one.lastSentAt ? `Last sent ${instant(one.lastSentAt.toISOString())}.` : 'Nothing was sent yet.'}{' '}
                {one.nextAt && one.state === 'active' ? `Next ${instant(one.nextAt.toISOString())}.` : ''}
              </p>
            </div>
            <a href={`/admin/mail/preview/${one.id}`} aria-label={`Preview: ${wantSentence(one.want)}`}>
              Preview
            </a>
          </li>
        ))}
      </ul>
      {deliveries.length > 0 && (
        <>
          <h2>Latest mails</h2>
          <ul class="reasons">
            {deliveries.map(({ subscriptionId, period, state, reason }) => {
              const of = byId.get(subscriptionId)
              return (
                <li>
                  {period}
                  {of && subscriptions.length > 1 ? `, ${wantSentence(of.want)}` : ''}: <b>{state}</b>
                  {reason && state !== 'sent' ? `, ${reason}` : ''}
                </li>
              )
            })}
          </ul>
        </>
      )}
      {returns.length > 0 && (
        <>
          <h2>What came back</h2>
          <ul class="reasons">
            {returns.map(({ kind, evidence, at }) => (
              <li>
                {instant(at)}: <b>{kind}</b>, {evidence || 'nothing was said'}
              </li>
            ))}
          </ul>
        </>
      )}
      <div class="panels">
        <Suppression request={request} site={site} report={report} />
      </div>
    </>,
  )
}

function Suppression({ request, site, report }: { request: Request; site: CurrentSite; report: AddressReport }) {
  const { email, suppression } = report
  return (
    <form action="/admin/digests/address" method="post">
      <h2>{suppression ? 'No mail goes to this address' : 'Stop mail to this address'}</h2>
      <CsrfField request={request} site={site} />
      <input type="hidden" name="email" value={email} />
      {suppression ? (
        <>
          <p>
            <OutcomeMarks reason={suppression.reason} /> since {instant(suppression.since)}: {suppression.evidence}
          </p>
          <input type="hidden" name="hash" value={suppression.hash} />
        </>
      ) : (
        <p class="note">For somebody who asked you and not the link. Subscribing and confirming again ends it.</p>
      )}
      <label for="address-reason">Reason, for the log</label>
      <input id="address-reason" name="reason" required maxlength={300} autocomplete="off" />
      <button type="submit" name="action" value={suppression ? 'release' : 'suppress'}>
        {suppression ? 'Release it' : 'Stop mail'}
      </button>
    </form>
  )
}
