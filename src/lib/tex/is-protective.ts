const sign = /^[,.;:=/[\]"–—-]$/
const word = String.raw`[\p{L}\p{N}][\p{L}\p{N}\p{M}.:'’&/–-]*`
const words = new RegExp(`^${word}(?: ${word})*$`, 'u')
const letterOrDigit = /[\p{L}\p{N}]/u

/**
 * Whether braces around `content` only guard plain text, as in `{GPT}`, `{B}ayesian`, `5{,}000` or `Schr{ö}dinger`.
 * Sets such as `{0,1}` and `{a, b}`, arguments and lone lower-case words are not. `before` is the text up to the brace
 * (its last two characters count), `after` the character behind it.
 */
export function isProtective(content: string, before: string, after: string): boolean {
  if (sign.test(content)) return true
  if (content.length > 200 || !words.test(content)) return false
  const touchesBefore = letterOrDigit.test(before.slice(-1))
  const touchesAfter = /^\p{L}/u.test(after)
  const afterCapital = /\p{Lu}$/u.test(before)
  if (content.length === 1) {
    if (content > '\u00bf') return true
    if (/[A-Z]/.test(content)) return touchesAfter || afterCapital
    return /[a-z]/.test(content) && /\p{L}{2}$/u.test(before) && touchesAfter
  }
  if (content.includes(' ')) return !touchesBefore && /\p{L}{2}/u.test(content)
  return /\p{Lu}/u.test(content) && (!touchesBefore || touchesAfter || afterCapital)
}
