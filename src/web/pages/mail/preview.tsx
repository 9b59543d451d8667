import { findOwn, isToken, previewDigest, previewFor } from '../../../digest/index.ts'
import { AppError } from '../../../errors.ts'
import { adminPage } from '../../parts/admin-frame.tsx'
import { SubscriptionFields, ZoneList } from '../../parts/subscription-fields.tsx'
import type { Page, Request, Site } from '../../site.ts'
import { readSettings, suggestedSettings, typedValues } from '../../subscription-form.ts'
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

/** `GET /admin/digests/preview`: a form with everything one can choose, and the mail that it would bring. */
export const previewPage: Page = async (request, site) => {
  const field = (name: string) => request.req.query(name) ?? ''
  const weekdays = request.req.queries('weekdays') ?? []
  const settings = await suggestedSettings(site.db, field, site.config.timeZone)
  const part = field('show')
  let problem = site.digests ? 'There are no papers for such a mail just now.' : 'Mail is not set up on this site.'
  const draft = await readSettings(site.db, field, weekdays, settings).catch((error: unknown) => {
    if (!(error instanceof AppError)) throw error
    problem = error.message
    return undefined
  })
  if (part && draft && site.digests) {
    const reader = { email: 'reader@example.org', token: 'preview', note: 'A preview: this mail was sent to nobody.' }
    const mail = await previewFor(site.digests, draft, reader, site.clock())
    if (mail) return sendPart(mail, part === 'text')
  }
  return adminPage(
    request,
    site,
    { title: 'Preview of a digest', intro: 'What would come just now, with any settings', path: '/admin/digests' },
    <>
      {part && (
        <p class="notice" role="status">
          {problem}
        </p>
      )}
      <form class="subscription mail-page" method="get" action="/admin/digests/preview">
        <SubscriptionFields
          values={typedValues(field, weekdays.length > 0 ? weekdays : settings.weekdays.map(String), settings)}
        />
        <p class="buttons">
          <button class="main" type="submit" name="show" value="html">
            Show the mail
          </button>
          <button type="submit" name="show" value="text">
            Show its text part
          </button>
        </p>
      </form>
      <ZoneList />
    </>,
  )
}

async function showPreview(request: Request, site: Site, subscriptionId: string): Promise<Response> {
  const mail = site.digests && (await previewDigest(site.digests, subscriptionId, site.clock()))
  if (!mail) {
    const why = site.digests
      ? 'There is nothing new for this subscription just now.'
      : 'Mail is not set up on this site.'
    return sendSimple(request, <SimplePage site={site} request={request} title="Nothing to preview" lead={why} />)
  }
  return sendPart(mail, request.req.query('part') === 'text')
}

function sendPart(mail: { html?: string; text?: string }, isText: boolean): Response {
  return new Response((isText ? mail.text : mail.html) ?? '', {
    headers: {
      'content-type': `text/${isText ? 'plain' : 'html'}; charset=utf-8`,
      'content-security-policy': mailPolicy,
      'cache-control': 'private, no-store',
    },
  })
}
