/** Letters that Unicode does not take apart, as people type them without the sign. */
const single: Record<string, string> = {
  ß: 'ss',
  ø: 'o',
  æ: 'ae',
  œ: 'oe',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
  ħ: 'h',
}

/** Beyond this many different characters the memo starts anew: a text of random characters must not fill the memory. */
const memoLimit = 20_000
const memo = new Map<number, string | undefined>()

/**
 * What a character outside ASCII counts as inside a word: its letters or digits without accents, in lower case and
 * compatibility form (`é` is `e`, `𝐱` is `x`, `ﬁ` is `fi`, `²` is `2`), the empty string for a bare accent (which
 * changes nothing), `-` and `'` for the typographic forms of these, `undefined` for what ends a word.
 *
 * @example foldCharacter('É'.codePointAt(0)!) // 'e'
 * @example foldCharacter('—'.codePointAt(0)!) // undefined
 */
export function foldCharacter(codePoint: number): string | undefined {
  if (memo.has(codePoint)) return memo.get(codePoint)
  if (memo.size >= memoLimit) memo.clear()
  const folded = fold(String.fromCodePoint(codePoint))
  memo.set(codePoint, folded)
  return folded
}

function fold(character: string): string | undefined {
  if (/[\u2010\u2011\u00ad]/.test(character)) return character === '\u00ad' ? '' : '-'
  if (/[\u2019\u02bc\uff07]/.test(character)) return "'"
  if (/[\p{M}\u200b-\u200d\u2060]/u.test(character)) return ''
  const lower = character.toLowerCase()
  const plain = (single[lower] ?? lower).normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
  return /^[\p{L}\p{N}]+$/u.test(plain) ? plain : undefined
}

/** Scripts written without spaces: each character is a word of its own, so that a part of a sentence can be found. */
export function standsAlone(codePoint: number): boolean {
  return (
    (codePoint >= 0x3040 && codePoint <= 0x30ff) ||
    (codePoint >= 0x3400 && codePoint <= 0x9fff) ||
    (codePoint >= 0xf900 && codePoint <= 0xfaff) ||
    (codePoint >= 0x20000 && codePoint <= 0x3ffff)
  )
}
