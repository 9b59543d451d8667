import { AppError } from '../../errors.ts'
import { createInvite, deleteInvite, listInvites, roles } from '../../people/index.ts'
import { checkFresh } from '../fresh.ts'
import { OwnedList } from '../parts/account-sign-in.tsx'
import { AdminNav } from '../parts/admin-frame.tsx'
import { CsrfField } from '../parts/csrf-field.tsx'
import { Notice } from '../parts/notice.tsx'
import { personPage } from '../parts/person-page.tsx'
import { readForm, textField } from '../read-form.ts'
import { redirect } from '../respond.tsx'
import type { Page } from '../site.ts'
import { visitOf } from '../visit.ts'
import { viewerOf } from './account.tsx'

/** `/admin/invites`: who was invited, and a form for the next one. */
export const invitesPage: Page = async (request, site) => {
  const invites = await listInvites(site.db)
  const csrf = <CsrfField request={request} site={site} />
  const now = site.clock().toISOString()
  const open = invites.filter((one) => !one.used_at)
  const used = invites.filter((one) => one.used_at)
  return personPage(
    request,
    site,
    {
      title: 'Invitations',
      nav: <AdminNav request={request} path="/admin/invites" />,
      lead: site.accounts.rules.isByInvitation
        ? 'New accounts need one here.'
        : 'New accounts need none here; an invitation gives somebody a role from the start.',
    },
    <>
      <form class="fields" action="/admin/invites" method="post">
        {csrf}
        <div>
          <label for="note">For whom</label>
          <input
            id="note"
            name="note"
            required
            maxlength={120}
            autocomplete="off"
            placeholder="Grace, new PhD student"
          />
        </div>
        <div>
          <label for="role">As</label>
          <select id="role" name="role">
            {roles.map((role) => (
              <option value={role}>{role}</option>
            ))}
          </select>
        </div>
        <button type="submit">Make an invitation</button>
      </form>
      {open.length > 0 && <h2>Open</h2>}
      <OwnedList
        csrf={csrf}
        action="/admin/invites/revoke"
        verb="Take back"
        rows={open.map((one) => ({
          id: one.id,
          name: one.note,
          detail: `as ${one.role}, by ${one.inviter}, until ${one.expires_at.slice(0, 10)}`,
          ...(one.expires_at <= now ? { mark: 'expired' } : {}),
        }))}
      />
      {used.length > 0 && (
        <>
          <h2>Used</h2>
          <ul class="owned">
            {used.map((one) => (
              <li>
                <div>
                  <strong>{one.note}</strong>
                  <div class="note">
                    {one.guest ?? 'somebody who left'}, as {one.role}, on {one.used_at?.slice(0, 10)}, invited by{' '}
                    {one.inviter}
                  </div>
                </div>
              </li>
            ))}
          </ul>
        </>
      )}
    </>,
  )
}

/** `POST /admin/invites`: the answer shows the link, this once. */
export const makeInvite: Page = async (request, site) => {
  checkFresh(request, site)
  const form = await readForm(request)
  const role = roles.find((one) => one === textField(form, 'role'))
  const note = textField(form, 'note')
  if (!role || !note) throw new AppError('bad_request', 'An invitation needs somebody it is for, and a role.')
  const secret = await createInvite(site.db, { role, note, invitedBy: viewerOf(request).personId }, site.clock())
  return personPage(
    request,
    site,
    {
      title: 'The invitation',
      nav: <AdminNav request={request} path="/admin/invites" />,
      lead: `For ${note}, as ${role}.`,
    },
    <>
      <Notice>Send this link to them, and to nobody else: it is shown this once, and makes one account.</Notice>
      <p>
        <label for="link">Link</label>
        <input id="link" class="secret" readonly value={`${visitOf(request, site).origin}/invite/${secret}`} />
      </p>
      <p class="more">
        <a href="/admin/invites">Back to the invitations</a>
      </p>
    </>,
  )
}

/** `POST /admin/invites/revoke` */
export const revokeInvite: Page = async (request, site) => {
  await deleteInvite(site.db, textField(await readForm(request), 'id'))
  return redirect('/admin/invites', 303)
}
