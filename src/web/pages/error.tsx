import type { ErrorCode } from '../../errors.ts'
import { backPath, ownPath, refererPath } from '../back-path.ts'
import { Layout } from '../layout.tsx'
import { sendHtml } from '../respond.tsx'
import type { Request, Site } from '../site.ts'

const titles: Partial<Record<ErrorCode, string>> = {
  paper_not_found: 'This paper is not here yet',
  not_found: 'Nothing at this address',
  bad_identifier: 'Not a paper id',
  bad_date: 'Not a date',
  bad_email: 'Not an e-mail address',
  too_many_requests: 'Too many requests',
  not_allowed: 'Not allowed',
  not_signed_in: 'Sign in first',
  conflict: 'Changed meanwhile',
  bad_form_token: 'This form is too old',
  internal: 'Something broke',
}

/** An error as a page: what was expected, what came, what to do; the number only where somebody must look it up. */
export function errorPage(
  request: Request,
  site: Site,
  status: Parameters<typeof sendHtml>[2],
  code: ErrorCode,
  message: string,
): Promise<Response> {
  const title = titles[code] ?? 'That did not work'
  return sendHtml(
    request,
    String(
      <Layout site={site} request={request} title={title} noindex>
        <div class="lead">
          <div>
            <h1>{title}</h1>
            <p class="by-line">{message}</p>
          </div>
        </div>
        {code === 'paper_not_found' && request.req.method === 'GET' && (
          <p class="more">
            <a href={`/papers/submit?id=${encodeURIComponent(request.req.path.replace(/^\/papers\//, ''))}`}>
              Submit this paper
            </a>
          </p>
        )}
        {code === 'bad_cursor' && request.req.method === 'GET' && (
          <p class="more">
            <a href={firstPage(request)}>The first page of this list</a>
          </p>
        )}
        <p>
          <a href="/">Go to the newest edition</a>
        </p>
      </Layout>,
    ),
    status,
  )
}

/** The address of a list without the place in it. */
function firstPage(request: Request): string {
  const [path, query] = ownPath(request).split('?')
  const parameters = new URLSearchParams(query)
  parameters.delete('after')
  return parameters.size > 0 ? `${path}?${parameters}` : (path as string)
}

/** What somebody not signed in gets instead of a page that needs an account: the way in, and back again. */
export function signInFirst(request: Request, site: Site, message: string): Promise<Response> {
  const { method, path } = request.req
  const back = method === 'GET' ? backPath(path + new URL(request.req.url).search) : refererPath(request)
  return sendHtml(
    request,
    String(
      <Layout site={site} request={request} title="Sign in first" noindex>
        <div class="lead">
          <div>
            <h1>Sign in first</h1>
            <p class="by-line">{message}</p>
          </div>
        </div>
        <p class="more">
          <a href={`/sign-in?back=${encodeURIComponent(back)}`}>Sign in</a>
        </p>
      </Layout>,
    ),
    401,
  )
}
