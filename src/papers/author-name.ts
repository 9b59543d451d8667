/** A name taken apart for sorting and citing. `given` and `suffix` are empty where there is none. */
export type AuthorName = { family: string; given: string; suffix: string }

// Part of the family name however they are written (`Van der Berg`) ...
const particles = new Set('van der de la von del della da mac ter dem di'.split(' '))
// ... and those that are given names or syllables of names when written with a capital (`Le`, `Do`, `Al`).
const smallParticles = new Set("al af av bin das den do dos du el ibn las le lo los ten van't zu zur 't".split(' '))

const suffixPattern = /^(?:jr|sr)\.?$|^(?:II|III|IV)$/i
const corporatePattern =
  /^team\s|\b(?:collaborations?|consortium|group|team|committee|community|initiative|foundation|institute|laboratory|labs?)$/i

/** Collaborations, groups and teams have one name that is never taken apart. */
export function isCorporateName(name: string): boolean {
  return corporatePattern.test(oneLine(name))
}

/**
 * Takes one author's display name apart: the family name is the last word with the particles before it, a single word
 * is a family name, `Jr.` and the like stand apart, initials get a blank between them.
 */
export function familyName(name: string): AuthorName {
  const text = oneLine(name)
  if (isCorporateName(text)) return { family: text, given: '', suffix: '' }
  const words = text.replace(/(?<=\p{L}\.)(?=\p{L})/gu, ' ').split(' ')
  const suffix = words.length > 1 && suffixPattern.test(words.at(-1)!) ? words.pop()! : ''
  const rest = words.join(' ').replace(/[\s,]+$/, '')
  const [family = '', given, ...more] = rest.split(/\s*,\s*/)
  if (given !== undefined && more.length === 0) return { family, given, suffix }
  const parts = given === undefined ? rest.split(' ') : [rest]
  let start = parts.length - 1
  // A capital particle that opens the name is a given name: Di Wang, but von Neumann.
  while (start > 0 && isParticle(parts[start - 1]!) && (start > 1 || isSmall(parts[0]!))) start--
  return { family: parts.slice(start).join(' '), given: parts.slice(0, start).join(' '), suffix }
}

// Two words or more, only initials between the first and the last: nearly all names.
const plainName = /^([A-Z])[a-z]*\.?(?: [A-Z]\.?)* ([A-Z][A-Za-z]+)$/

/** Of a plain name without particles, suffix or group: its last word and first letter; for all others undefined. */
export function plainFamilyName(name: string): { family: string; initial: string } | undefined {
  const [, initial = '', family = ''] = plainName.exec(name) ?? []
  if (family === '' || suffixPattern.test(family) || corporatePattern.test(name)) return undefined
  return { family, initial }
}

function isParticle(word: string): boolean {
  return particles.has(word.toLowerCase()) || smallParticles.has(word)
}

function isSmall(word: string): boolean {
  return word === word.toLowerCase()
}

function oneLine(name: string): string {
  return name.replace(/\s+/g, ' ').replace(/^[ ,]+|[ ,]+$/g, '')
}
