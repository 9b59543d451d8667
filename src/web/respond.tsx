import { hash } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Request } from './site.ts'

const gzipAsync = promisify(gzip)
/** Below this, compressing costs more than it saves. */
const MIN_GZIP_BYTES = 1_000
/** Pages asked for again and again are compressed once: bounded by bytes, oldest use out first. */
const MAX_KEPT_BYTES = 16_000_000

const kept = new Map<string, Uint8Array<ArrayBuffer>>()
let keptBytes = 0

/** Sends a page: with a validator, so that an unchanged page costs a reader nothing, and compressed where wanted. */
export async function sendHtml(
  request: Request,
  html: string,
  status: 200 | 400 | 401 | 403 | 404 | 405 | 409 | 410 | 413 | 429 | 500 | 503 = 200,
): Promise<Response> {
  // Encoded once: the tag, the compressor and the socket all want bytes.
  const body = Buffer.from(`<!doctype html>${html}`)
  const tag = hash('sha1', body, 'base64url')
  // The theme comes from a cookie, and a shared cache must not hand one reader's theme to another.
  const headers: Record<string, string> = {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'private, no-cache',
    vary: 'cookie, accept-encoding',
  }
  if (status === 200) {
    headers.etag = `W/"${tag}"`
    if (request.req.header('if-none-match')?.includes(tag)) return new Response(null, { status: 304, headers })
  }
  if (body.length < MIN_GZIP_BYTES || !/\bgzip\b/.test(request.req.header('accept-encoding') ?? '')) {
    return new Response(body, { status, headers })
  }
  headers['content-encoding'] = 'gzip'
  return new Response(await compressed(tag, body), { status, headers })
}

async function compressed(tag: string, body: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const known = kept.get(tag)
  if (known) {
    kept.delete(tag)
    kept.set(tag, known)
    return known
  }
  const bytes = new Uint8Array(await gzipAsync(body, { level: 5 }))
  if (!kept.has(tag)) {
    kept.set(tag, bytes)
    keptBytes += bytes.length
  }
  for (const [oldest, held] of kept) {
    if (keptBytes <= MAX_KEPT_BYTES) break
    kept.delete(oldest)
    keptBytes -= held.length
  }
  return bytes
}

/** An island asks for data where a form asks for the next page. */
export function wantsJson(request: Request): boolean {
  return request.req.header('accept')?.includes('application/json') ?? false
}

/** Goes to another page of ours. Only paths: an address from outside never gets here. */
export function redirect(path: `/${string}`, status: 301 | 302 | 303 = 302): Response {
  return new Response(null, { status, headers: { location: path } })
}
