import type { MiddlewareHandler } from 'hono'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import { AppError } from '../errors.ts'
import type { Request } from './site.ts'

/**
 * Named rates: how many requests a network address may make in how many seconds. Votes are counted for each account
 * too: a whole lecture hall may share an address, and one account must not vote for a thousand papers a minute.
 */
export const rates = {
  pages: { points: 1_200, seconds: 300 },
  search: { points: 300, seconds: 300 },
  suggestions: { points: 1_500, seconds: 300 },
  pictures: { points: 6_000, seconds: 300 },
  writes: { points: 30, seconds: 600 },
  votes: { points: 6_000, seconds: 300 },
} as const
export type Rate = keyof typeof rates
const accountVotes = { points: 600, seconds: 300 }

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

export function createRateLimits() {
  const limiterOf = ({ points, seconds }: { points: number; seconds: number }) =>
    new RateLimiterMemory({ points, duration: seconds })
  const limiters = Object.fromEntries(Object.entries(rates).map(([name, rate]) => [name, limiterOf(rate)])) as Record<
    Rate,
    RateLimiterMemory
  >
  const voters = limiterOf(accountVotes)
  return async (request: Request, rate: Rate): Promise<void> => {
    const address = request.get('address') ?? 'unknown'
    const viewer = request.get('viewer')
    if (rate === 'votes' && viewer) await consume(request, voters, viewer.personId, 'with your account')
    // The machine itself is not limited when it reads: that is the administrator, a monitor, or a proxy not set up yet.
    if (isLoopback(address) && rate !== 'writes') return
    await consume(request, limiters[rate], address, 'from your network')
  }
}

async function consume(request: Request, limiter: RateLimiterMemory, key: string, where: string): Promise<void> {
  try {
    await limiter.consume(key)
  } catch (refusal) {
    if (refusal instanceof Error) throw refusal
    const seconds = Math.ceil((refusal as { msBeforeNext: number }).msBeforeNext / 1000)
    request.set('retryAfter', seconds)
    throw new AppError('too_many_requests', `Too many requests ${where}. Try again in ${seconds} seconds.`)
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
