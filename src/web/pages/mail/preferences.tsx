import {
  changeSubscription,
  defaultSettings,
  findOwn,
  findPreferences,
  forgetAddress,
  isToken,
  type Preferences,
  type Subscription,
  type SubscriptionSettings,
  scheduleSentence,
  sendNow,
  subscribeMore,
  wantSentence,
} from '../../../digest/index.ts'
import { AppError } from '../../../errors.ts'
import { networkOf } from '../../client-address.ts'
import { instantIn } from '../../parts/dates.ts'
import { sentence } from '../../parts/sentence.ts'
import { SubscriptionFields, ZoneList } from '../../parts/subscription-fields.tsx'
import { readForm, textField } from '../../read-form.ts'
import { redirect } from '../../respond.tsx'
import type { Page, Request, Site } from '../../site.ts'
import { readSettings, type SubscriptionValues, typedValues, valuesOf, weekdaysOf } from '../../subscription-form.ts'
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
export const preferencesPage: Page = (request, site) => showPreferences(request, site)

/** A form that was sent with something wrong in it: of a subscription, or of a new one. */
type Typed = { id: string; values: SubscriptionValues; problem: string }

async function showPreferences(request: Request, site: Site, typed?: Typed): Promise<Response> {
  const { subscriber, subscriptions } = await find(request, site)
  const current = subscriptions.filter(({ state }) => state === 'active' || state === 'paused')
  const ended = subscriptions.filter(({ state }) => state === 'ended')
  const base = `/mail/${subscriber.token}`
  const isNew = request.req.query('confirmed') === 'yes' || request.req.query('subscribed') === 'yes'
  const sent = sentWords[request.req.query('sent') ?? '']
  const fresh = valuesOf(defaultSettings(site.config.timeZone))
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
      {typed && (
        <p class="notice alarm" role="alert">
          Nothing was changed. {typed.problem}
        </p>
      )}
      {subscriptions.length === 0 && <p class="notice">Nothing is sent to this address.</p>}
      {current.map((one) => (
        <SubscriptionSection
          subscription={one}
          base={base}
          {...(typed?.id === one.id ? { typed: typed.values } : {})}
        />
      ))}
      {ended.length > 0 && (
        <section class="subscription-section">
          <h2>Stopped</h2>
          {ended.map((one) => (
            <form method="post" action={`${base}/${one.id}`} class="line">
              <span>{sentence(wantSentence(one.want))}</span>
              <button type="submit" name="action" value="resume" aria-label={`Begin again: ${wantSentence(one.want)}`}>
                Begin again
              </button>
            </form>
          ))}
        </section>
      )}
      <details class="subscription-section" open={typed?.id === 'new'}>
        <summary>Subscribe to something else</summary>
        <form class="subscription" method="post" action={`${base}/add`}>
          <SubscriptionFields
            values={typed?.id === 'new' ? typed.values : fresh}
            prefix="new-"
            guessZone={typed?.id !== 'new'}
          />
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
      <p class="note">
        Searches that you keep with an account stand at <a href="/searches">your searches</a>; each can come by mail.{' '}
        <a href="/about/mail">About the mail</a>
      </p>
      <ZoneList />
    </SimplePage>,
    typed ? 400 : 200,
  )
}

type SectionProps = { subscription: Subscription; base: string; typed?: SubscriptionValues }

function SubscriptionSection({ subscription, base, typed }: SectionProps) {
  const { id, state, nextAt, lastSentAt, pausedUntil, zone } = subscription
  const what = wantSentence(subscription.want)
  return (
    <section class="subscription-section">
      <h2>{sentence(wantSentence(subscription.want))}</h2>
      <p>
        {sentence(scheduleSentence(subscription))}, at most {subscription.length} papers.{' '}
        {state === 'paused' && pausedUntil && <strong>Paused until {instantIn(pausedUntil, zone)}. </strong>}
        {state === 'active' && nextAt && <>Next: {instantIn(nextAt, zone)}. </>}
        {lastSentAt ? <>Last sent: {instantIn(lastSentAt, zone)}.</> : 'Nothing was sent yet.'}
      </p>
      <form method="post" action={`${base}/${id}`}>
        <div class="line">
          {state === 'active' && (
            <button type="submit" name="action" value="now" aria-label={`Send me today’s now: ${what}`}>
              Send me today’s now
            </button>
          )}
          <button type="submit" name="action" value="end" aria-label={`Stop: ${what}`}>
            Stop
          </button>
          <a href={`${base}/${id}/preview`} aria-label={`Preview: ${what}`}>
            Preview
          </a>
        </div>
        <div class="line">
          {state === 'paused' ? (
            <button type="submit" name="action" value="resume" aria-label={`Go on now: ${what}`}>
              Go on now
            </button>
          ) : (
            <>
              <span>Pause for</span>
              {PAUSE_DAYS.map((days) => (
                <button
                  type="submit"
                  name="action"
                  value={`pause-${days}`}
                  aria-label={`Pause for ${days} days: ${what}`}
                >
                  {days} days
                </button>
              ))}
            </>
          )}
        </div>
      </form>
      <details open={typed !== undefined}>
        <summary>Change what and when</summary>
        <form class="subscription" method="post" action={`${base}/${id}`}>
          <SubscriptionFields values={typed ?? valuesOf(subscription)} prefix={`${id}-`} />
          <button class="main" type="submit" name="action" value="save">
            Save
          </button>
        </form>
      </details>
    </section>
  )
}

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
  if (action === 'save')
    return orShowAgain(request, site, { id, form, before: own }, async (settings) => {
      await changeSubscription(site.db, subscriber.token, id, { kind: 'settings', settings }, origin, now)
    })
  const pause = /^pause-(\d{1,2})$/.exec(action)?.[1]
  const change = pause
    ? ({ kind: 'pause', until: new Date(now.getTime() + Number(pause) * 86_400_000) } as const)
    : action === 'resume'
      ? ({ kind: 'resume' } as const)
      : action === 'end'
        ? ({ kind: 'end' } as const)
        : undefined
  if (!change) throw new AppError('bad_request', 'Use one of the buttons of the page.')
  await changeSubscription(site.db, subscriber.token, id, change, origin, now)
  return redirect(base, 303)
}

/** `POST /mail/TOKEN/add`: one more for an address that was proved. */
export const addAction: Page = async (request, site) => {
  const { subscriber } = await find(request, site)
  const form = await readForm(request)
  const origin = { how: 'preferences', network: networkOf(request) }
  const before = defaultSettings(site.config.timeZone)
  return orShowAgain(request, site, { id: 'new', form, before }, async (settings) => {
    await subscribeMore(site.db, subscriber.token, settings, origin, site.clock())
  })
}

type Sent = { id: string; form: Record<string, unknown>; before: SubscriptionSettings }

/** Reads a form of settings and does something with them; what is wrong in it is shown beside what was typed. */
async function orShowAgain(
  request: Request,
  site: Site,
  { id, form, before }: Sent,
  act: (settings: SubscriptionSettings) => Promise<void>,
): Promise<Response> {
  const field = (name: string) => textField(form, name)
  const weekdays = await weekdaysOf(request)
  try {
    await act(await readSettings(site.db, field, weekdays, before))
    return redirect(`/mail/${request.req.param('token')}`, 303)
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'bad_request') throw error
    return showPreferences(request, site, { id, values: typedValues(field, weekdays, before), problem: error.message })
  }
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
