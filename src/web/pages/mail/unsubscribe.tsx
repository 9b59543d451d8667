import {
  endSubscription,
  findByUnsubscribeToken,
  isToken,
  type Subscription,
  undoEnd,
  wantSentence,
} from '../../../digest/index.ts'
import { AppError } from '../../../errors.ts'
import { networkOf } from '../../client-address.ts'
import type { Page, Request, Site } from '../../site.ts'
import { SimplePage, sendSimple } from './simple-page.tsx'

// RFC 8058. The POST comes from mailbox providers: no cookie, no token of a form, no redirect, never too often.

/** `GET /u/TOKEN`: changes nothing, whoever follows the link; one button that does. */
export const unsubscribePage: Page = async (request, site) => {
  const { subscription, preferences } = await find(request, site)
  if (subscription.state === 'ended') return ended(request, site, subscription, preferences)
  return sendSimple(
    request,
    <SimplePage site={site} request={request} title="Stop this mail?">
      <p>You get {wantSentence(subscription.want)}.</p>
      <form method="post" action={`/u/${subscription.token}`}>
        <button class="main" type="submit" name="from" value="page" autofocus>
          Stop it
        </button>
      </form>
      <p>
        <a href={preferences}>Change it instead: less often, other papers, a pause</a>
      </p>
    </SimplePage>,
  )
}

/** `POST /u/TOKEN`: at once, and again without harm. Both encodings of RFC 8058, and the button of the page. */
export const unsubscribeAction: Page = async (request, site) => {
  const { subscription, preferences } = await find(request, site)
  const form = await request.req.parseBody().catch(() => ({}) as Record<string, unknown>) // any body, or none, ends it
  const how = form.from === 'page' ? 'page' : 'one-click'
  const origin = { how, network: networkOf(request) }
  await endSubscription(site.db, subscription.token, how, origin, site.clock())
  return ended(request, site, { ...subscription, state: 'ended' }, preferences)
}

/** `POST /u/TOKEN/undo`: for somebody whose forwarded mail a colleague stopped. */
export const undoAction: Page = async (request, site) => {
  const { subscription, preferences } = await find(request, site)
  const origin = { how: 'undo', network: networkOf(request) }
  const now = await undoEnd(site.db, subscription.token, origin, site.clock())
  if (now?.state !== 'active') return ended(request, site, subscription, preferences)
  return sendSimple(
    request,
    <SimplePage site={site} request={request} title="You get it again">
      <p>You get {wantSentence(subscription.want)} as before.</p>
      <p>
        <a href={preferences}>Change it</a>
      </p>
    </SimplePage>,
  )
}

function ended(request: Request, site: Site, subscription: Subscription, preferences: string) {
  return sendSimple(
    request,
    <SimplePage site={site} request={request} title="You are unsubscribed">
      <p>No more mail about {wantSentence(subscription.want)}. Nothing else has changed; an account stays as it is.</p>
      <form method="post" action={`/u/${subscription.token}/undo`}>
        <button type="submit">Undo: send it to me again</button>
      </form>
      <p>
        <a href={preferences}>Your other subscriptions</a>
      </p>
    </SimplePage>,
  )
}

async function find(request: Request, site: Site) {
  const token = request.req.param('token') ?? ''
  const found = isToken(token) ? await findByUnsubscribeToken(site.db, token) : undefined
  if (!found) throw new AppError('not_found', 'There is no page at this address.')
  return { subscription: found.subscription, preferences: `/mail/${found.preferencesToken}` }
}
