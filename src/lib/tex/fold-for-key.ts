import { hasMarkup } from './render-tex-html.ts'
import { renderTexPlain } from './render-tex-plain.ts'
import { texToText } from './tex-to-text.ts'

const unmarked: Record<string, string> = {
  ł: 'l',
  ø: 'o',
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ħ: 'h',
  ı: 'i',
  ĸ: 'k',
  ŋ: 'n',
  ŧ: 't',
  ς: 'σ',
}
const folded = /[łøßæœđðþħıĸŋŧς]/g

/** Nothing here means anything to TeX beyond itself: most titles and names. */
const plainText = /^[A-Za-z0-9 ,.:;!?()-]*$/

/**
 * A key under which titles, and names, that a reader takes for the same are equal: without case, accents, TeX markup,
 * quotes, dashes and punctuation; words of letters and digits between single spaces. Never shown to anyone.
 */
export function foldForKey(text: string): string {
  return plainText.test(text) ? foldAscii(text) : foldAny(text)
}

function foldAscii(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim()
}

/** The same for any text; exported to be compared with the short way. */
export function foldAny(text: string): string {
  // Where maths was, ^ and _ go without a gap, so that "$x^2$", "x^2" and "x²" agree.
  const plain = hasMarkup(text) ? renderTexPlain(text) : texToText(text)
  const words = plain.replace(/[\^_{}]|\\(?=[{}$])/g, '')
  if (/^[ -~]*$/.test(words)) return foldAscii(words)
  return words
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(folded, (letter) => unmarked[letter]!)
    .replace(/\p{M}+/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}
