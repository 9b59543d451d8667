import { getConnInfo } from '@hono/node-server/conninfo'
import type { Request } from './site.ts'

/** The address a request comes from. Behind a proxy of ours, the last address that proxy wrote down. */
export function clientAddress(request: Request, trustProxy: boolean): string {
  const forwarded = trustProxy ? request.req.header('x-forwarded-for')?.split(',').at(-1)?.trim() : undefined
  if (forwarded) return forwarded
  // Without a socket (app.request in tests) there is no address to count by.
  return request.env && 'incoming' in (request.env as object)
    ? (getConnInfo(request).remote.address ?? 'unknown')
    : 'unknown'
}

export function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.') || address.startsWith('::ffff:127.')
}

/** The same for notes of who agreed to what; absent where there is no network, as in tests. */
export function networkOf(request: Request): string | undefined {
  const address = request.get('address')
  return address === 'unknown' ? undefined : address
}
