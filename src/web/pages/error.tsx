import type { ErrorCode } from '../../errors.ts'
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
        <p>
          <a href="/">Go to the newest edition</a>
        </p>
      </Layout>,
    ),
    status,
  )
}
