const mathSign = /[\\^_=<>{}]/
const twoWords = /\p{L}{2,} \p{L}{3,}/u
const fourWords = /(?:^|[ ,.;])\p{L}{2,}(?:[ ,.;]+\p{L}+){3}/u
const textArgument = /\\(?:text[a-z]*|[mh]box|mathrm|operatorname)\*?\s*\{[^{}]*\}|\\[a-zA-Z]+/g

/**
 * Whether what stands between two dollar signs is ordinary text, as in "from $5 million to $6 million": words in a row,
 * or an amount followed by another amount. `next` is the character after the second sign.
 */
export function looksLikeProse(body: string, next: string): boolean {
  if (body.trim() === '') return true
  if (mathSign.test(body)) {
    return body.length > 20 && fourWords.test(body.includes('\\') ? body.replace(textArgument, ' ') : body)
  }
  if (/^\d/.test(next) && (/^\d/.test(body) || /^\S.*\s$/s.test(body))) return true
  if (twoWords.test(body)) return true
  return /[\p{L}\d] \p{L}{2,} $/u.test(body)
}
