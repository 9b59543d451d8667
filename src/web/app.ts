import { randomBytes } from 'node:crypto'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { getCookie } from 'hono/cookie'
import { AppError } from '../errors.ts'
import { statusOf } from '../lib/http-status.ts'
import { clientAddress } from './client-address.ts'
import { currentOf, currentSite } from './current-site.ts'
import { errorPage, signInFirst } from './pages/error.tsx'
import { createRateLimits } from './rate-limits.ts'
import { redirect, wantsJson } from './respond.tsx'
import { isOpenPath, routes } from './routes.ts'
import { refuseCrossSite, securityHeaders } from './security.ts'
import type { Request, RequestVariables, Site, Theme } from './site.ts'
import { checkFormToken, checkWho, findViewer } from './who.ts'

/** A form of ours holds an address or an id; anything near this size is no form of ours. */
const MAX_FORM_BYTES = 64_000

/** For a year browsers come by https only. Sent where the configured address is https, never guessed from a request. */
const STRICT_TRANSPORT = 'max-age=31536000'

/** The site as one function from request to answer: tests call `app.request`, `serve` puts it on a port. */
export function createWebApp(site: Site) {
  const app = new Hono<{ Variables: RequestVariables }>()
  const isHttps = site.config.baseUrl?.startsWith('https:') ?? false
  const { limitRequest, limitSubject } = createRateLimits(site.rateStore)

  app.use(async (request, next) => {
    request.set('theme', themeOf(getCookie(request, 'theme')))
    request.set('limitSubject', limitSubject)
    await next()
    for (const [name, value] of Object.entries(securityHeaders))
      if (!request.res.headers.has(name)) request.res.headers.set(name, value)
    if (isHttps) request.res.headers.set('strict-transport-security', STRICT_TRANSPORT)
    const retryAfter = request.get('retryAfter')
    if (retryAfter !== undefined) request.res.headers.set('retry-after', String(retryAfter))
  })
  app.get('/assets/:name', (request) => {
    const file = site.assets.file(request.req.param('name'))
    if (!file) return request.notFound()
    return new Response(file.content, {
      headers: { 'content-type': file.type, 'cache-control': 'public, max-age=31536000, immutable' },
    })
  })
  app.use(async (request, next) => {
    request.set('address', clientAddress(request as Request, site.config.trustProxy))
    request.set('site', await currentSite(site))
    await next()
  })
  app.use((request, next) => findViewer(request, site, next))
  app.post('*', (request, next) => (isOpenPath(request.req.path) ? next() : refuseCrossSite(request, next)))
  app.post(
    '*',
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
      await limitRequest(request, route.rate)
      checkWho(request, route)
      await checkFormToken(request, site, route)
      return route.page(request, currentOf(request, site))
    })
  }

  app.get('/robots.txt', (request) =>
    request.text('User-agent: *\nDisallow: /subscribe\nDisallow: /papers?\nDisallow: /mail/\nDisallow: /u/\n'),
  )
  app.get('/favicon.ico', () => redirect(site.assets.url('favicon.svg') as `/${string}`, 301))
  for (const [path, atPath] of Map.groupBy(routes, (route) => route.path)) {
    const methods = atPath.map(({ method }) => method.toUpperCase())
    app.all(path, (request) => {
      request.header('allow', methods.join(', '))
      const message = `This address takes ${methods.join(' and ')} only.`
      return errorPage(request as Request, currentOf(request, site), 405, 'method_not_allowed', message)
    })
  }
  // A slash too many is not "nothing here".
  app.get('*', (request) => {
    const { path } = request.req
    if (path.length === 1 || !path.endsWith('/')) return request.notFound()
    return redirect(`/${path.replace(/^\/+|\/+$/g, '')}`, 301)
  })
  app.notFound((request) =>
    errorPage(request as Request, currentOf(request, site), 404, 'not_found', 'There is no page at this address.'),
  )
  app.onError((error, anyRequest) => {
    const request = anyRequest as Request
    const current = currentOf(request, site)
    if (error instanceof AppError) {
      const status = statusOf(error.code)
      if (wantsJson(request)) return request.json({ error: error.message, code: error.code }, status as never)
      if (error.code === 'not_signed_in') return signInFirst(request, current, error.message)
      return errorPage(request, current, status as never, error.code, error.message)
    }
    const id = randomBytes(5).toString('hex')
    site.log.error({ id, path: request.req.path, err: error }, 'a page failed')
    const message = `An unexpected error. The administrator finds it in the log under the number ${id}.`
    if (wantsJson(request)) return request.json({ error: message, code: 'internal' }, 500)
    return errorPage(request, current, 500, 'internal', message)
  })
  return app
}

function themeOf(cookie: string | undefined): Theme {
  return cookie === 'light' || cookie === 'dark' ? cookie : 'auto'
}
