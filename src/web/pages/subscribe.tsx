import { subscribe } from '../../digest/index.ts'
import { AppError } from '../../errors.ts'
import { Layout } from '../layout.tsx'
import { redirect, sendHtml } from '../respond.tsx'
import type { Page, Request, Theme } from '../site.ts'

/** `POST /subscribe`: keeps the address and says honestly what happens next. */
export const subscribeAction: Page = async (request, site) => {
  const form = await readForm(request)
  await subscribe(site.db, typeof form.email === 'string' ? form.email : '', site.clock())
  return redirect('/subscribe/kept', 303)
}

export const subscribeKept: Page = (request, site) =>
  sendHtml(
    request,
    String(
      <Layout site={site} request={request} title="Your address is kept" noindex>
        <div class="lead">
          <div>
            <h1>Your address is kept</h1>
            <p class="by-line">
              This version of the site does not send mail yet. Your address waits, unconfirmed; when mail starts you get
              one message that asks you to confirm, and nothing before you do.
            </p>
          </div>
        </div>
        <p>
          <a href="/">Back to the papers</a>
        </p>
      </Layout>,
    ),
  )

/** The fields of a form. What is no form at all is the sender's fault, not ours. */
async function readForm(request: Request): Promise<Record<string, unknown>> {
  try {
    return await request.req.parseBody()
  } catch (cause) {
    if (cause instanceof AppError) throw cause
    throw new AppError('bad_request', 'The form could not be read. Open the page again and send it from there.', {
      cause,
    })
  }
}

const THEME_MAX_AGE_SECONDS = 400 * 86_400

/** `POST /appearance`: light, dark, or as the system has it; kept in a cookie that holds nothing else. */
export const appearanceAction: Page = async (request) => {
  const form = await readForm(request)
  const theme: Theme = form.theme === 'light' || form.theme === 'dark' ? form.theme : 'auto'
  const response = redirect(backPath(request.req.header('referer')), 303)
  response.headers.append(
    'set-cookie',
    `theme=${theme}; Path=/; Max-Age=${THEME_MAX_AGE_SECONDS}; SameSite=Lax; HttpOnly`,
  )
  return response
}

/** The page the reader came from, as a path of ours: never another site. */
function backPath(referer: string | undefined): `/${string}` {
  if (!referer || !URL.canParse(referer)) return '/'
  const { pathname, search } = new URL(referer)
  return `/${pathname.replace(/^[/\\]+/, '')}${search}`
}
