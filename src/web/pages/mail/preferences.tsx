import {
  changeSubscription,
  findOwn,
  findPreferences,
  forgetAddress,
  isToken,
  type Preferences,
  type Subscription,
  scheduleSentence,
  sendNow,
  subscribeMore,
  wantSentence,
} from '../../../digest/index.ts'
import { AppError } from '../../../errors.ts'
import { networkOf } from '../../client-address.ts'
import { instant } from '../../parts/dates.ts'
import { SubscriptionFields, ZoneList } from '../../parts/subscription-fields.tsx'
import { readForm, textField } from '../../read-form.ts'
import { redirect } from '../../respond.tsx'
import type { Page, Request, Site } from '../../site.ts'
import { readSettings, suggestedSettings } from '../../subscription-form.ts'
import { SimplePage, sendSimple } from './simple-page.tsx'

/** What "Send me today's now" led to. */
const sentWords: Record<string, string> = {
  planned: 'It is on its way to you. Asked for again within the hour, it does not come twice.',
  nothing: 'There is nothing new to send just now.',
  paused: 'All mail of this site is paused by its administrators just now. Try again later.',
  off: 'Mail is not set up on this site.',
}

const PAUSE_DAYS = [7, 14, 30]

/** `GET /mail/TOKEN`: everything about the mail to one address, without signing in. */
export const preferencesPage: Page = async (request, site) => {
  const { subscriber, subscriptions } = await find(request, site)
  const current = subscriptions.filter(({ state }) => state === 'active' || state === 'paused')
  const ended = subscriptions.filter(({ state }) => state === 'ended')
  const base = `/mail/${subscriber.token}`
  const isNew = request.req.query('confirmed') === 'yes'
  const sent = sentWords[request.req.query('sent') ?? '']
  return sendSimple(
    request,
    <SimplePage
      site={site}
      request={request}
      title={isNew ? 'You are subscribed' : 'Your mail'}
      lead={`Mail to ${subscriber.email}. Who has this address of a page can change it: keep it to yourself.`}
    >
      {sent && (
        <p class="notice" role="status">
          {sent}
        </p>
      )}
      {subscriptions.length === 0 && <p class="notice">Nothing is sent to this address.</p>}
      {current.map((one) => (
        <SubscriptionSection subscription={one} base={base} />
      ))}
      {ended.length > 0 && (
        <section>
          <h2>Stopped</h2>
          {ended.map((one) => (
            <form method="post" action={`${base}/${one.id}`} class="line">
              <span>{sentence(wantSentence(one.want))}</span>
              <button type="submit" name="action" value="resume">
                Begin again
              </button>
            </form>
          ))}
        </section>
      )}
      <details class="subscription-section">
        <summary>Subscribe to something else</summary>
        <form class="subscription" method="post" action={`${base}/add`}>
          <SubscriptionFields settings={suggestedSettings(() => '', site.config.timeZone)} prefix="new-" guessZone />
          <button class="main" type="submit">
            Subscribe
          </button>
        </form>
      </details>
      <details class="subscription-section">
        <summary>Delete everything</summary>
        <form method="post" action={`${base}/delete`}>
          <p>This address and its subscriptions are forgotten. An account, if there is one, stays.</p>
          <button type="submit">Delete everything about this address</button>
        </form>
      </details>
      <ZoneList />
    </SimplePage>,
  )
}

function SubscriptionSection({ subscription, base }: { subscription: Subscription; base: string }) {
  const { id, state, nextAt, lastSentAt, pausedUntil } = subscription
  return (
    <section class="subscription-section">
      <h2>{sentence(wantSentence(subscription.want))}</h2>
      <p>
        {sentence(scheduleSentence(subscription))}.{' '}
        {state === 'paused' && pausedUntil && <strong>Paused until {instant(pausedUntil.toISOString())}. </strong>}
        {state === 'active' && nextAt && <>Next: {instant(nextAt.toISOString())}. </>}
        {lastSentAt ? <>Last sent {instant(lastSentAt.toISOString())}.</> : 'Nothing was sent yet.'}
      </p>
      <form method="post" action={`${base}/${id}`} class="line">
        {state === 'paused' ? (
          <button type="submit" name="action" value="resume">
            Go on now
          </button>
        ) : (
          PAUSE_DAYS.map((days) => (
            <button type="submit" name="action" value={`pause-${days}`}>
              Pause {days} days
            </button>
          ))
        )}
        <button type="submit" name="action" value="now">
          Send me today’s now
        </button>
        <button type="submit" name="action" value="end">
          Stop
        </button>
        <a href={`${base}/${id}/preview`}>Preview</a>
      </form>
      <details>
        <summary>Change</summary>
        <form class="subscription" method="post" action={`${base}/${id}`}>
          <SubscriptionFields settings={subscription} prefix={`${id}-`} />
          <button class="main" type="submit" name="action" value="save">
            Save
          </button>
        </form>
      </details>
    </section>
  )
}

const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

/** `POST /mail/TOKEN/ID`: one of the buttons of a subscription. */
export const changeAction: Page = async (request, site) => {
  const { subscriber } = await find(request, site)
  const id = request.req.param('id') ?? ''
  const own = await findOwn(site.db, subscriber.token, id)
  if (!own) throw new AppError('not_found', 'This subscription is not one of this address.')
  const form = await readForm(request)
  const action = textField(form, 'action')
  const now = site.clock()
  const origin = { how: 'preferences', network: networkOf(request) }
  const base = `/mail/${subscriber.token}` as const
  if (action === 'now') {
    const made = site.digests ? await sendNow(site.digests, id, now) : 'off'
    return redirect(`${base}?sent=${made}`, 303)
  }
  const pause = /^pause-(\d{1,2})$/.exec(action)?.[1]
  const change = pause
    ? ({ kind: 'pause', until: new Date(now.getTime() + Number(pause) * 86_400_000) } as const)
    : action === 'resume'
      ? ({ kind: 'resume' } as const)
      : action === 'end'
        ? ({ kind: 'end' } as const)
        : action === 'save'
          ? ({ kind: 'settings', settings: await readOwn(request, form, own) } as const)
          : undefined
  if (!change) throw new AppError('bad_request', 'Use one of the buttons of the page.')
  await changeSubscription(site.db, subscriber.token, id, change, origin, now)
  return redirect(base, 303)
}

async function readOwn(request: Request, form: Record<string, unknown>, before: Subscription) {
  const all = await request.req.parseBody({ all: true })
  const weekdays = [all.weekdays ?? []].flat().filter((day): day is string => typeof day === 'string')
  return readSettings((name) => textField(form, name), weekdays, before)
}

/** `POST /mail/TOKEN/add`: one more for an address that was proved. */
export const addAction: Page = async (request, site) => {
  const { subscriber } = await find(request, site)
  const form = await readForm(request)
  const settings = await readOwn(request, form, suggestedSettings(() => '', site.config.timeZone) as Subscription)
  const origin = { how: 'preferences', network: networkOf(request) }
  await subscribeMore(site.db, subscriber.token, settings, origin, site.clock())
  return redirect(`/mail/${subscriber.token}`, 303)
}

/** `POST /mail/TOKEN/delete`: the address is forgotten. */
export const deleteAction: Page = async (request, site) => {
  const { subscriber } = await find(request, site)
  const origin = { how: 'preferences', network: networkOf(request) }
  await forgetAddress(site.db, subscriber.token, origin, site.clock())
  return sendSimple(
    request,
    <SimplePage
      site={site}
      request={request}
      title="Everything is deleted"
      lead="The address and its subscriptions are gone. No more mail comes."
    >
      <p>
        <a href="/">To the papers</a>
      </p>
    </SimplePage>,
  )
}

async function find(request: Request, site: Site): Promise<Preferences> {
  const token = request.req.param('token') ?? ''
  const found = isToken(token) ? await findPreferences(site.db, token) : undefined
  if (!found) throw new AppError('not_found', 'There is no page at this address.')
  return found
}
