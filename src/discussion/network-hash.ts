import { createHmac } from 'node:crypto'

/** Networks are kept with votes for so long, to find rings; after that a vote no longer tells where it came from. */
export const NETWORK_KEPT_DAYS = 30

/**
 * A short keyed hash of the network (not the machine) an address belongs to: /24 of IPv4, /64 of IPv6. Without the
 * instance's secret nobody can try addresses against it.
 */
export function networkHash(address: string, secret: string): string | undefined {
  const network = networkOf(address)
  if (!network) return undefined
  return createHmac('sha256', secret).update(`vote network ${network}`).digest('base64url').slice(0, 16)
}

function networkOf(address: string): string | undefined {
  const plain = address
    .toLowerCase()
    .replace(/^::ffff:(?=\d+\.)/, '')
    .replace(/%.*$/, '')
  const v4 = /^(\d{1,3}\.\d{1,3}\.\d{1,3})\.\d{1,3}$/.exec(plain)
  if (v4) return `${v4[1]}.0/24`
  if (!plain.includes(':')) return undefined
  const [head = '', tail] = plain.split('::')
  const first = head === '' ? [] : head.split(':')
  const last = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - first.length - last.length)
  const groups = [...first, ...Array<string>(zeros).fill('0'), ...last].map((group) => group.replace(/^0+(?=.)/, ''))
  return `${groups.slice(0, 4).join(':')}::/64`
}
