import { timingSafeEqual } from 'node:crypto'

/**
 * Who may read the metrics: whoever has the token, where one is set; without one, programs on this machine that ask
 * directly. A request that came through a proxy is somebody else's, whatever address it seems to come from.
 */
export function mayReadMetrics(
  request: { remote: string | undefined; header: (name: string) => string | undefined },
  token: string | undefined,
): boolean {
  if (token) return isSame(request.header('authorization') ?? '', `Bearer ${token}`)
  const forwarded = ['x-forwarded-for', 'x-real-ip', 'forwarded', 'via'].some(
    (name) => request.header(name) !== undefined,
  )
  return !forwarded && isLoopback(request.remote)
}

const isLoopback = (address: string | undefined) => address !== undefined && /^(?:::ffff:)?127\.|^::1$/.test(address)

function isSame(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)]
  return a.length === b.length && timingSafeEqual(a, b)
}
