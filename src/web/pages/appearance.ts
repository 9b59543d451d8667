import { refererPath } from '../back-path.ts'
import { readForm } from '../read-form.ts'
import { redirect } from '../respond.tsx'
import type { Page, Theme } from '../site.ts'

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
