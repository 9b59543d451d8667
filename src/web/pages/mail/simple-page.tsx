import type { Child } from 'hono/jsx'
import { Layout } from '../../layout.tsx'
import { sendHtml } from '../../respond.tsx'
import type { Request, Site } from '../../site.ts'

type Props = { site: Site; request: Request; title: string; lead?: string; children?: Child }

/** A page about mail: a heading, a sentence, and what there is to do. Never found by search engines. */
export function SimplePage({ site, request, title, lead, children }: Props) {
  return (
    <Layout site={site} request={request} title={title} noindex>
      <div class="mail-page">
        <h1>{title}</h1>
        {lead && <p class="by-line">{lead}</p>}
        {children}
      </div>
    </Layout>
  )
}

export const sendSimple = (request: Request, page: unknown, status: 200 | 400 | 404 = 200) =>
  sendHtml(request, String(page), status)
