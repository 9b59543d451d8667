import type { Child } from 'hono/jsx'
import { AppError } from '../../errors.ts'
import {
  planSubmission,
  requestsOf,
  rulesInWords,
  type Submission,
  type SubmissionPlan,
  type SubmissionRequest,
  submitPaper,
  whyNotNow,
} from '../../feed/index.ts'
import {
  type Card,
  cardsOf,
  currentAnnouncementDay,
  dayInWords,
  type Identifier,
  paperPath,
  parsePaperAddress,
  publicId,
} from '../../papers/index.ts'
import { hasConfirmedClaim, type Viewer } from '../../people/index.ts'
import type { FetchedPaper } from '../../sources/index.ts'
import { absoluteUrl } from '../absolute-url.ts'
import { Layout } from '../layout.tsx'
import { CsrfField } from '../parts/csrf-field.tsx'
import { shortDay } from '../parts/dates.ts'
import { PaperList } from '../parts/paper-list.tsx'
import { readerOf } from '../parts/reader.ts'
import { readForm, textField } from '../read-form.ts'
import { redirect, sendHtml } from '../respond.tsx'
import type { CurrentSite, Page, Request } from '../site.ts'

const MAX_COMMENT = 1_000
const REQUESTS_SHOWN = 20

/**
 * `/papers/submit`: the rules, a field, and with `?id=` what was found and what submitting it would do. Nothing changes
 * and no address is asked before the form is sent.
 */
export const submitPage: Page = async (request, site) => {
  const text = request.req.query('id')?.trim() ?? ''
  const viewer = request.get('viewer')
  if (text === '' || !viewer) return showPage(request, site, { text })
  const found = parsePaperAddress(text)
  if (!found) return showPage(request, site, { text, problem: unreadable(text) }, 400)
  const { identifier } = found
  const plan = await planSubmission(site.db, await submissionOf(request, site, viewer, identifier))
  const isLate = request.req.query('late') !== undefined
  const mayFind = site.lookUp !== undefined && identifier.source === 'arxiv' && plan.kind === 'queue' && !plan.again
  return showPage(request, site, { text, identifier, plan, ...(mayFind ? { find: isLate ? 'late' : 'first' } : {}) })
}

/**
 * `POST /papers/submit/find`: asks arXiv for a paper that is not stored, which takes up to ten seconds, and leads to what
 * was found; or says that it has to wait.
 */
export const findAction: Page = async (request, site) => {
  const form = await readForm(request)
  const text = textField(form, 'id')
  const found = parsePaperAddress(text)
  if (!found) return showPage(request, site, { text, problem: unreadable(text) }, 400)
  const { identifier } = found
  const name = encodeURIComponent(publicId(identifier))
  const result = await lookUp(site, identifier)
  if (result?.kind === 'unknown') return showPage(request, site, { text, problem: result.message }, 404)
  return redirect(`/papers/submit?id=${name}${result?.kind === 'queued' ? '&late=1' : ''}` as `/${string}`, 303)
}

/** Undefined where arXiv is not asked, or not of this paper. */
async function lookUp(site: CurrentSite, { source, id }: Identifier): Promise<FetchedPaper | undefined> {
  if (source !== 'arxiv' || !site.lookUp) return undefined
  const result = await site.lookUp(id)
  // What came too late for somebody who waits comes with the next look at single papers.
  if (result.kind === 'queued') await site.jobs.fetchSoon()
  return result
}

/** `POST /papers/submit`: does it, and leads to the paper; a paper that is not stored is asked for, or waits. */
export const submitAction: Page = async (request, site) => {
  const viewer = request.get('viewer')
  if (!viewer) throw new AppError('not_signed_in', 'Sign in to submit papers.')
  const form = await readForm(request)
  const text = textField(form, 'id')
  const comment = textField(form, 'comment')
  const found = parsePaperAddress(text)
  if (!found) return showPage(request, site, { text, comment, problem: unreadable(text) }, 400)
  if (comment.length > MAX_COMMENT) {
    const problem = `The comment has ${comment.length} characters; ${MAX_COMMENT} are allowed. Shorten it and send it again.`
    return showPage(request, site, { text, comment, problem }, 400)
  }
  const { identifier } = found
  const submit = async () =>
    submitPaper(site.db, { ...(await submissionOf(request, site, viewer, identifier)), comment })
  let plan = await submit()
  if (plan.kind === 'queue' && (await lookUp(site, identifier))?.kind === 'found') plan = await submit()
  if (plan.kind === 'refused') return showPage(request, site, { text, comment, identifier, plan }, 403)
  if (plan.kind === 'queue') {
    return redirect(`/papers/submit?queued=${encodeURIComponent(publicId(identifier))}` as `/${string}`, 303)
  }
  return redirect(`${paperPath(identifier)}?submitted=${plan.kind}` as `/${string}`, 303)
}

async function submissionOf(
  request: Request,
  site: CurrentSite,
  viewer: Viewer,
  identifier: Identifier,
): Promise<Submission> {
  const address = request.get('address')
  return {
    submitter: await submitterOf(site, viewer),
    identifier,
    rules: site.settings,
    now: site.clock(),
    network: address ? site.networkHash(address) : undefined,
  }
}

const submitterOf = async (site: CurrentSite, { personId, role }: Viewer) => ({
  personId,
  role,
  hasClaim: site.settings.submitWho === 'authors' && (await hasConfirmedClaim(site.db, personId)),
})

function unreadable(text: string): string {
  if (text === '') return 'Give the id or the address of a paper.'
  return `"${text.slice(0, 80)}" names no paper that we can tell. Give an arXiv id such as 2401.00001, a DOI, or an address at arXiv, alphaXiv, Hugging Face, SciRate, ACL Anthology, OpenReview, bioRxiv or medRxiv.`
}

type Shown = {
  text: string
  comment?: string
  problem?: string
  identifier?: Identifier
  plan?: SubmissionPlan
  /** arXiv can be asked for it; `late`: it was asked and did not answer in time. */
  find?: 'first' | 'late'
}

async function showPage(
  request: Request,
  site: CurrentSite,
  shown: Shown,
  status: 200 | 400 | 403 | 404 = 200,
): Promise<Response> {
  const { db, settings } = site
  const viewer = request.get('viewer')
  const now = site.clock()
  const today = currentAnnouncementDay(now)
  const { plan } = shown
  const paperId = plan && 'paperId' in plan ? plan.paperId : undefined
  const cards = paperId === undefined ? [] : await cardsOf(db, [paperId], today)
  const closed = viewer && whyNotNow(settings, await submitterOf(site, viewer), now)
  const requests = viewer ? await requestsOf(db, viewer.personId, REQUESTS_SHOWN) : []
  const queued = request.req.query('queued')
  return sendHtml(
    request,
    String(
      <Layout
        site={site}
        request={request}
        title="Submit a paper"
        canonical="/papers/submit"
        section="submit"
        description={`Submit a paper to ${site.config.name}: the rules, and the form.`}
      >
        <div class="lead">
          <div>
            <h1>Submit a paper</h1>
            <p class="by-line">It goes into the edition of {dayInWords(today)}, with your upvote</p>
          </div>
        </div>
        <div class="submit">
          <div>
            {queued && (
              <p class="notice" role="status">
                <strong>{queued}</strong> is not stored here yet. It waits: once it has been gathered it is listed, with
                your upvote and your comment. You find it below.
              </p>
            )}
            {shown.problem && (
              <p class="notice alarm" role="alert">
                {shown.problem}
              </p>
            )}
            {!viewer ? (
              <SignInFirst text={shown.text} />
            ) : (
              <>
                {closed && !plan && <p class="notice">{closed}</p>}
                <FindForm request={request} site={site} text={shown.text} isSecond={plan !== undefined} />
                {plan && (
                  <Preview request={request} site={site} shown={shown} plan={plan}>
                    {cards.length > 0 && (
                      <PaperList cards={cards} reader={await readerOf(request, site, cards)} headings="h3" />
                    )}
                  </Preview>
                )}
                <Requests requests={requests} />
              </>
            )}
          </div>
          <aside class="rules" aria-labelledby="rules-title">
            <h2 id="rules-title">The rules here</h2>
            <ul>
              {rulesInWords(settings).map((rule) => (
                <li>{rule}</li>
              ))}
              <li>Editors can move papers and take them out, each time with a reason.</li>
            </ul>
            <Bookmarklet address={absoluteUrl(site, request, '/papers/submit?id=')} />
          </aside>
        </div>
      </Layout>,
    ),
    status,
  )
}

function SignInFirst({ text }: { text: string }) {
  const back = text ? `/papers/submit?id=${encodeURIComponent(text)}` : '/papers/submit'
  return (
    <p class="more">
      <a href={`/sign-in?back=${encodeURIComponent(back)}`}>Sign in to submit a paper</a>
    </p>
  )
}

type FindProps = { request: Request; site: CurrentSite; text: string; isSecond: boolean }

function FindForm({ request, site, text, isSecond }: FindProps) {
  return (
    <form class="find" action="/papers/submit/find" method="post">
      <CsrfField request={request} site={site} />
      <label for="submit-id">{isSecond ? 'Another paper' : 'Id or address of the paper'}</label>
      <span class="row">
        <input
          id="submit-id"
          name="id"
          type="text"
          required
          maxlength={500}
          value={text}
          placeholder="2401.00001, a DOI, or a link"
          autocomplete="off"
          spellcheck={false}
        />
        <button type="submit">Find it</button>
      </span>
    </form>
  )
}

type PreviewProps = {
  request: Request
  site: CurrentSite
  shown: Shown
  plan: SubmissionPlan
  children?: Child
}

function Preview({ request, site, shown, plan, children }: PreviewProps) {
  const name = shown.identifier ? publicId(shown.identifier) : shown.text
  return (
    <section class="preview" aria-labelledby="preview-title">
      <h2 id="preview-title">{plan.kind === 'queue' ? 'Not stored here yet' : 'Found'}</h2>
      {children}
      {plan.kind === 'refused' ? (
        <p class="notice alarm" role="alert">
          {plan.text}
        </p>
      ) : (
        <>
          {shown.find && <AskArxiv request={request} site={site} name={name} isLate={shown.find === 'late'} />}
          <form action="/papers/submit" method="post">
            <CsrfField request={request} site={site} />
            <input type="hidden" name="id" value={name} />
            <p>{planText(plan, name)}</p>
            {plan.kind !== 'removed' && (
              <>
                <label for="submit-comment">A comment for other readers, if you like</label>
                <textarea id="submit-comment" name="comment" rows={3} maxlength={MAX_COMMENT}>
                  {shown.comment ?? ''}
                </textarea>
              </>
            )}
            <button class="strong" type="submit">
              {plan.kind === 'list' || plan.kind === 'queue' ? 'Submit' : 'Upvote'}
            </button>
          </form>
        </>
      )}
    </section>
  )
}

/** For a paper that is not stored: whoever came by the bookmarklet has not asked arXiv yet. */
function AskArxiv(props: { request: Request; site: CurrentSite; name: string; isLate: boolean }) {
  const { request, site, name, isLate } = props
  return (
    <form class="ask-archive" action="/papers/submit/find" method="post">
      <CsrfField request={request} site={site} />
      <input type="hidden" name="id" value={name} />
      {isLate && (
        <p class="notice" role="status">
          arXiv has not sent it yet, and is asked again by itself. Look again in a while; or submit the paper now, and
          it is listed as soon as it has come.
        </p>
      )}
      <button type="submit">{isLate ? 'Look again' : 'Look for it at arXiv'}</button>
      {!isLate && <span class="note"> takes up to ten seconds</span>}
    </form>
  )
}

function planText(plan: Exclude<SubmissionPlan, { kind: 'refused' }>, name: string): string {
  if (plan.kind === 'list') return `Goes into the edition of ${dayInWords(plan.day)}, with your upvote.`
  if (plan.kind === 'listed_before')
    return `Listed already, in the edition of ${dayInWords(plan.day)}: submitting it adds your upvote and your comment.`
  if (plan.kind === 'removed')
    return `An editor took this paper out of its edition (${plan.reason}), so it is not listed again. You can upvote it.`
  if (plan.again)
    return `You have submitted ${name} already; it waits to be gathered. Sending it again keeps the newer comment.`
  return `${name} is not stored here. Submit it, and it is listed once it has been gathered: as soon as possible, else with the next batch.`
}

const states: Record<SubmissionRequest['state'], string> = {
  queued: 'waiting to be gathered',
  listed: 'listed',
  failed: 'not listed',
}

function Requests({ requests }: { requests: SubmissionRequest[] }) {
  if (requests.length === 0) return null
  return (
    <section class="requests">
      <h2>What you submitted before it was stored</h2>
      <ul>
        {requests.map((one: SubmissionRequest & { card?: Card }) => (
          <li>
            {one.state === 'listed' ? <a href={paperPath(one)}>{publicId(one)}</a> : <b>{publicId(one)}</b>}{' '}
            <span class="note">
              {shortDay(one.at.slice(0, 10))}, {states[one.state]}
              {one.problem ? `: ${one.problem}` : ''}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Dragged to the bookmarks bar it runs on the page of the paper, not here, where our policy forbids it. */
function Bookmarklet({ address }: { address: string }) {
  const code = `javascript:location.href=${JSON.stringify(address)}+encodeURIComponent(location.href)`
  return (
    <section class="bookmarklet">
      <h2>From any page</h2>
      <p>
        Drag this link to your bookmarks bar:{' '}
        <a class="handle" href={code} rel="nofollow">
          Submit to here
        </a>
      </p>
      <details>
        <summary>Or make a bookmark with this as its address</summary>
        <pre tabindex={0}>{code}</pre>
      </details>
      <p class="note">On the page of a paper it opens this form, filled in.</p>
    </section>
  )
}
