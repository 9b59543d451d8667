import { about } from './pages/about.tsx'
import { authorPage } from './pages/author.tsx'
import { categoriesPage, categoryPage } from './pages/category.tsx'
import { frontPage, periodIndex, periodPage } from './pages/edition.tsx'
import { paperPage } from './pages/paper.tsx'
import { paperCitation, paperPicture } from './pages/paper-files.ts'
import { searchPage } from './pages/search.tsx'
import { signOut } from './pages/sign-out.ts'
import { status } from './pages/status.tsx'
import { appearanceAction, subscribeAction, subscribeKept } from './pages/subscribe.tsx'
import { suggestions } from './pages/suggest.ts'
import { trending } from './pages/trending.tsx'
import { upvoteAction } from './pages/upvote.ts'
import type { Rate } from './security.ts'
import type { Page } from './site.ts'
import type { Who } from './who.ts'

export type Route = {
  method: 'get' | 'post'
  path: string
  page: Page
  /** Who may; each includes the ones after it. What depends on more than that (is it mine?) the page itself decides. */
  who: Who
  rate: Rate
  /** Not with a token: a leaked one must not make others, or take the account away. */
  sessionOnly: boolean
}

type Options = { who?: Who; rate?: Rate; sessionOnly?: boolean }

const get = (
  path: string,
  page: Page,
  { who = 'anyone', rate = 'pages', sessionOnly = false }: Options = {},
): Route => ({
  method: 'get',
  path,
  page,
  who,
  rate,
  sessionOnly,
})
/**
 * Every POST is refused when another site's page sends it (`refuseCrossSite`), and, from somebody signed in with a
 * browser, without the token of our own forms (`CsrfField`).
 */
const post = (
  path: string,
  page: Page,
  { who = 'anyone', rate = 'writes', sessionOnly = false }: Options = {},
): Route => ({
  method: 'post',
  path,
  page,
  who,
  rate,
  sessionOnly,
})

/** The table of contents of the site. Order matters where one pattern holds another. */
export const routes: Route[] = [
  get('/', frontPage),
  get('/papers', searchPage, { rate: 'search' }),
  get('/papers/suggest', suggestions, { rate: 'suggestions' }),
  get('/papers/date', periodIndex('day')),
  get('/papers/date/:key', periodPage('day')),
  get('/papers/week', periodIndex('week')),
  get('/papers/week/:key', periodPage('week')),
  get('/papers/month', periodIndex('month')),
  get('/papers/month/:key', periodPage('month')),
  get('/papers/trending', trending),
  post('/papers/upvote', upvoteAction, { who: 'signed-in', rate: 'votes' }),
  get('/papers/:id{.+/card\\.png}', paperPicture, { rate: 'pictures' }),
  get('/papers/:id{.+\\.bib}', paperCitation('.bib')),
  get('/papers/:id{.+\\.ris}', paperCitation('.ris')),
  get('/papers/:id{.+\\.csl\\.json}', paperCitation('.csl.json')),
  get('/papers/:id{.+}', paperPage),
  get('/categories', categoriesPage),
  get('/categories/:category', categoryPage),
  get('/authors/:key', authorPage),
  get('/about', about),
  get('/status', status),
  get('/subscribe/kept', subscribeKept),
  post('/subscribe', subscribeAction),
  post('/appearance', appearanceAction),
  post('/sign-out', signOut, { who: 'signed-in', sessionOnly: true }),
]
