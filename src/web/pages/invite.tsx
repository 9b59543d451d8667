import { AppError } from '../../errors.ts'
import {
  inviteFor,
  MAX_NAME_CHARACTERS,
  SESSION_DAYS,
  sessionCookieName,
  sessionCookieValue,
} from '../../people/index.ts'
import { finishSignIn } from '../finish-sign-in.ts'
import { personPage } from '../parts/person-page.tsx'
import { readForm, textField } from '../read-form.ts'
import { redirect } from '../respond.tsx'
import type { Page, Request, Site } from '../site.ts'
import { inviteCookie, visitOf, withCookies } from '../visit.ts'

const roleInWords = { reader: 'a reader', editor: 'an editor', admin: 'an administrator' }

/** `GET /invite/SECRET`: what the invitation is for, and one button. Opening it uses nothing up. */
export const invitePage: Page = async (request, site) => {
  const invite = await openInvitation(request, site)
  if (invite.invited_by === null) return firstAdministratorPage(request, site)
  return personPage(
    request,
    site,
    {
      title: `Welcome to ${site.config.name}`,
      lead: `You are invited as ${roleInWords[invite.role]}.`,
    },
    <form class="ways" action={`/invite/${request.req.param('secret')}`} method="post">
      <p>The next page asks how you want to sign in. The invitation is used up when your account is made.</p>
      <button type="submit" class="primary" autofocus>
        Accept
      </button>
    </form>,
  )
}

function firstAdministratorPage(request: Request, site: Site): Promise<Response> {
  return personPage(
    request,
    site,
    { title: 'The first administrator', lead: `Whoever fills this in runs ${site.config.name}.` },
    <form class="ways" action={`/invite/${request.req.param('secret')}`} method="post">
      <label for="first-name">Your name, as others will see it</label>
      <input id="first-name" name="name" required maxlength={MAX_NAME_CHARACTERS} autocomplete="name" />
      <label for="first-email">E-mail address, to sign in with later</label>
      <input id="first-email" name="email" type="email" required maxlength={254} autocomplete="email" />
      <button type="submit" class="primary">
        Become administrator
      </button>
    </form>,
  )
}

/** `POST /invite/SECRET`: keeps the invitation in this browser for the sign-in that follows; the first one is used here. */
export const acceptInvite: Page = async (request, site) => {
  const visit = visitOf(request, site)
  const secret = request.req.param('secret') ?? ''
  const isSecure = visit.origin.startsWith('https:')
  const invite = await openInvitation(request, site)
  if (invite.invited_by !== null) return withCookies(redirect('/sign-in', 303), [inviteCookie(secret, isSecure)])
  const form = await readForm(request)
  const given = { secret, name: textField(form, 'name'), email: textField(form, 'email') }
  const token = await site.accounts.becomeFirstAdministrator(visit, given, site.clock())
  const value = sessionCookieValue(token, site.accounts.sessionKey)
  const cookie = `${sessionCookieName(isSecure)}=${value}; Path=/; Max-Age=${SESSION_DAYS * 86_400}; HttpOnly; SameSite=Lax`
  return finishSignIn(request, site, { cookies: [isSecure ? `${cookie}; Secure` : cookie], body: {} }, '/account')
}

async function openInvitation(request: Request, site: Site) {
  const invite = await inviteFor(site.db, { secret: request.req.param('secret') }, site.clock())
  if (invite) return invite
  throw new AppError(
    'not_found',
    'This invitation was used, has expired or was taken back. Ask whoever gave it to you for a new one.',
  )
}
