import { about } from './pages/about.tsx'
import { authorPage } from './pages/author.tsx'
import { categoriesPage, categoryPage } from './pages/category.tsx'
import { frontPage, periodIndex, periodPage } from './pages/edition.tsx'
import { openPaper, paperPage } from './pages/paper.tsx'
import { paperCitation, paperPicture } from './pages/paper-files.ts'
import { status } from './pages/status.tsx'
import { appearanceAction, subscribeAction, subscribeKept } from './pages/subscribe.tsx'
import { trending } from './pages/trending.tsx'
import type { Rate } from './security.ts'
import type { Page } from './site.ts'

export type Route = {
  method: 'get' | 'post'
  path: string
  page: Page
  /** Who may: until accounts exist every route is for everybody. */
  who: 'anyone'
  rate: Rate
}

const get = (path: string, page: Page, rate: Rate = 'pages'): Route => ({
  method: 'get',
  path,
  page,
  who: 'anyone',
  rate,
})
/** Every POST is refused when another site's page sends it (`refuseCrossSite`). */
const post = (path: string, page: Page): Route => ({ method: 'post', path, page, who: 'anyone', rate: 'writes' })

/** The table of contents of the site. Order matters where one pattern holds another. */
export const routes: Route[] = [
  get('/', frontPage),
  get('/papers', openPaper),
  get('/papers/date', periodIndex('day')),
  get('/papers/date/:key', periodPage('day')),
  get('/papers/week', periodIndex('week')),
  get('/papers/week/:key', periodPage('week')),
  get('/papers/month', periodIndex('month')),
  get('/papers/month/:key', periodPage('month')),
  get('/papers/trending', trending),
  get('/papers/:id{.+/card\\.png}', paperPicture, 'pictures'),
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
]
