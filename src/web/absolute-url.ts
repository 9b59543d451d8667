import type { Request, Site } from './site.ts'

/** The full address of a path: from the configuration, else from the request. */
export function absoluteUrl(site: Site, request: Request, path: string): string {
  if (site.config.baseUrl) return site.config.baseUrl + path
  const url = new URL(request.req.url)
  const forwarded = site.config.trustProxy ? request.req.header('x-forwarded-proto') : undefined
  return `${forwarded === 'https' ? 'https:' : url.protocol}//${url.host}${path}`
}
