import { recountVotesOf } from '../../discussion/index.ts'
import { AppError } from '../../errors.ts'
import { hotness, refreshCardsOf } from '../../feed/index.ts'
import {
  confirmAddress,
  createAccessToken,
  deleteOwned,
  endOtherSessions,
  exportAccount,
  identitiesOf,
  MAX_NAME_CHARACTERS,
  passkeysOf,
  personById,
  readAddress,
  savePersonName,
} from '../../people/index.ts'
import { checkFresh } from '../fresh.ts'
import { CsrfField } from '../parts/csrf-field.tsx'
import { Notice } from '../parts/notice.tsx'
import { personPage } from '../parts/person-page.tsx'
import { readForm, textField } from '../read-form.ts'
import { redirect } from '../respond.tsx'
import type { Page, Request, Site } from '../site.ts'
import { visitOf } from '../visit.ts'
import { viewerOf } from './account.tsx'

const done = (what: string) => redirect(`/account?done=${what}`, 303)

/** `POST /account/name` */
export const changeName: Page = async (request, site) => {
  const name = textField(await readForm(request), 'name').slice(0, MAX_NAME_CHARACTERS)
  if (!name) throw new AppError('bad_request', 'A name must not be empty: it stands beside your upvotes.')
  const { personId } = viewerOf(request)
  await savePersonName(site.db, personId, name, site.clock().toISOString())
  await refreshCardsOf(site.db, personId)
  return done('name')
}

/** `POST /account/address`: mails a link to the new address; the old one stays until it is opened. */
export const askForAddress: Page = async (request, site) => {
  checkFresh(request, site)
  const email = readAddress(textField(await readForm(request), 'email'))
  if (!(await request.get('limitSubject')('linksToAddress', email)))
    throw new AppError(
      'too_many_requests',
      'Several links went to this address a moment ago. Try again in a quarter of an hour.',
    )
  site.accounts.sendAddressLink(visitOf(request, site), viewerOf(request), email, site.clock())
  return done('sent')
}

/** `GET /account/address`: what the mailed link opens; one button. */
export const confirmAddressPage: Page = (request, site) =>
  personPage(
    request,
    site,
    { title: 'Confirm your new address', lead: `For your account, ${viewerOf(request).name}.` },
    <form class="ways" action="/account/address/confirm" method="post">
      <CsrfField request={request} site={site} />
      <input type="hidden" name="token" value={request.req.query('token') ?? ''} />
      <button type="submit" class="primary" autofocus>
        Use this address
      </button>
    </form>,
  )

/** `POST /account/address/confirm` */
export const confirmAddressAction: Page = async (request, site) => {
  const token = textField(await readForm(request), 'token')
  const viewer = viewerOf(request)
  if (await confirmAddress(site.db, viewer, token, site.clock())) {
    // Upvotes given before the address was proved count from now on.
    await recountVotesOf(site.db, viewer.personId, hotness)
    return done('address')
  }
  throw new AppError(
    'bad_request',
    'This link was used already, is too old, or was asked for by another account. Ask for a new one on your account page.',
  )
}

/** `POST /account/sessions/end` */
export const endOneSession: Page = (request, site) => removeOwned(request, site, 'session', 'session')

/** `POST /account/sessions/end-others` */
export const endOthers: Page = async (request, site) => {
  const entry = request.get('entry')
  await endOtherSessions(site.db, viewerOf(request).personId, entry?.by === 'session' ? entry.sessionId : undefined)
  return done('sessions')
}

/** `POST /account/passkeys/remove` */
export const removePasskey: Page = async (request, site) => {
  await keepOneWayIn(request, site)
  return removeOwned(request, site, 'passkey', 'passkey')
}

/** `POST /account/identities/remove` */
export const removeIdentity: Page = async (request, site) => {
  await keepOneWayIn(request, site)
  return removeOwned(request, site, 'identity', 'identity')
}

/** `POST /account/tokens/revoke` */
export const revokeToken: Page = (request, site) => removeOwned(request, site, 'access_token', 'token')

async function removeOwned(
  request: Request,
  site: Site,
  table: Parameters<typeof deleteOwned>[1],
  note: string,
): Promise<Response> {
  const id = textField(await readForm(request), 'id')
  if (await deleteOwned(site.db, table, viewerOf(request).personId, id)) return done(note)
  throw new AppError('not_found', 'There is nothing of yours with this number. It may be gone already.')
}

/** The last way in stays, or nobody could come back. */
async function keepOneWayIn(request: Request, site: Site): Promise<void> {
  const { personId } = viewerOf(request)
  const person = await personById(site.db, personId)
  const others = (await passkeysOf(site.db, personId)).length + (await identitiesOf(site.db, personId)).length - 1
  if (person?.email || others > 0) return
  throw new AppError('not_allowed', 'This is your only way in. Add an e-mail address or another way first.')
}

/** `POST /account/tokens`: the answer shows the token, this once. */
export const makeToken: Page = async (request, site) => {
  checkFresh(request, site)
  const form = await readForm(request)
  const wanted = {
    name: textField(form, 'name'),
    scope: textField(form, 'scope'),
    days: Number(textField(form, 'days')),
  }
  const token = await createAccessToken(site.db, viewerOf(request), wanted, site.clock())
  return personPage(
    request,
    site,
    { title: 'Your new token', lead: `For "${wanted.name}".` },
    <>
      <Notice>Copy it now: it is shown this once. Whoever has it can act as you.</Notice>
      <p>
        <label for="token">Token</label>
        <input id="token" class="secret" readonly value={token} autocomplete="off" spellcheck={false} />
      </p>
      <p class="more">
        <a href="/account">Back to your account</a>
      </p>
    </>,
  )
}

/** `GET /account/export` */
export const exportPage: Page = async (request, site) => {
  const data = await exportAccount(site.db, viewerOf(request).personId, site.clock())
  return new Response(`${JSON.stringify(data, null, 2)}\n`, {
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'content-disposition': 'attachment; filename="my-account.json"',
      'cache-control': 'no-store',
    },
  })
}
