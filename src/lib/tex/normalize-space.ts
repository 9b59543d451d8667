const printableAscii = /^[ -~]*$/
const control = /[^\P{Cc}\t\n\v\f\r]/gu
/** Marks that turn the direction of what follows: they would reach out of their title into the page. */
const directions = /[\u202a-\u202e\u2066-\u2069]/g
const joined = /[ \u00a0]{2}/

/**
 * arXiv's spacing: a line break followed by blanks (or by another break) is a paragraph, written `\n\n`; other breaks
 * and runs of blanks are one space; no-break spaces stay. Control characters, which no feed may carry, become blanks.
 * The result is trimmed and NFC.
 */
export function normalizeSpace(raw: string): string {
  if (printableAscii.test(raw)) return joinSpaces(raw)
  const text = raw
    .replace(directions, '')
    .normalize('NFC')
    .replace(control, ' ')
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
  return joinSpaces(text.replace(/[^\S\n\u00a0]/g, ' '))
}

/** The same for a text whose only blanks are spaces, no-break spaces and `\n`. */
export function joinSpaces(text: string): string {
  const tidy =
    !text.includes('  ') &&
    !text.includes('\n') &&
    !(text.includes('\u00a0') && joined.test(text)) &&
    !isBlank(text.charCodeAt(0)) &&
    !isBlank(text.charCodeAt(text.length - 1))
  if (tidy) return text
  return text.replace(/[ \u00a0\n]{2,}|\n/g, joinBlanks).replace(/^[ \u00a0\n]+|[ \u00a0\n]+$/g, '')
}

function isBlank(code: number): boolean {
  return code === 32 || code === 160
}

function joinBlanks(blanks: string): string {
  const lineBreak = blanks.indexOf('\n')
  if (lineBreak >= 0) return lineBreak < blanks.length - 1 ? '\n\n' : ' '
  return blanks.includes('\u00a0') ? '\u00a0' : ' '
}
