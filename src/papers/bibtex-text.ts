import { mapMath } from '../lib/tex/split-math.ts'

/** BibTeX counts every brace, `\{` too, and drops the whole entry when they do not match. */
export function hasMatchingBraces(text: string): boolean {
  let depth = 0
  for (const character of text) {
    if (character === '{') depth++
    if (character === '}' && --depth < 0) return false
  }
  return depth === 0
}

/** Plain text as TeX; letters outside ASCII stay as they are. */
export function escapeTex(text: string): string {
  const braces: Record<string, string> = hasMatchingBraces(text)
    ? { '{': '\\{', '}': '\\}' }
    : { '{': '{\\textbraceleft}', '}': '{\\textbraceright}' }
  const words: Record<string, string> = {
    '\\': '\\textbackslash{}',
    '~': '\\textasciitilde{}',
    '^': '\\textasciicircum{}',
  }
  return text.replace(/[\\{}~^&%#_$]/g, (character) => braces[character] ?? words[character] ?? `\\${character}`)
}

/**
 * A display text as the title of a BibTeX entry. Words with inner capitals and formulas with capitals get braces of
 * their own, because many styles write titles in small letters, `\Delta` in a formula included.
 */
export function bibtexTitle(title: string): string {
  const plain = (text: string) => escapeTex(text).replace(/\\?[\p{L}\p{M}\p{N}]+/gu, protectCapitals)
  return mapMath(title, plain, ({ start, end }) => {
    const source = title.slice(start, end)
    const maths = mathsWithMatchingBraces(source)
    if (maths === undefined) return plain(source)
    return /\p{Lu}/u.test(maths) ? `{${maths}}` : maths
  })
}

function protectCapitals(word: string): string {
  return /^[^\\].*\p{Lu}/u.test(word) ? `{${word}}` : word
}

/** The formula fit for a BibTeX field, or undefined if its braces cannot be made to match. */
function mathsWithMatchingBraces(source: string): string | undefined {
  const safe = source.replace(/(?<!\\)[%#]/g, '\\$&')
  if (hasMatchingBraces(safe)) return safe
  const named = safe.replace(/\\\{/g, '\\lbrace ').replace(/\\\}/g, '\\rbrace ')
  return hasMatchingBraces(named) ? named : undefined
}
