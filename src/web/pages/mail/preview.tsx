import { findOwn, isToken, previewDigest } from '../../../digest/index.ts'
import { AppError } from '../../../errors.ts'
import type { Page, Request, Site } from '../../site.ts'
import { SimplePage, sendSimple } from './simple-page.tsx'

/** Mail has its styles inside; nothing else of it may do anything on our site. */
const mailPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-popups allow-top-navigation-by-user-activation"

/** `GET /mail/TOKEN/ID/preview`: the mail as it would come now; `?part=text` its other part. */
export const ownPreview: Page = async (request, site) => {
  const { token = '', id = '' } = request.req.param() as Record<string, string>
  const own = isToken(token) ? await findOwn(site.db, token, id) : undefined
  if (!own) throw new AppError('not_found', 'There is no page at this address.')
  return showPreview(request, site, id)
}

/** `GET /admin/mail/preview/ID`: the same with anyone's settings. */
export const adminPreview: Page = (request, site) => showPreview(request, site, request.req.param('id') ?? '')

async function showPreview(request: Request, site: Site, subscriptionId: string): Promise<Response> {
  const mail = site.digests && (await previewDigest(site.digests, subscriptionId, site.clock()))
  if (!mail) {
    const why = site.digests
      ? 'There is nothing new for this subscription just now.'
      : 'Mail is not set up on this site.'
    return sendSimple(request, <SimplePage site={site} request={request} title="Nothing to preview" lead={why} />)
  }
  const isText = request.req.query('part') === 'text'
  return new Response((isText ? mail.text : mail.html) ?? '', {
    headers: {
      'content-type': `text/${isText ? 'plain' : 'html'}; charset=utf-8`,
      'content-security-policy': mailPolicy,
      'cache-control': 'private, no-store',
    },
  })
}
