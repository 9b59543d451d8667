import { isIPv4, isIPv6 } from 'node:net'

/**
 * The network an address belongs to, as far as we keep it: /24 or /48. Enough to recognise one's own sessions and to
 * limit rates (a household or a lab shares one), too little to follow a person.
 */
export function networkOf(address: string): string | null {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '')
  if (isIPv4(plain)) return `${plain.split('.').slice(0, 3).join('.')}.0/24`
  if (!isIPv6(plain)) return null
  const kept = groupsOfIPv6(plain).slice(0, 3)
  return `${kept.join(':')}::/48`
}

/** The eight groups of an IPv6 address, without leading zeros. */
export function groupsOfIPv6(address: string): string[] {
  const [head = '', tail] = address.split('::')
  const front = head.split(':').filter(Boolean)
  const back = tail?.split(':').filter(Boolean) ?? []
  const groups = tail === undefined ? front : [...front, ...Array(8 - front.length - back.length).fill('0'), ...back]
  return groups.map((group) => Number.parseInt(group, 16).toString(16))
}
