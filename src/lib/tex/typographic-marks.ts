import { isInAddress, type TexSource } from './tex-source.ts'

const longestQuotation = 80

function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 0xc0 && code < 0x2000)
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}

function isBlank(code: number): boolean {
  return code <= 32 || code === 160 || Number.isNaN(code)
}

/** `` and ` become opening quotes, or closing ones where an author typed ``so``. */
export function backtick(source: TexSource, at: number): string {
  const { text, last } = source
  if (isInAddress(source, at)) return take(source, at + 1, '`')
  const double = text.charCodeAt(at + 1) === 96
  const end = at + (double ? 2 : 1)
  const next = text.charCodeAt(end)
  const closes = !isBlank(last) && !isLetter(next) && (double ? source.doubleOpen : source.singleOpen)
  if (!closes && (isBlank(next) || next === 96 || isLetter(last))) return take(source, end, double ? '``' : '`')
  if (double) source.doubleOpen = !closes
  else source.singleOpen = !closes
  if (double) return take(source, end, closes ? '”' : '“')
  return take(source, end, closes ? '’' : '‘')
}

/** '' closes what `` opened; a single ' is an apostrophe or a quote, unless it may be a prime, as in f'(x) or 3'. */
export function apostrophe(source: TexSource, at: number): string {
  const { text, last } = source
  if (isInAddress(source, at)) return take(source, at + 1, "'")
  if (text.charCodeAt(at + 1) === 39) return doubleApostrophe(source, at)
  const next = text.charCodeAt(at + 1)
  const inWord = isLetter(last) && isLetter(next)
  if (source.singleOpen && !inWord && !isBlank(last) && !isDigit(next)) {
    source.singleOpen = false
    return take(source, at + 1, '’')
  }
  if (inWord) return take(source, at + 1, '’')
  if (isLetter(last) || last === 46 || last === 44 || last === 33 || last === 63) {
    const closes = isBlank(next) || (next < 128 && '.,;:!?)]-"'.includes(text[at + 1]!)) || next >= 0x2013
    return take(source, at + 1, closes ? '’' : "'")
  }
  if (isDigit(last)) return take(source, at + 1, /^s(?![a-z])/.test(text.slice(at + 1, at + 3)) ? '’' : "'")
  if (isLetter(next) && closingFollows(text, at + 1)) {
    source.singleOpen = true
    return take(source, at + 1, '‘')
  }
  return take(source, at + 1, "'")
}

function doubleApostrophe(source: TexSource, at: number): string {
  const { text, last } = source
  if (source.singleOpen && text.charCodeAt(at + 2) === 39) {
    source.singleOpen = false
    return take(source, at + 1, '’')
  }
  if (source.doubleOpen && !isBlank(last)) {
    source.doubleOpen = false
    return take(source, at + 2, '”')
  }
  const quotation = text.slice(at + 2, at + longestQuotation)
  const opens = !isLetter(last) && isLetter(text.charCodeAt(at + 2)) && quotation.includes("''")
  if (opens) source.doubleOpen = true
  return take(source, at + 2, opens ? '“' : "''")
}

function closingFollows(text: string, from: number): boolean {
  const limit = Math.min(text.length, from + longestQuotation)
  for (let i = from; i < limit; i++) {
    if (text.charCodeAt(i) !== 39) continue
    const before = text.charCodeAt(i - 1)
    if (!isBlank(before) && !isLetter(text.charCodeAt(i + 1)) && !isDigit(text.charCodeAt(i + 1))) return true
  }
  return false
}

/** A straight double quote closes what `` opened, as TeX prints it; otherwise it stays. */
export function straightQuote(source: TexSource, at: number): string {
  if (!source.doubleOpen || isBlank(source.last) || isLetter(source.text.charCodeAt(at + 1))) {
    return take(source, at + 1, '"')
  }
  source.doubleOpen = false
  return take(source, at + 1, '”')
}

/** -- and --- are dashes; arrows, longer rules and addresses stay. */
export function hyphens(source: TexSource, at: number): string {
  const { text } = source
  let end = at + 1
  while (text.charCodeAt(end) === 45) end++
  const run = text.slice(at, end)
  const arrow = text[end] === '>' || source.last === 60 || text.startsWith('<!', at - 2)
  if (run.length === 1 || run.length > 3 || arrow || isInAddress(source, at)) return take(source, end, run)
  return take(source, end, run.length === 2 ? '–' : '—')
}

/** ~ is a no-break space, except in addresses and where it says "about", as in "takes ~5 ms". */
export function tilde(source: TexSource, at: number): string {
  const { text, last } = source
  const next = text.charCodeAt(at + 1)
  const about = (isBlank(last) || last === 40) && (isDigit(next) || next === 36 || next === 47 || isBlank(next))
  return take(source, at + 1, about || isInAddress(source, at) ? '~' : '\u00a0')
}

function take(source: TexSource, at: number, piece: string): string {
  source.at = at
  return piece
}
