import { convertRange } from './convert-tex.ts'
import { joinSpaces, normalizeSpace } from './normalize-space.ts'
import { mathSpans } from './split-math.ts'
import { texSource } from './tex-source.ts'

const marks = ['\\', '$', "'", '--', '"', '{', '~', '`', '^']

/** Searching for one sign is ten times faster than a class of signs, and most titles have none of these. */
function hasMarks(text: string): boolean {
  for (const mark of marks) if (text.includes(mark)) return true
  return false
}

/** Conversions per text; what has not settled by then (only hostile input) is shown as it came. */
const mostPasses = 5
/** arXiv allows 1,920 characters; on texts far beyond that we spend less. */
const longText = 20_000

/**
 * Raw arXiv text (title, abstract, names; ASCII with TeX or Unicode) in display form: accents, quotes, dashes, symbols
 * and font commands converted, maths untouched, spaces in order, NFC. Converting twice changes nothing, and it never
 * throws. A line break followed by blanks is a paragraph (`\n\n`); see `texToLine` for titles and names.
 */
export function texToText(raw: string): string {
  const tidy = normalizeSpace(raw)
  if (!hasMarks(tidy)) return tidy
  const passes = tidy.length > longText ? 2 : mostPasses
  let text = tidy
  for (let pass = 0; pass < passes; pass++) {
    const next = convertOnce(text)
    if (next === text || !hasMarks(next)) return next
    text = next
  }
  return tidy
}

/** Like `texToText`, for titles and names: never more than one line, however the source was wrapped. */
export function texToLine(raw: string): string {
  return texToText(/[\r\n\u2028\u2029]/.test(raw) ? raw.replace(/\s+/g, ' ') : raw).replaceAll('\n\n', ' ')
}

function convertOnce(text: string): string {
  const converted = convertWith(text, false)
  if (!text.includes('\\$') && !text.includes('\\textdollar')) return converted
  return mathOf(converted) === mathOf(text) ? converted : convertWith(text, true)
}

/** All formulas of a text in one string, to see whether a conversion made or broke one. */
function mathOf(text: string): string {
  return mathSpans(text)
    .map((span) => span.body.replace(/\s+/g, ''))
    .join('\n')
}

function convertWith(text: string, keepDollars: boolean): string {
  const source = texSource(text, keepDollars, convertRange)
  const converted = convertRange(source, 0, text.length, 0)
  if (converted === text) return text
  return joinSpaces(source.composes ? converted.normalize('NFC') : converted)
}
