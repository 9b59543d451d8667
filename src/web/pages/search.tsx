import { raw } from 'hono/html'
import { AppError } from '../../errors.ts'
import { renderTexHtml, renderTexPlain } from '../../lib/tex/index.ts'
import { type Card, currentAnnouncementDay, findPaper, paperPath } from '../../papers/index.ts'
import {
  hasWords,
  MAX_QUERY_LENGTH,
  paperNamedBy,
  type SearchAnswer,
  type Sorting,
  searchPapers,
  sortings,
} from '../../search/index.ts'
import { Layout } from '../layout.tsx'
import { listRequest } from '../list-request.ts'
import { MoreLink } from '../parts/paper-list.tsx'
import { type Reader, readerOf } from '../parts/reader.ts'
import { Results } from '../parts/result.tsx'
import { offeredFacets, SearchFacets } from '../parts/search-facets.tsx'
import { SearchHelp } from '../parts/search-help.tsx'
import { redirect, sendHtml } from '../respond.tsx'
import type { Page, Request, Site } from '../site.ts'
import { openPaper } from './paper.tsx'

const PAPERS_PER_PAGE = 20
/** More papers than this say no more about what is meant. */
const MAX_LIKE = 20
/** What a kept search may be long. */
const MAX_KEPT_LENGTH = 400

const sortNames: Record<Sorting, string> = { relevance: 'Relevance', newest: 'Newest', upvotes: 'Upvotes' }

/** `/papers?q=...` finds papers, `?like=ID` those like some; `?id=...` is the older way to open one. */
export const searchPage: Page = async (request, site) => {
  const q = request.req.query('q')
  const like = request.req.queries('like')?.filter((id) => id.trim() !== '') ?? []
  if (q === undefined && like.length === 0 && request.req.query('id') !== undefined) return openPaper(request, site)
  const named = q === undefined || like.length > 0 ? undefined : paperNamedBy(q)
  if (named) {
    const version = named.version === undefined ? '' : `v${named.version}`
    return redirect((paperPath(named.identifier) + version) as `/${string}`)
  }
  const { liked, missing } = await likedPapers(site, like)
  const sort = sortOf(request.req.query('sort'))
  if (!q?.trim() && liked.length === 0) return sendHtml(request, String(<EmptyView {...{ request, site, missing }} />))
  const answer = await searchPapers(
    site.db,
    site.search,
    {
      q: q ?? '',
      sort,
      ...(liked.length > 0 ? { like: liked.map((card) => card.id) } : {}),
      ...listRequest(request, PAPERS_PER_PAGE),
    },
    currentAnnouncementDay(site.clock()),
  )
  const reader = await readerOf(
    request,
    site,
    answer.found.map(({ card }) => card),
  )
  return sendHtml(request, String(<AnswerView {...{ request, site, answer, sort, liked, missing, reader }} />))
}

function sortOf(given: string | undefined): Sorting {
  if (given === undefined || given === '') return 'relevance'
  if ((sortings as readonly string[]).includes(given)) return given as Sorting
  throw new AppError('bad_request', `"sort" must be one of ${sortings.join(', ')}, not "${given.slice(0, 20)}".`)
}

/** The papers named by `like`, each once, and the texts that name none. */
async function likedPapers(site: Site, like: string[]): Promise<{ liked: Card[]; missing: string[] }> {
  const today = currentAnnouncementDay(site.clock())
  const liked = new Map<number, Card>()
  const missing: string[] = []
  for (const text of like.slice(0, MAX_LIKE)) {
    const named = paperNamedBy(text)
    const paper = named && (await findPaper(site.db, named.identifier, today))
    if (paper) liked.set(paper.card.id, paper.card)
    else missing.push(text.slice(0, 80))
  }
  return { liked: [...liked.values()], missing }
}

type Address = { q?: string; like?: readonly Card[]; sort?: Sorting }

function addressOf({ q, like = [], sort = 'relevance' }: Address): string {
  const parameters = new URLSearchParams()
  if (q) parameters.set('q', q)
  for (const card of like) parameters.append('like', card.publicId)
  if (sort !== 'relevance') parameters.set('sort', sort)
  return `/papers?${parameters}`
}

type ViewProps = { request: Request; site: Site; missing: string[] }

function EmptyView({ request, site, missing }: ViewProps) {
  return (
    <Layout site={site} request={request} title="Search" canonical="/papers" section="search">
      <div class="lead">
        <div>
          <h1>Search</h1>
          <p class="by-line">By the words and by what they mean, over titles, authors and abstracts</p>
        </div>
      </div>
      <SearchForm q="" liked={[]} sort="relevance" />
      <Missing ids={missing} />
      <SearchHelp />
    </Layout>
  )
}

type AnswerProps = ViewProps & { answer: SearchAnswer; sort: Sorting; liked: Card[]; reader: Reader }

function AnswerView({ request, site, answer, sort, liked, missing, reader }: AnswerProps) {
  const { query, found, facets, next } = answer
  const here = { q: query.typed, like: liked, sort }
  const isNarrowable = facets && found.length > 0 && !answer.isNearest && liked.length === 0
  const offered = isNarrowable ? offeredFacets(facets, query) : undefined
  const heading = liked.length === 0 ? 'Search' : liked.length === 1 ? 'Similar papers' : 'Similar to these papers'
  const title = query.typed ? `${query.typed.slice(0, 60)} – ${heading.toLowerCase()}` : heading
  return (
    <Layout site={site} request={request} title={title} section="search" noindex>
      <div class="lead">
        <div>
          <h1>{heading}</h1>
          <p class="by-line">{countText(answer, liked)}</p>
        </div>
      </div>
      {liked.length > 0 ? (
        <LikeForm liked={liked} q={query.typed} />
      ) : (
        <SearchForm q={query.typed} liked={liked} sort={sort} />
      )}
      <Missing ids={missing} />
      <Building share={site.search.building()} />
      {query.mistakes.length > 0 && (
        <div class="notice">
          {query.mistakes.map((mistake) => (
            <p>{mistake}</p>
          ))}
        </div>
      )}
      {answer.corrected !== undefined && (
        <p class="notice">
          Did you mean <a href={addressOf({ ...here, q: answer.corrected })}>{answer.corrected}</a>?
        </p>
      )}
      <div class="narrow">
        {query.narrowings.length > 0 && (
          <ul class="parts" aria-label="What narrows the search">
            {query.narrowings.map(({ part, without }) => (
              <li>
                <a href={addressOf({ ...here, q: without })} rel="nofollow">
                  <span class="unseen">Without</span> {part} ×
                </a>
              </li>
            ))}
          </ul>
        )}
        {!answer.isNearest && found.length > 0 && liked.length === 0 && (
          <nav class="sorts" aria-label="Order">
            {sortings.map((one) => (
              <a
                href={addressOf({ ...here, sort: one })}
                aria-current={one === sort ? 'true' : undefined}
                rel="nofollow"
              >
                {sortNames[one]}
              </a>
            ))}
          </nav>
        )}
        {offered && (
          <a class="to-facets" href="#narrow">
            By category or year
          </a>
        )}
        {liked.length === 0 && <Keep q={query.typed} />}
      </div>
      <div class="found">
        <div>
          <Nothing answer={answer} address={(q) => addressOf({ ...here, q })} />
          {found.length > 0 && <Results {...{ found, query, sort, reader }} />}
          <MoreLink path={addressOf(here)} next={next} />
          {!next && liked.length > 0 && request.req.query('after') && (
            <p class="notice">These were the nearest; what comes after them is hardly alike.</p>
          )}
        </div>
        {offered && <SearchFacets facets={offered} query={query} address={(q) => addressOf({ ...here, q })} />}
      </div>
      {liked.length === 0 && (
        <details class="help" open={found.length === 0}>
          <summary>What you can type</summary>
          <SearchHelp />
        </details>
      )}
    </Layout>
  )
}

/** A search can be kept, to see what is new in it, or to have that mailed. */
function Keep({ q }: { q: string }) {
  if (q === '' || q.length > MAX_KEPT_LENGTH) return null
  const query = encodeURIComponent(q)
  return (
    <p class="keep-search">
      <a href={`/searches?query=${query}`} rel="nofollow">
        Keep this search
      </a>
      <a href={`/subscribe?kind=search&query=${query}`} rel="nofollow">
        Get it by mail
      </a>
    </p>
  )
}

function countText({ total, isNearest, found, query }: SearchAnswer, liked: Card[]): string {
  if (liked.length > 0 && query.typed === '') return 'By what titles and abstracts mean, nearest first'
  if (isNearest || found.length === 0) return 'No paper stored here fits'
  if (total === undefined) return 'Further papers'
  if (total === 0) return 'No paper stored here holds these words; these are nearest by meaning'
  const held = `${total.toLocaleString('en')} ${total === 1 ? 'paper' : 'papers'}`
  return hasWords(query) ? `${held} with your words; what is near by meaning comes between and after them` : held
}

/** Why the list is empty and what to do, or what stands in for it. */
function Nothing({ answer, address }: { answer: SearchAnswer; address: (q: string) => string }) {
  const { isNearest, found, query } = answer
  if (found.length > 0 && !isNearest) return null
  return (
    <div class="notice">
      {isNearest ? (
        <p>Nothing fits all of it. These are nearest by meaning to your words, whatever else you asked for.</p>
      ) : hasWords(query) ? (
        <p>Nothing was found: no paper stored here holds these words or is near to them in meaning.</p>
      ) : (
        <p>Nothing was found: no paper stored here meets this.</p>
      )}
      {query.narrowings.length > 0 && (
        <p>
          Try it{' '}
          {query.narrowings.slice(0, 5).map(({ part, without }, n) => (
            <>
              {n > 0 && ', '}
              <a href={address(without)}>without {part}</a>
            </>
          ))}
          .
        </p>
      )}
      {!isNearest && (
        <p>
          {hasWords(query) ? 'Try other words for the same, or fewer; or look' : 'Or look'} through the{' '}
          <a href="/categories">categories</a>. A paper of arXiv that is not here yet opens by its id or link.
        </p>
      )}
    </div>
  )
}

function SearchForm({ q, liked, sort }: { q: string; liked: Card[]; sort: Sorting }) {
  return (
    <form class="search" action="/papers" method="get" aria-label="This search">
      <input
        name="q"
        type="text"
        value={q}
        maxlength={MAX_QUERY_LENGTH}
        aria-label="What to look for"
        autocomplete="off"
        spellcheck={false}
        enterkeyhint="search"
        dir="auto"
        autofocus={q === ''}
      />
      {liked.map((card) => (
        <input type="hidden" name="like" value={card.publicId} />
      ))}
      {sort !== 'relevance' && <input type="hidden" name="sort" value={sort} />}
      <button type="submit">Search</button>
    </form>
  )
}

/** The papers that the others are like, each of which can be taken out, and a field for one more. */
function LikeForm({ liked, q }: { liked: Card[]; q: string }) {
  return (
    <form class="like" action="/papers" method="get" aria-label="Similar to which papers">
      <ul>
        {liked.map((card) => (
          <li>
            <a href={card.path}>{raw(renderTexHtml(card.title))}</a>
            {liked.length > 1 && (
              <>
                {' '}
                <a class="without" href={addressOf({ q, like: liked.filter((one) => one !== card) })} rel="nofollow">
                  <span class="unseen">Without {renderTexPlain(card.title)}</span> ×
                </a>
              </>
            )}
            <input type="hidden" name="like" value={card.publicId} />
          </li>
        ))}
      </ul>
      {q && <input type="hidden" name="q" value={q} />}
      <div>
        <label for="one-more">and to</label>
        <input
          id="one-more"
          name="like"
          type="text"
          required
          maxlength={300}
          placeholder="arXiv id or link"
          autocomplete="off"
        />
        <button type="submit">Add</button>
      </div>
    </form>
  )
}

function Missing({ ids }: { ids: string[] }) {
  if (ids.length === 0) return null
  return <p class="notice">Not stored here: {ids.join(', ')}.</p>
}

function Building({ share }: { share: number | undefined }) {
  if (share === undefined) return null
  return (
    <p class="notice">
      The index is being built: {Math.floor(share * 100)} % of the papers can be found so far.{' '}
      <a href="/status">Status</a>
    </p>
  )
}
