import type { Child } from 'hono/jsx'
import { reaches } from '../people/index.ts'
import { absoluteUrl } from './absolute-url.ts'
import { Masthead } from './parts/masthead.tsx'
import { VoteForm } from './parts/vote-button.tsx'
import type { Request, Site } from './site.ts'

export type LayoutProps = {
  site: Site
  request: Request
  /** Plain text; the site's name follows it. */
  title: string
  description?: string
  /** Path of the page under its one true address. */
  canonical?: string
  /** `day`, `week`, `month`, `trending`: which entry of the navigation is this page's. */
  section?: string
  /** More of the head: link previews, citation tags. */
  head?: Child
  /** Pages that lead somewhere but are nothing to find. */
  noindex?: boolean
  children: Child
}

export function Layout({
  site,
  request,
  title,
  description,
  canonical,
  section,
  head,
  noindex,
  children,
}: LayoutProps) {
  const { assets, config } = site
  const theme = request.get('theme')
  const viewer = request.get('viewer')
  const isEditor = viewer !== undefined && reaches(viewer.role, 'editor')
  const fullTitle = title === config.name ? title : `${title} · ${config.name}`
  return (
    <html lang="en" data-theme={theme === 'auto' ? undefined : theme}>
      <head>
        <meta charset="utf-8" />
        <title>{fullTitle}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        {description && <meta name="description" content={description} />}
        {noindex && <meta name="robots" content="noindex" />}
        {canonical && <link rel="canonical" href={absoluteUrl(site, request, canonical)} />}
        <link
          rel="preload"
          href={assets.url('newsreader-latin.woff2')}
          as="font"
          type="font/woff2"
          crossorigin="anonymous"
        />
        <link rel="stylesheet" href={assets.url('site.css')} />
        <link rel="icon" href={assets.url('favicon.svg')} type="image/svg+xml" />
        <script type="module" src={assets.url('site.js')}></script>
        {head}
      </head>
      <body>
        <a class="skip" href="#main">
          Skip to the papers
        </a>
        <Masthead site={site} theme={theme} viewer={request.get('viewer')} {...(section ? { section } : {})} />
        <main id="main" tabindex={-1}>
          {children}
        </main>
        <footer class="foot">
          <p>
            <a href="/about">About and ranking</a> <a href="/categories">Categories</a> <a href="/status">Status</a>
            {isEditor && (
              <>
                {' '}
                <a href="/admin">Administration</a>
              </>
            )}
          </p>
          <p>
            Made with Paperround, open source. Thank you to arXiv for use of its open access interoperability; this site
            is not endorsed by arXiv.
          </p>
        </footer>
        <VoteForm request={request} site={site} />
      </body>
    </html>
  )
}
