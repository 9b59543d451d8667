import { AppError } from '../../errors.ts'
import { cardsOf, currentAnnouncementDay, type PaperId } from '../../papers/index.ts'
import { decideClaim, pendingClaims } from '../../people/index.ts'
import { adminPage } from '../parts/admin-frame.tsx'
import { CsrfField } from '../parts/csrf-field.tsx'
import { shortDay } from '../parts/dates.ts'
import { readForm, textField } from '../read-form.ts'
import { redirect } from '../respond.tsx'
import type { Page } from '../site.ts'

const CLAIMS_SHOWN = 100

/** `/admin/claims`: people who say to be authors, waiting for an editor's word. */
export const claimsPage: Page = async (request, site) => {
  const claims = await pendingClaims(site.db, CLAIMS_SHOWN)
  const ids = claims.map((claim) => claim.paperId as PaperId)
  const cards = new Map(
    (await cardsOf(site.db, ids, currentAnnouncementDay(site.clock()))).map((card) => [card.id as number, card]),
  )
  return adminPage(
    request,
    site,
    { title: 'Claims', intro: 'People who say that they are authors of a paper', path: '/admin/claims' },
    claims.length === 0 ? (
      <p class="notice">No claim waits for a decision.</p>
    ) : (
      <ul class="rows claims-list">
        {claims.map((claim) => (
          <li>
            <div>
              <b>{claim.name}</b>{' '}
              <span class="note">
                {claim.email ?? 'no address'}, {shortDay(claim.at.slice(0, 10))}
              </span>
              <p>
                <a href={cards.get(claim.paperId)?.path ?? '/'}>{claim.title}</a>
              </p>
              <p class="note">By {claim.authors.join(', ') || 'authors not known yet'}</p>
            </div>
            <form class="inline" action="/admin/claims" method="post">
              <CsrfField request={request} site={site} />
              <input type="hidden" name="claim" value={`${claim.paperId} ${claim.personId}`} />
              <button type="submit" name="state" value="confirmed" aria-label={`Confirm the claim of ${claim.name}`}>
                Confirm
              </button>
              <button type="submit" name="state" value="refused" aria-label={`Refuse the claim of ${claim.name}`}>
                Refuse
              </button>
            </form>
          </li>
        ))}
      </ul>
    ),
  )
}

/** `POST /admin/claims`: `state=confirmed` or `refused`. */
export const claimsAction: Page = async (request, site) => {
  const viewer = request.get('viewer')
  if (!viewer) throw new AppError('not_signed_in', 'Sign in first.')
  const form = await readForm(request)
  const [paper, ...person] = textField(form, 'claim').split(' ')
  const paperId = Number(paper)
  if (!Number.isSafeInteger(paperId) || paperId < 1) throw new AppError('bad_request', 'This form names no claim.')
  const state = textField(form, 'state') === 'confirmed' ? 'confirmed' : 'refused'
  const change = { actorId: viewer.personId, at: site.clock() }
  await decideClaim(site.db, { personId: person.join(' '), paperId }, state, change)
  return redirect('/admin/claims?done=saved', 303)
}
