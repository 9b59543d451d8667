import { randomBytes } from 'node:crypto'
import { getConnInfo } from '@hono/node-server/conninfo'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { getCookie } from 'hono/cookie'
import { AppError } from '../errors.ts'
import { statusOf } from '../lib/http-status.ts'
import { errorPage, signInFirst } from './pages/error.tsx'
import { redirect } from './respond.tsx'
import { routes } from './routes.ts'
import { createRateLimits, refuseCrossSite, securityHeaders } from './security.ts'
import type { Request, RequestVariables, Site, Theme } from './site.ts'
import { checkFormToken, checkWho, findViewer } from './who.ts'

/** A form of ours holds an address or an id; anything near this size is no form of ours. */
const MAX_FORM_BYTES = 64_000

/** The site as one function from request to answer: tests call `app.request`, `serve` puts it on a port. */
export function createWebApp(site: Site) {
  const app = new Hono<{ Variables: RequestVariables }>()
  const limitRate = createRateLimits((request) => clientAddress(request, site.config.trustProxy))

  app.use(async (request, next) => {
    request.set('theme', themeOf(getCookie(request, 'theme')))
    await next()
    for (const [name, value] of Object.entries(securityHeaders)) request.res.headers.set(name, value)
  })
  app.get('/assets/:name', (request) => {
    const file = site.assets.file(request.req.param('name'))
    if (!file) return request.notFound()
    return new Response(file.content, {
      headers: { 'content-type': file.type, 'cache-control': 'public, max-age=31536000, immutable' },
    })
  })
  app.use((request, next) => findViewer(request, site, next))
  app.post(
    '*',
    refuseCrossSite,
    bodyLimit({
      maxSize: MAX_FORM_BYTES,
      onError: () => {
        throw new AppError('too_large', `A form may hold ${MAX_FORM_BYTES} bytes; this one is larger.`)
      },
    }),
  )
  for (const route of routes) {
    app[route.method](route.path, async (anyRequest) => {
      const request = anyRequest as Request
      await limitRate(request, route.rate)
      checkWho(request, route)
      await checkFormToken(request, site, route)
      return route.page(request, site)
    })
  }

  app.get('/robots.txt', (request) => request.text('User-agent: *\nDisallow: /subscribe\n'))
  app.get('/favicon.ico', () => redirect(site.assets.url('favicon.svg') as `/${string}`, 301))
  for (const [path, atPath] of Map.groupBy(routes, (route) => route.path)) {
    const methods = atPath.map(({ method }) => method.toUpperCase())
    app.all(path, (request) => {
      request.header('allow', methods.join(', '))
      const message = `This address takes ${methods.join(' and ')} only.`
      return errorPage(request as Request, site, 405, 'method_not_allowed', message)
    })
  }
  // A slash too many is not "nothing here".
  app.get('*', (request) => {
    const { path } = request.req
    if (path.length === 1 || !path.endsWith('/')) return request.notFound()
    return redirect(`/${path.replace(/^\/+|\/+$/g, '')}`, 301)
  })
  app.notFound((request) => errorPage(request as Request, site, 404, 'not_found', 'There is no page at this address.'))
  app.onError((error, request) => {
    if (error instanceof AppError && error.code === 'not_signed_in')
      return signInFirst(request as Request, site, error.message)
    if (error instanceof AppError) {
      return errorPage(request as Request, site, statusOf(error.code) as never, error.code, error.message)
    }
    const id = randomBytes(5).toString('hex')
    site.log.error({ id, path: request.req.path, err: error }, 'a page failed')
    return errorPage(
      request as Request,
      site,
      500,
      'internal',
      `An unexpected error. The administrator finds it in the log under the number ${id}.`,
    )
  })
  return app
}

function themeOf(cookie: string | undefined): Theme {
  return cookie === 'light' || cookie === 'dark' ? cookie : 'auto'
}

/** The address a request comes from. Behind a proxy of ours, the last address that proxy wrote down. */
function clientAddress(request: Request, trustProxy: boolean): string {
  const forwarded = trustProxy ? request.req.header('x-forwarded-for')?.split(',').at(-1)?.trim() : undefined
  if (forwarded) return forwarded
  // Without a socket (app.request in tests) there is no address to count by.
  return request.env && 'incoming' in (request.env as object)
    ? (getConnInfo(request).remote.address ?? 'unknown')
    : 'unknown'
}
