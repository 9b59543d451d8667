import type { MiddlewareHandler } from 'hono'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import { AppError } from '../errors.ts'
import type { Request } from './site.ts'

/** Named rates: how many requests a network address may make in how many seconds. */
export const rates = {
  pages: { points: 1_200, seconds: 300 },
  pictures: { points: 6_000, seconds: 300 },
  writes: { points: 30, seconds: 600 },
} as const
export type Rate = keyof typeof rates

const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** On every answer, errors included. */
export const securityHeaders: Record<string, string> = {
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
}

export function createRateLimits(clientAddress: (request: Request) => string) {
  const limiters = Object.fromEntries(
    Object.entries(rates).map(([name, { points, seconds }]) => [
      name,
      new RateLimiterMemory({ points, duration: seconds }),
    ]),
  ) as Record<Rate, RateLimiterMemory>
  return async (request: Request, rate: Rate): Promise<void> => {
    const address = clientAddress(request)
    // The machine itself is not limited when it reads: that is the administrator, a monitor, or a proxy not set up yet.
    if (isLoopback(address) && rate !== 'writes') return
    try {
      await limiters[rate].consume(address)
    } catch (refusal) {
      if (refusal instanceof Error) throw refusal
      const seconds = Math.ceil((refusal as { msBeforeNext: number }).msBeforeNext / 1000)
      request.header('retry-after', String(seconds))
      throw new AppError('too_many_requests', `Too many requests from your network. Try again in ${seconds} seconds.`)
    }
  }
}

function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.') || address.startsWith('::ffff:127.')
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
