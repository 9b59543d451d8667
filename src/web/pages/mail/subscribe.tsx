import {
  askToSubscribe,
  CONFIRM_DAYS,
  confirmSubscriptions,
  defaultSettings,
  findConfirmation,
  findPreferences,
  type SubscriptionSettings,
  scheduleSentence,
  subscribePerson,
  wantSentence,
} from '../../../digest/index.ts'
import { AppError } from '../../../errors.ts'
import { networkOf } from '../../client-address.ts'
import { CsrfField } from '../../parts/csrf-field.tsx'
import { SubscriptionFields, ZoneList } from '../../parts/subscription-fields.tsx'
import { readForm, textField } from '../../read-form.ts'
import { redirect } from '../../respond.tsx'
import type { Page, Request, Site } from '../../site.ts'
import {
  readSettings,
  type SubscriptionValues,
  suggestedSettings,
  typedValues,
  valuesOf,
  weekdaysOf,
} from '../../subscription-form.ts'
import { SimplePage, sendSimple } from './simple-page.tsx'

/** `GET /subscribe`: the whole form. Links elsewhere may fill it: `/subscribe?kind=search&query=…`. */
export const subscribePage: Page = async (request, site) => {
  const field = (name: string) => request.req.query(name) ?? ''
  const settings = await suggestedSettings(site.db, field, site.config.timeZone)
  return showForm(request, site, { values: valuesOf(settings), email: '', guessZone: true })
}

type Shown = { values: SubscriptionValues; email: string; guessZone: boolean; problem?: string }

function showForm(request: Request, site: Site, { values, email, guessZone, problem }: Shown): Promise<Response> {
  const viewer = request.get('viewer')
  return sendSimple(
    request,
    <SimplePage
      site={site}
      request={request}
      title="Papers by mail"
      lead="One mail when there is something to read. It stops at one click, and nothing in it watches you."
    >
      {problem && (
        <p class="notice alarm" role="alert">
          {problem}
        </p>
      )}
      {!site.digests && (
        <p class="notice">Mail is not set up on this site. Your address waits and is asked once mail starts.</p>
      )}
      <form class="subscription" method="post" action={viewer ? '/subscribe/me' : '/subscribe'}>
        <CsrfField request={request} site={site} />
        {viewer ? (
          <p>
            Mail goes to the address of <a href="/account">your account</a>; no further confirmation is needed.
          </p>
        ) : (
          <div class="address">
            <label for="subscribe-email">Your address</label>
            <input
              id="subscribe-email"
              name="email"
              type="email"
              required
              maxlength={254}
              placeholder="you@example.org"
              autocomplete="email"
              value={email}
            />
          </div>
        )}
        <SubscriptionFields values={values} guessZone={guessZone} />
        <p>
          <button class="main" type="submit">
            Subscribe
          </button>
        </p>
      </form>
      <ZoneList />
    </SimplePage>,
    problem ? 400 : 200,
  )
}

/** `POST /subscribe`: from the box or the form. The answer is the same whether the address is known or not. */
export const subscribeAction: Page = (request, site) =>
  orShowAgain(request, site, async (form, settings) => {
    await askToSubscribe(
      site.db,
      { email: textField(form, 'email'), settings },
      { how: form.kind ? 'page /subscribe' : 'box', network: networkOf(request) },
      site.clock(),
      { canAsk: site.digests !== undefined },
    )
    return '/subscribe/sent'
  })

/** `POST /subscribe/me`: somebody signed in whose address was proved needs no second mail. */
export const subscribeMe: Page = (request, site) =>
  orShowAgain(request, site, async (_form, settings) => {
    const viewer = request.get('viewer')
    const origin = { how: 'page /subscribe, signed in', network: networkOf(request) }
    const subscriber = viewer && (await subscribePerson(site.db, viewer.personId, settings, origin, site.clock()))
    if (!subscriber)
      throw new AppError(
        'bad_request',
        'Your account has no confirmed address. Confirm it first, or sign out and subscribe with any address.',
      )
    return `/mail/${subscriber.token}?subscribed=yes`
  })

/** What was typed is not lost when something in it is wrong. */
async function orShowAgain(
  request: Request,
  site: Site,
  act: (form: Record<string, unknown>, settings: SubscriptionSettings) => Promise<`/${string}`>,
): Promise<Response> {
  const form = await readForm(request)
  const field = (name: string) => textField(form, name)
  const weekdays = form.kind ? await weekdaysOf(request) : []
  const before = defaultSettings(site.config.timeZone)
  try {
    return redirect(await act(form, await readSettings(site.db, field, weekdays, before)), 303)
  } catch (error) {
    if (!(error instanceof AppError) || (error.code !== 'bad_request' && error.code !== 'bad_email')) throw error
    const values = typedValues(field, form.kind ? weekdays : before.weekdays.map(String), before)
    return showForm(request, site, { values, email: field('email'), guessZone: false, problem: error.message })
  }
}

export const subscribeSent: Page = (request, site) => {
  const words = site.digests
    ? `If the address can get mail from us, a message with one button is on its way to it. It works for ${CONFIRM_DAYS} days; nothing else is sent before you press it. Look among the spam if it does not come.`
    : 'Mail is not set up on this site. Your address waits, unconfirmed; when mail starts you get one message that asks you to confirm, and nothing before you do.'
  return sendSimple(
    request,
    <SimplePage
      site={site}
      request={request}
      title={site.digests ? 'Look into your mailbox' : 'Your address is kept'}
      lead={words}
    >
      <p>
        <a href="/">Back to the papers</a>
      </p>
    </SimplePage>,
  )
}

/** `GET /subscribe/confirm/TOKEN`: what the link in the mail opens. Programs that follow links change nothing. */
export const confirmPage: Page = async (request, site) => {
  const token = request.req.param('token') ?? ''
  const subscriber = await findConfirmation(site.db, token, site.clock())
  if (!subscriber) return tooOld(request, site)
  const found = await findPreferences(site.db, subscriber.token)
  const wished = found?.subscriptions.filter(({ state }) => state === 'unconfirmed' || state === 'waiting') ?? []
  const title = wished.length > 0 ? 'One click and it begins' : 'You get this mail already'
  return sendSimple(
    request,
    <SimplePage site={site} request={request} title={title}>
      {wished.map((one) => (
        <p>
          To <strong>{subscriber.email}</strong>: {wantSentence(one.want)}, {scheduleSentence(one)}.
        </p>
      ))}
      <form method="post">
        <button class="main" type="submit" autofocus>
          {wished.length > 0 ? 'Yes, send me the papers' : 'Yes, this is my address'}
        </button>
      </form>
      <p class="note">If it was not you who asked, close this page. Nothing is sent.</p>
    </SimplePage>,
  )
}

export const confirmAction: Page = async (request, site) => {
  const origin = { how: 'confirmation page', network: networkOf(request) }
  const subscriber = await confirmSubscriptions(site.db, request.req.param('token') ?? '', origin, site.clock())
  if (!subscriber) return tooOld(request, site)
  return redirect(`/mail/${subscriber.token}?confirmed=yes`, 303)
}

function tooOld(request: Request, site: Site) {
  return sendSimple(
    request,
    <SimplePage
      site={site}
      request={request}
      title="This link does not work any more"
      lead={`Links in confirmation mails work for ${CONFIRM_DAYS} days, and only the newest one does.`}
    >
      <p>
        <a href="/subscribe">Subscribe again</a>, and a new one comes.
      </p>
    </SimplePage>,
    404,
  )
}
