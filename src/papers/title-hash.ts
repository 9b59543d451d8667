const FNV_PRIME = 16_777_619

/**
 * A whole number below 2^53 made of a folded title: two 32-bit FNV-1a sums with different starts. An index over it is a
 * fifth of the size of one over the titles. Equal titles have equal hashes; equal hashes are checked against the titles.
 */
export function titleHash(titleKey: string): number {
  let low = 0x811c9dc5
  let high = 0x9e3779b9
  for (let index = 0; index < titleKey.length; index++) {
    const code = titleKey.charCodeAt(index)
    low = Math.imul(low ^ code, FNV_PRIME)
    high = Math.imul(high ^ (code + index), FNV_PRIME)
  }
  return (high & 0x1fffff) * 0x1_0000_0000 + (low >>> 0)
}
