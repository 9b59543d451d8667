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
  const isKept = request.req.query('kept') === 'yes'
  const searches = viewer ? await savedSearches(site.db, site.finder, viewer.personId, site.clock()) : []
  return sendSimple(
    request,
    <SimplePage
      site={site}
      request={request}
      title="Your searches"
      lead="What came since you last marked them as seen. Looking changes nothing."
    >
      {isKept && (
        <p class="notice" role="status">
          Kept. What comes from now on is counted here.
        </p>
      )}
      {searches.length === 0 && <p class="notice">None yet. Type one below, as you would search.</p>}
      {searches.map(({ id, name, query, newCount, seenAt }) => (
        <section class="subscription-section">
          <h2>
            <a href={`/papers?q=${encodeURIComponent(query)}&sort=newest`}>{name}</a>{' '}
            {newCount !== undefined && newCount > 0 && (
              <span class="mark new">{newCount >= 100 ? '99+' : newCount} new</span>
            )}
          </h2>
          <p class="note">
            {name !== query && (
              <>
                <code>{query}</code>{' '}
              </>
            )}
            {newCount === undefined
              ? 'The index is being made; numbers come later.'
              : `${newCount === 0 ? 'Nothing new since' : 'New since'} ${instant(seenAt)}.`}
          </p>
          <form method="post" action={`/searches/${id}`} class="line">
            <CsrfField request={request} site={site} />
            {newCount !== 0 && (
              <button type="submit" name="action" value="seen" aria-label={`Mark as seen: ${name}`}>
                Mark as seen
              </button>
            )}
            <button type="submit" name="action" value="remove" aria-label={`Remove: ${name}`}>
              Remove
            </button>
            <a
              href={`/subscribe?kind=search&query=${encodeURIComponent(query)}`}
              aria-label={`Get it by mail: ${name}`}
            >
              Get it by mail
            </a>
          </form>
        </section>
      ))}
      <section class="subscription-section">
        <h2>Keep another search</h2>
        <form method="post" action="/searches" class="keep">
          <CsrfField request={request} site={site} />
          <label for="keep-query">Search</label>
          <input
            id="keep-query"
            name="query"
            required
            maxlength={400}
            value={request.req.query('query') ?? ''}
            placeholder="speculative decoding"
            autocomplete="off"
          />
          <label for="keep-name">Name, if it needs one</label>
          <input id="keep-name" name="name" maxlength={80} autocomplete="off" />
          <button class="main" type="submit">
            Keep this search
          </button>
        </form>
      </section>
    </SimplePage>,
  )
}

export const keepSearchAction: Page = async (request, site) => {
  const viewer = request.get('viewer')
  const form = await readForm(request)
  if (viewer)
    await saveSearch(site.db, viewer.personId, textField(form, 'query'), textField(form, 'name'), site.clock())
  return redirect('/searches?kept=yes', 303)
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
