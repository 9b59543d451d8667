import { markSeen, removeSearch, savedSearches, saveSearch } from '../../../digest/index.ts'
import { AppError } from '../../../errors.ts'
import { CsrfField } from '../../parts/csrf-field.tsx'
import { instant } from '../../parts/dates.ts'
import { readForm, textField } from '../../read-form.ts'
import { redirect } from '../../respond.tsx'
import type { Page } from '../../site.ts'
import { SimplePage, sendSimple } from './simple-page.tsx'

/** `/searches`: one's own searches, each with what is new since it was last marked as seen. */
export const savedSearchesPage: Page = async (request, site) => {
  const viewer = request.get('viewer')
  const searches = viewer ? await savedSearches(site.db, site.finder, viewer.personId, site.clock()) : []
  return sendSimple(
    request,
    <SimplePage
      site={site}
      request={request}
      title="Your searches"
      lead="What came since you last looked. Marking a search as seen is up to you; looking changes nothing."
    >
      {searches.length === 0 && <p class="notice">None yet. Type one below, as you would search.</p>}
      {searches.map(({ id, name, query, newCount, seenAt }) => (
        <section class="subscription-section">
          <h2>
            <a href={`/papers?q=${encodeURIComponent(query)}`}>{name}</a>{' '}
            {newCount !== undefined && newCount > 0 && (
              <span class="mark new">{newCount >= 100 ? '99+' : newCount} new</span>
            )}
          </h2>
          <p class="note">
            {name !== query && <code>{query}</code>}{' '}
            {newCount === undefined ? 'The index is being made; numbers come later.' : `Since ${instant(seenAt)}.`}
          </p>
          <form method="post" action={`/searches/${id}`} class="line">
            <CsrfField request={request} site={site} />
            <button type="submit" name="action" value="seen">
              Mark as seen
            </button>
            <button type="submit" name="action" value="remove">
              Remove
            </button>
            <a href={`/subscribe?kind=search&query=${encodeURIComponent(query)}`}>Get it by mail</a>
          </form>
        </section>
      ))}
      <form method="post" action="/searches" class="subscription">
        <CsrfField request={request} site={site} />
        <label>
          Search to keep{' '}
          <input
            name="query"
            required
            maxlength={400}
            value={request.req.query('query') ?? ''}
            placeholder="speculative decoding"
          />
        </label>
        <label>
          Name, if it needs one <input name="name" maxlength={80} />
        </label>
        <button class="main" type="submit">
          Keep this search
        </button>
      </form>
    </SimplePage>,
  )
}

export const keepSearchAction: Page = async (request, site) => {
  const viewer = request.get('viewer')
  const form = await readForm(request)
  if (viewer)
    await saveSearch(site.db, viewer.personId, textField(form, 'query'), textField(form, 'name'), site.clock())
  return redirect('/searches', 303)
}

export const savedSearchAction: Page = async (request, site) => {
  const viewer = request.get('viewer')
  const id = request.req.param('id') ?? ''
  const action = textField(await readForm(request), 'action')
  if (viewer && action === 'seen') await markSeen(site.db, viewer.personId, id, site.clock())
  else if (viewer && action === 'remove') await removeSearch(site.db, viewer.personId, id)
  else throw new AppError('bad_request', 'Use one of the buttons of the page.')
  return redirect('/searches', 303)
}
