import {
  type Canary,
  canaries,
  decideCanary,
  defaultSettings,
  issueReports,
  type MailOverview,
  mailOverview,
  releaseByHand,
  type Suppressed,
  sendTest,
  setMailFlow,
  suppressedAddresses,
} from '../../digest/index.ts'
import { AppError } from '../../errors.ts'
import { currentAnnouncementDay } from '../../papers/index.ts'
import { personById } from '../../people/index.ts'
import { adminPage } from '../parts/admin-frame.tsx'
import { CsrfField } from '../parts/csrf-field.tsx'
import { instant, shortDay } from '../parts/dates.ts'
import { IssueRows, OutcomeMarks, ReasonList } from '../parts/digest-report.tsx'
import { SubscriptionCounts } from '../parts/subscription-counts.tsx'
import { readForm, textField } from '../read-form.ts'
import { redirect } from '../respond.tsx'
import type { CurrentSite, Page, Request } from '../site.ts'
import { viewerOf } from './account.tsx'

const ISSUES_PER_PAGE = 20
const SUPPRESSIONS_SHOWN = 50

/** `/admin/digests`: what went out and what did not, and everything that can be done about it. */
export const digestsPage: Page = (request, site) => showDigests(request, site)

async function showDigests(request: Request, site: CurrentSite, said?: { isGood: boolean; words: string }) {
  const now = site.clock()
  const before = request.req.query('before')
  const overview = await mailOverview(site.db, now)
  const { issues, next } = await issueReports(site.db, {
    limit: ISSUES_PER_PAGE,
    ...(before ? { before: before.slice(0, 40) } : {}),
  })
  const suppressed = await suppressedAddresses(site.db, SUPPRESSIONS_SHOWN)
  const csrf = <CsrfField request={request} site={site} />
  return adminPage(
    request,
    site,
    { title: 'Digests', intro: 'What went out by mail, what did not, and why', path: '/admin/digests' },
    <>
      {said && (
        <p class={said.isGood ? 'notice' : 'notice alarm'} role={said.isGood ? 'status' : 'alert'}>
          {said.words}
        </p>
      )}
      <State site={site} overview={overview} />
      <div class="panels pairs">
        <Flow csrf={csrf} overview={overview} />
        <CanaryPanel csrf={csrf} site={site} known={await canaries(site.db, 5)} />
        <Test csrf={csrf} />
        <form action="/admin/digests/address" method="post">
          <h2>One address</h2>
          {csrf}
          <p class="note">What it gets, what it got, and why nothing came.</p>
          <label for="look-up">Address</label>
          <span class="row">
            <input id="look-up" name="email" type="email" required maxlength={254} autocomplete="off" />
            <button type="submit">Look up</button>
          </span>
        </form>
      </div>
      <h2>Issues</h2>
      <p class="note">
        What was frozen for some days and kind of mail, and what became of everybody’s copy.{' '}
        <a href="/admin/digests/help">What the words mean</a>
      </p>
      {issues.length === 0 ? (
        <p class="notice">No issue was made yet. The first is, when a subscription is due.</p>
      ) : (
        <IssueRows issues={issues} />
      )}
      {next && (
        <p class="more">
          <a rel="next" href={`/admin/digests?before=${encodeURIComponent(next)}`}>
            Earlier issues
          </a>
        </p>
      )}
      {overview.withoutIssue.length > 0 && (
        <>
          <h2>Promised, but no issue made</h2>
          <p class="note">In the last two weeks.</p>
          <ReasonList reasons={overview.withoutIssue} />
        </>
      )}
      <h2>Subscriptions</h2>
      <SubscriptionCounts counts={overview.subscriptions} />
      <h2>Suppressed addresses</h2>
      <Suppressions csrf={csrf} suppressed={suppressed} />
    </>,
  )
}

function State({ site, overview }: { site: CurrentSite; overview: MailOverview }) {
  const { pausedSince, lastSent, nextPromise, waiting, overdue, returns } = overview
  const { hard = 0, soft = 0, complaint = 0, other = 0 } = returns
  const facts: [string, string][] = [
    ['Last digest', lastSent ? instant(lastSent) : 'none yet'],
    ['Next promised', nextPromise ? instant(nextPromise) : 'none'],
    ['Due and waiting', waiting.toLocaleString('en')],
    [
      'Came back in two weeks',
      `${hard} hard, ${soft} soft, ${other} other; ${complaint === 1 ? '1 complaint' : `${complaint} complaints`}`,
    ],
  ]
  return (
    <>
      {!site.digests && (
        <p class="notice alarm">
          Mail is not set up: set SMTP_URL, PAPERROUND_MAIL_FROM and PAPERROUND_BASE_URL. “paperround doctor” explains
          each.
        </p>
      )}
      {pausedSince && <p class="notice alarm">All digests are paused since {instant(pausedSince)}.</p>}
      {overdue > 0 && !pausedSince && (
        <p class="notice alarm">
          {overdue} subscriptions were promised mail more than four hours ago, and nothing was made of it. Is a worker
          running? See <a href="/admin/jobs">the jobs</a>.
        </p>
      )}
      <dl class="figures">
        {facts.map(([name, value]) => (
          <div>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </>
  )
}

type Csrf = { csrf: unknown }

function Flow({ csrf, overview }: Csrf & { overview: MailOverview }) {
  const isPaused = overview.pausedSince !== undefined
  return (
    <form action="/admin/digests" method="post">
      <h2>{isPaused ? 'Let digests go on' : 'Pause all digests'}</h2>
      {csrf as never}
      <p class="note">
        {isPaused
          ? 'What is due goes out at once; what is due for more than twelve hours is given up, and its papers come with the next mail.'
          : 'Issues are still made and wait. Sign-in links and confirmations go out as ever.'}
      </p>
      <label for="flow-reason">Reason, for the log</label>
      <input id="flow-reason" name="reason" required maxlength={300} autocomplete="off" />
      <button type="submit" name="action" value={isPaused ? 'resume' : 'pause'} class={isPaused ? 'strong' : ''}>
        {isPaused ? 'Go on' : 'Pause'}
      </button>
    </form>
  )
}

function CanaryPanel({ csrf, site, known }: Csrf & { site: CurrentSite; known: Canary[] }) {
  const { canary } = site.settings
  const [newest] = known
  const isOpen = canary !== '' && newest !== undefined && newest.state !== 'sent'
  const state = { waiting: 'not taken yet', sent: 'taken', failed: 'refused' }
  return (
    <form action="/admin/digests" method="post">
      <h2>Canary</h2>
      {csrf as never}
      <p class="note">
        {canary === ''
          ? 'One address can get each day’s digest first; if the server refuses it, no reader gets mail about that day. '
          : `${canary} gets each day’s digest before any reader. `}
        <a href="/admin/settings#setting-canary">{canary === '' ? 'Set an address' : 'Change'}</a>
      </p>
      {canary !== '' && newest && (
        <p>
          {shortDay(newest.day)}:{' '}
          <b class={`state ${newest.state === 'sent' ? 'fine' : 'broken'}`}>{state[newest.state]}</b>
          {newest.state === 'sent' && newest.settledAt ? `, ${instant(newest.settledAt)}` : ''}
          {newest.state !== 'sent' && newest.reply ? `: ${newest.reply}` : ''}
        </p>
      )}
      {isOpen && (
        <>
          <input type="hidden" name="day" value={newest.day} />
          <p class="buttons">
            <button type="submit" name="action" value="canary-again">
              Try it again
            </button>
            <button type="submit" name="action" value="canary-skip">
              Send without it
            </button>
          </p>
        </>
      )}
    </form>
  )
}

function Test({ csrf }: Csrf) {
  return (
    <form action="/admin/digests" method="post">
      <h2>Send a test to me</h2>
      {csrf as never}
      <p class="note">To the address of your account, and to nobody else.</p>
      <label for="test-kind">Mail</label>
      <span class="row">
        <select id="test-kind" name="kind">
          <option value="edition">Papers of the day</option>
          <option value="trending">Trending papers</option>
        </select>
        <button type="submit" name="action" value="test">
          Send to me
        </button>
      </span>
      <p class="below">
        <a href="/admin/digests/preview">Preview with any settings</a>, in this browser
      </p>
    </form>
  )
}

function Suppressions({ csrf, suppressed }: Csrf & { suppressed: Suppressed[] }) {
  if (suppressed.length === 0) return <p class="note">None. Every confirmed address gets its mail.</p>
  return (
    <>
      <p class="note">
        Readers release their address themselves, by subscribing and confirming again; after a complaint only you can.
        Release one when its owner says that mail is welcome.
      </p>
      <ul class="rows">
        {suppressed.map(({ hash, hint, reason, evidence, since }) => (
          <li>
            <div>
              <b>{hint}</b> <OutcomeMarks reason={reason} />
              <p class="note">
                Since {instant(since)}: {evidence || 'nothing was said'}
              </p>
            </div>
            <form class="inline" action="/admin/digests" method="post">
              {csrf as never}
              <input type="hidden" name="hash" value={hash} />
              <input
                name="reason"
                required
                maxlength={300}
                placeholder="Reason"
                aria-label={`Reason for releasing ${hint}`}
                autocomplete="off"
              />
              <button type="submit" name="action" value="release" aria-label={`Release ${hint}`}>
                Release
              </button>
            </form>
          </li>
        ))}
      </ul>
    </>
  )
}

/** `POST /admin/digests`: one of the page's buttons; each leaves a line in the log. */
export const digestsAction: Page = async (request, site) => {
  const { personId } = viewerOf(request)
  const form = await readForm(request)
  const action = textField(form, 'action')
  const reason = textField(form, 'reason').slice(0, 300)
  const change = { actorId: personId, at: site.clock(), ...(reason ? { reason } : {}) }
  if (action === 'pause' || action === 'resume') {
    const isChanged = await setMailFlow(site.db, action === 'pause' ? 'paused' : 'flowing', change)
    // That they are paused stands on the page anyhow.
    if (isChanged && action === 'pause') return redirect('/admin/digests', 303)
    return redirect(`/admin/digests?done=${isChanged ? 'flowing' : 'unchanged'}`, 303)
  }
  if (action === 'canary-again' || action === 'canary-skip') {
    const day = textField(form, 'day') || currentAnnouncementDay(site.clock())
    await decideCanary(site.db, day, action === 'canary-again' ? 'again' : 'go on', change)
    return redirect('/admin/digests?done=asked', 303)
  }
  if (action === 'release') {
    await releaseByHand(site.db, textField(form, 'hash'), change)
    return redirect('/admin/digests?done=released', 303)
  }
  if (action === 'test') return sendTestTo(request, site, personId, textField(form, 'kind'), change)
  throw new AppError('bad_request', 'Use one of the buttons of the page.')
}

async function sendTestTo(
  request: Request,
  site: CurrentSite,
  personId: string,
  kind: string,
  change: { actorId: string; at: Date },
): Promise<Response> {
  const person = await personById(site.db, personId)
  if (!site.digests) throw new AppError('conflict', 'Mail is not set up on this site.')
  if (!person?.email || person.email_verified !== 1)
    throw new AppError('bad_request', 'Your account has no confirmed address. Confirm one at /account first.')
  const want = { kind: kind === 'trending' ? 'trending' : 'edition' } as const
  const draft = { ...defaultSettings(site.config.timeZone), want }
  const { isSent, words } = await sendTest(site.digests, { draft, to: person.email }, change)
  const said = isSent ? `The server took it for ${person.email}: ${words}` : `Nothing was sent: ${words}`
  return showDigests(request, site, { isGood: isSent, words: said })
}
