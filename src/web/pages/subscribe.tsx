import { subscribe } from '../../digest/index.ts'
import { refererPath } from '../back-path.ts'
import { Layout } from '../layout.tsx'
import { readForm } from '../read-form.ts'
import { redirect, sendHtml } from '../respond.tsx'
import type { Page, Theme } from '../site.ts'

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

const THEME_MAX_AGE_SECONDS = 400 * 86_400

/** `POST /appearance`: light, dark, or as the system has it; kept in a cookie that holds nothing else. */
export const appearanceAction: Page = async (request) => {
  const form = await readForm(request)
  const theme: Theme = form.theme === 'light' || form.theme === 'dark' ? form.theme : 'auto'
  const response = redirect(refererPath(request), 303)
  response.headers.append(
    'set-cookie',
    `theme=${theme}; Path=/; Max-Age=${THEME_MAX_AGE_SECONDS}; SameSite=Lax; HttpOnly`,
  )
  return response
}
