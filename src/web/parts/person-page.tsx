import type { Child } from 'hono/jsx'
import { Layout } from '../layout.tsx'
import { sendHtml } from '../respond.tsx'
import type { Request, Site } from '../site.ts'

type Head = {
  title: string
  lead?: Child
  /** Above the title: the way to pages beside this one. */
  nav?: Child
  status?: Parameters<typeof sendHtml>[2]
  /** For the pages that talk with the device: passkeys, and work before a link is sent. */
  script?: boolean
}

/** A page about one person or one sign-in: nothing to find, and nothing for a browser or a proxy to keep. */
export async function personPage(
  request: Request,
  site: Site,
  { title, lead, nav, status, script }: Head,
  children: Child,
): Promise<Response> {
  const html = String(
    <Layout
      site={site}
      request={request}
      title={title}
      noindex
      head={script && <script type="module" src={site.assets.url('person.js')}></script>}
    >
      {nav}
      <div class="lead">
        <div>
          <h1>{title}</h1>
          {lead && <p class="by-line">{lead}</p>}
        </div>
      </div>
      <div class="person-page">{children}</div>
    </Layout>,
  )
  const response = await sendHtml(request, html, status)
  response.headers.set('cache-control', 'no-store')
  response.headers.delete('etag')
  return response
}
