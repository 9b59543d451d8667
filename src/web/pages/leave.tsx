import { AppError } from '../../errors.ts'
import { checkFresh } from '../fresh.ts'
import { CsrfField } from '../parts/csrf-field.tsx'
import { personPage } from '../parts/person-page.tsx'
import { readForm, textField } from '../read-form.ts'
import type { Page } from '../site.ts'
import { viewerOf } from './account.tsx'
import { signOutCookies } from './sign-out.ts'

/** `GET /account/leave`: what goes, what may stay, and the button. */
export const leavePage: Page = (request, site) => {
  checkFresh(request, site)
  return personPage(
    request,
    site,
    { title: 'Delete your account', lead: `${viewerOf(request).name}, this cannot be undone.` },
    <>
      <p>
        Your name, address, sessions, passkeys, tokens and subscriptions go at once.{' '}
        <a href="/account/export">Download your data</a> first if you want to keep it.
      </p>
      <form class="ways" action="/account/leave" method="post">
        <CsrfField request={request} site={site} />
        <fieldset>
          <legend>Your upvotes and submissions</legend>
          <label>
            <input type="radio" name="votes" value="keep" checked /> stay and count, as those of "a former reader"
          </label>
          <label>
            <input type="radio" name="votes" value="remove" /> go too; the counts of the papers go down
          </label>
        </fieldset>
        <label>
          <input type="checkbox" name="sure" value="yes" required /> I want to delete my account
        </label>
        <button type="submit" class="danger">
          Delete my account
        </button>
      </form>
    </>,
  )
}

/** `POST /account/leave` */
export const leaveAction: Page = async (request, site) => {
  checkFresh(request, site)
  const form = await readForm(request)
  const votes = textField(form, 'votes')
  if (votes !== 'keep' && votes !== 'remove')
    throw new AppError('bad_request', 'Say whether your upvotes shall stay or go.')
  if (textField(form, 'sure') !== 'yes') throw new AppError('bad_request', 'Tick the box that says you are sure.')
  await site.accounts.leave(viewerOf(request).personId, votes, site.clock())
  request.set('viewer', undefined)
  request.set('entry', undefined)
  const response = await personPage(
    request,
    site,
    { title: 'Your account is gone', lead: 'Thank you for having been here.' },
    <p>
      <a href="/">Back to the papers</a>
    </p>,
  )
  for (const cookie of signOutCookies()) response.headers.append('set-cookie', cookie)
  return response
}
