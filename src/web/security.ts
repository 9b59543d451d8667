import type { MiddlewareHandler } from 'hono'
import { AppError } from '../errors.ts'

/** Browsers also hold a form to `form-action` when its answer leads on to another site: providers must be named. */
export function contentSecurityPolicy(formTargets: readonly string[] = []): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    ['form-action', "'self'", ...formTargets].join(' '),
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

/** On every answer, errors included. */
export const securityHeaders: Record<string, string> = {
  'content-security-policy': contentSecurityPolicy(),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
}

/**
 * Refuses a write that another site's page makes in a reader's browser. Browsers say where a request comes from
 * (`Sec-Fetch-Site`, else `Origin`); programs that say neither carry no cookie of a reader and may pass.
 */
export const refuseCrossSite: MiddlewareHandler = async (request, next) => {
  const site = request.req.header('sec-fetch-site')
  const origin = request.req.header('origin')
  const host = request.req.header('host')
  const isOurs = site
    ? site === 'same-origin' || site === 'none'
    : !origin || (URL.canParse(origin) && new URL(origin).host === host)
  if (!isOurs)
    throw new AppError(
      'cross_site',
      'This form was sent from another site and was not accepted. Open the page here and send it again.',
    )
  await next()
}
