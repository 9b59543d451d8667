const greek =
  'alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau upsilon phi chi psi omega'
const kept = new Map<string, string>(greek.split(' ').map((name) => [name, name]))
for (const name of ['epsilon', 'theta', 'rho', 'sigma', 'phi', 'kappa', 'pi']) kept.set(`var${name}`, name)
kept.set('ell', 'l')

/**
 * The word that a TeX command stands for, or undefined for one that only formats.
 *
 * @example texWord('Sigma') // 'sigma'
 * @example texWord('mathbb') // undefined
 */
export function texWord(command: string): string | undefined {
  return kept.get(command) ?? kept.get(command.toLowerCase())
}

const accent = /\\(?:["'`^~=.]|[uvHtcdbrk](?![a-zA-Z]))\s*\{?\\?([a-zA-Z])\}?/g
const special = /\\(ss|ae|oe|aa|o|l|i|j|AE|OE|AA|O|L)(?![a-zA-Z])\s?(?:\{\})?/g

/**
 * Letters with TeX accents as plain letters: `Fran\c{c}ois` is `Francois`. Offsets change, so this is for indexing and
 * queries; what is shown has its accents in Unicode.
 *
 * @example withoutTexAccents('Erd\\H{o}s and \\"Osterg{\\aa}rd') // 'Erdos and Osterg{a}rd'
 */
export function withoutTexAccents(text: string): string {
  if (!text.includes('\\')) return text
  return text.replace(accent, '$1').replace(special, (_, name: string) => (name.toLowerCase() === 'aa' ? 'a' : name))
}
