import { AppError } from '../../errors.ts'
import {
  arxivChoice,
  changeArxiv,
  changeSource,
  configuredSources,
  gatheringStatus,
  pollNow,
  removeSource,
  type SourceInForce,
  type SourceStatus,
  sourceKinds,
} from '../../sources/index.ts'
import { adminPage } from '../parts/admin-frame.tsx'
import { CsrfField } from '../parts/csrf-field.tsx'
import { instant } from '../parts/dates.ts'
import { SourceForm, valuesOf } from '../parts/source-form.tsx'
import { Condition } from '../parts/source-state.tsx'
import { readForm, textField } from '../read-form.ts'
import { redirect } from '../respond.tsx'
import type { CurrentSite, Page, Request } from '../site.ts'
import { categoriesOfText, linesOf, sourceFields, sourceOfForm } from '../source-fields.ts'

/** `/admin/sources`: what is gathered, from where, how often, and how it goes. */
export const sourcesPage: Page = (request, site) => showSources(request, site)

/** `POST /admin/sources`: adds a source or changes one; all fields together or none. */
export const saveSourceAction: Page = async (request, site) => {
  const given = sourceOfForm(await readForm(request))
  return orShowAgain(request, site, { source: given }, async (change) => {
    await changeSource(site.db, given, change)
    return '/admin/sources?done=saved'
  })
}

/** `POST /admin/sources/arxiv`: which categories are followed; none switches arXiv off. */
export const saveArxivAction: Page = async (request, site) => {
  const form = await readForm(request)
  const given = {
    categories: categoriesOfText(textField(form, 'categories')),
    filters: linesOf(textField(form, 'filters')),
    crossLists: textField(form, 'crossLists') === 'yes',
  }
  return orShowAgain(request, site, { arxiv: given }, async (change) => {
    await changeArxiv(site.db, given, change)
    await site.jobs.run('gather-arxiv-day', change.actorId).catch((error: unknown) => {
      // It is asked in ten minutes anyhow.
      site.log.debug({ err: error }, 'arXiv could not be asked at once')
    })
    return '/admin/sources?done=saved'
  })
}

/** `POST /admin/sources/ask`: asks one source now. */
export const askSourceAction: Page = async (request, site) => {
  await pollNow(site.db, textField(await readForm(request), 'name'), site.clock())
  return redirect('/admin/sources?done=asked', 303)
}

/** `POST /admin/sources/remove`: papers that came from it stay. */
export const removeSourceAction: Page = async (request, site) => {
  const name = textField(await readForm(request), 'name')
  return orShowAgain(request, site, {}, async (change) => {
    await removeSource(site.db, name, change)
    return '/admin/sources?done=removed'
  })
}

type Typed = {
  source?: Record<string, unknown>
  arxiv?: { categories: string[]; filters: string[]; crossLists: boolean }
}

/** What was typed is not lost when something in it is wrong. */
async function orShowAgain(
  request: Request,
  site: CurrentSite,
  typed: Typed,
  act: (change: { actorId: string; at: Date }) => Promise<`/${string}`>,
): Promise<Response> {
  const viewer = request.get('viewer')
  if (!viewer) throw new AppError('not_signed_in', 'Sign in first.')
  try {
    return redirect(await act({ actorId: viewer.personId, at: site.clock() }), 303)
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'bad_request') throw error
    return showSources(request, site, { ...typed, problem: error.message })
  }
}

async function showSources(
  request: Request,
  site: CurrentSite,
  typed: Typed & { problem?: string } = {},
): Promise<Response> {
  const arxiv = await arxivChoice(site.db)
  const sources = await configuredSources(site.db)
  const { sources: states } = await gatheringStatus(site.db, site.clock())
  const known = new Set(sources.map(({ name }) => name))
  const isNew = typed.source !== undefined && !known.has(String(typed.source.name))
  return adminPage(
    request,
    site,
    {
      title: 'Sources',
      intro: 'What is gathered, from where, and how often',
      path: '/admin/sources',
      status: typed.problem ? 400 : 200,
    },
    <>
      {typed.problem && (
        <p class="notice alarm lines" role="alert">
          {typed.problem}
        </p>
      )}
      <Arxiv request={request} site={site} choice={typed.arxiv ?? arxiv} isFromFile={arxiv.origin === 'file'} />
      <h2>Other sources</h2>
      {sources.length === 0 && <p class="notice">None yet. Add one below.</p>}
      <ul class="rows">
        {sources.map((source) => (
          <SourceRow
            request={request}
            site={site}
            source={source}
            status={states.find(({ name }) => name === source.name)}
            typed={typed.source?.name === source.name ? typed.source : undefined}
          />
        ))}
      </ul>
      <h2>Add a source</h2>
      {sourceKinds.map(({ kind, about, everyHours }) => (
        <details class="add-source" open={isNew && typed.source?.kind === kind}>
          <summary>{sourceFields[kind]?.label ?? kind}</summary>
          <p class="note">{about}</p>
          <SourceForm
            request={request}
            site={site}
            kind={kind}
            isNew
            values={isNew && typed.source?.kind === kind ? typed.source : { everyHours }}
          />
        </details>
      ))}
    </>,
  )
}

function Arxiv({
  request,
  site,
  choice,
  isFromFile,
}: {
  request: Request
  site: CurrentSite
  choice: { categories: readonly string[]; filters: readonly string[]; crossLists: boolean }
  isFromFile: boolean
}) {
  if (isFromFile)
    return (
      <>
        <h2>arXiv</h2>
        <p>
          Followed: <b>{choice.categories.join(', ') || 'nothing'}</b>. The file named by PAPERROUND_SOURCES says so; it
          is changed there.
        </p>
      </>
    )
  return (
    <>
      <h2>arXiv</h2>
      <form class="settings" action="/admin/sources/arxiv" method="post">
        <CsrfField request={request} site={site} />
        <div class="field">
          <label for="arxiv-categories">Categories that are followed</label>
          <textarea id="arxiv-categories" name="categories" rows={2} aria-describedby="arxiv-categories-about">
            {choice.categories.join(' ')}
          </textarea>
          <p class="note" id="arxiv-categories-about">
            With blanks between them, such as cs.CL stat.ML; <a href="/categories">all categories</a>. None switches
            arXiv off.
          </p>
        </div>
        <div class="field">
          <label for="arxiv-filters">Filters of the edition</label>
          <textarea id="arxiv-filters" name="filters" rows={3} aria-describedby="arxiv-filters-about">
            {choice.filters.join('\n')}
          </textarea>
          <p class="note" id="arxiv-filters-about">
            One a line: <code>language model*</code>, <code>cat:cs.CL</code>, <code>author:"Ada Byron"</code>; with a
            minus in front to leave papers out. All papers of the day are stored and counted; these decide what is
            listed.
          </p>
        </div>
        <p class="ticks">
          <label>
            <input type="checkbox" name="crossLists" value="yes" checked={choice.crossLists} /> Cross-lists come into
            the edition, not only papers that are new in a followed category; the <a href="/status">status page</a>{' '}
            counts both
          </label>
        </p>
        <p>
          <button class="strong" type="submit">
            Save
          </button>
        </p>
      </form>
    </>
  )
}

function SourceRow({
  request,
  site,
  source,
  status,
  typed,
}: {
  request: Request
  site: CurrentSite
  source: SourceInForce
  status: SourceStatus | undefined
  typed: Record<string, unknown> | undefined
}) {
  return (
    <li class="source-row">
      <div>
        <b>{source.title ?? source.name}</b> <span class="note">{sourceFields[source.kind]?.label ?? source.kind}</span>
        {status && (
          <p>
            <Condition of={status.condition} /> <span class="note">{status.words}</span>
          </p>
        )}
        <p class="note">
          {status?.lastSuccess ? `Last read ${instant(status.lastSuccess)}` : 'Never read yet'}
          {status?.nextRun ? `, next ${instant(status.nextRun)}` : ''}
        </p>
        {source.origin === 'file' ? (
          <p class="note">From the file named by PAPERROUND_SOURCES; it is changed there.</p>
        ) : (
          <details open={typed !== undefined}>
            <summary>Change</summary>
            <SourceForm
              request={request}
              site={site}
              kind={source.kind}
              values={typed ?? valuesOf(source)}
              isNew={false}
            />
          </details>
        )}
      </div>
      {source.enabled && (
        <form class="inline" action="/admin/sources/ask" method="post">
          <CsrfField request={request} site={site} />
          <input type="hidden" name="name" value={source.name} />
          <button type="submit" aria-label={`Ask now: ${source.title ?? source.name}`}>
            Ask now
          </button>
        </form>
      )}
      {source.origin === 'admin' && (
        <form class="inline" action="/admin/sources/remove" method="post">
          <CsrfField request={request} site={site} />
          <input type="hidden" name="name" value={source.name} />
          <button type="submit" aria-label={`Remove: ${source.title ?? source.name}`}>
            Remove
          </button>
        </form>
      )}
    </li>
  )
}
