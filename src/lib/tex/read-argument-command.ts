import { convertRange } from './convert-tex.ts'
import { mathLetters } from './math-letters.ts'
import type { TexSource } from './tex-source.ts'
import { citations } from './text-symbols.ts'
import { toSubscript, toSuperscript } from './unicode-scripts.ts'

/** A command being read: its braced arguments by position, and how to convert them. */
type Reading = { source: TexSource; after: number; end: number; depth: number }
type Reader = (reading: Reading, name: string) => string | undefined

/** Commands whose meaning depends on their arguments. Undefined, with nothing read, when they do not fit. */
export function readArgumentCommand(
  source: TexSource,
  name: string,
  at: number,
  after: number,
  end: number,
  depth: number,
): string | undefined {
  const reader = readers.get(name) ?? (citations.has(name) ? readCitation : undefined)
  source.at = at
  return reader?.({ source, after, end, depth }, name)
}

const readers = new Map<string, Reader>([
  ['href', readLink],
  ['url', (reading) => finish(reading, raw(reading, 0))],
  ['texorpdfstring', (reading) => finish(reading, arg(reading, 1))],
  ['textcolor', (reading) => finish(reading, arg(reading, 1))],
  ['colorbox', (reading) => finish(reading, arg(reading, 1))],
  ['color', (reading) => (raw(reading, 0) === undefined ? undefined : finish(reading, ''))],
  ['footnote', (reading) => wrapped(reading, ' (', ')')],
  ['enquote', (reading) => wrapped(reading, '“', '”')],
  ['ensuremath', (reading) => inMath(reading)],
  ['textsuperscript', (reading) => finish(reading, toSuperscript(arg(reading, 0)) ?? arg(reading, 0))],
  ['textsubscript', (reading) => finish(reading, toSubscript(arg(reading, 0)) ?? arg(reading, 0))],
  ['mathbb', (reading) => finish(reading, mathLetters('mathbb', raw(reading, 0) ?? ''))],
  ['SI', readQuantity],
  ['qty', readQuantity],
  ['ding', (reading) => finish(reading, dingbat(Number(raw(reading, 0))))],
  ['begin', readListEnvironment],
  ['end', readListEnvironment],
  ['verb', readVerbatim],
  ['par', (reading) => readParagraph(reading)],
  ['item', ({ source, after }) => readTo(source, after, ' • ')],
])

/** The start and end of the braced argument of this number, counted from 0. */
function bounds({ source, after, end }: Reading, wanted: number): [number, number] | undefined {
  let at = after
  for (let i = 0; ; i++) {
    while (source.text.charCodeAt(at) === 32) at++
    const mate = source.mates.get(at)
    if (mate === undefined || mate >= end) return undefined
    if (i === wanted) return [at + 1, mate]
    at = mate + 1
  }
}

function raw(reading: Reading, wanted: number): string | undefined {
  const found = bounds(reading, wanted)
  if (!found) return undefined
  reading.source.at = found[1] + 1
  return reading.source.text.slice(...found).replace(/\\([%_#&~$])(?:\{\})?/g, '$1')
}

function arg(reading: Reading, wanted: number): string | undefined {
  const found = bounds(reading, wanted)
  if (!found) return undefined
  const content = convertRange(reading.source, ...found, reading.depth + 1)
  reading.source.at = found[1] + 1
  return content
}

/** Keeps the reading when there is a result, so that callers may write `finish(reading, arg(reading, 0))`. */
function finish(_reading: Reading, piece: string | undefined): string | undefined {
  return piece
}

function readTo(source: TexSource, at: number, piece: string): string {
  source.at = at
  return piece
}

function wrapped(reading: Reading, open: string, close: string): string | undefined {
  const content = arg(reading, 0)
  return content === undefined ? undefined : open + content.trim() + close
}

function inMath(reading: Reading): string | undefined {
  const content = raw(reading, 0)
  return content === undefined || content.trim() === '' || content.includes('$') ? undefined : `$${content}$`
}

function readLink(reading: Reading): string | undefined {
  const address = raw(reading, 0)?.trim()
  const label = arg(reading, 1)?.trim()
  if (address === undefined || label === undefined) return undefined
  if (!/^https?:\/\//i.test(address) || /[\s{}$\\]/.test(address)) return label
  return label === '' || /^https?:\/\//i.test(label) || label === address ? address : `${label} (${address})`
}

const units: [RegExp, string][] = [
  [/\\percent/g, '%'],
  [/\\(?:degreeCelsius|celsius)/g, '°C'],
  [/\\degree/g, '°'],
  [/\\per/g, '/'],
  [/\\micro/g, 'µ'],
  [/\\milli/g, 'm'],
  [/\\kilo/g, 'k'],
  [/\\mega/g, 'M'],
  [/\\giga/g, 'G'],
  [/\\nano/g, 'n'],
  [/\\centi/g, 'c'],
  [/\\(?:metre|meter)/g, 'm'],
  [/\\seconds?/g, 's'],
  [/\\hertz/g, 'Hz'],
  [/\\watt/g, 'W'],
  [/\\volt/g, 'V'],
  [/\\gram/g, 'g'],
  [/\\electronvolt/g, 'eV'],
  [/\\kelvin/g, 'K'],
]

function readQuantity(reading: Reading): string | undefined {
  const amount = raw(reading, 0)
  const unit = raw(reading, 1)
  if (amount === undefined || unit === undefined || !/^[\d.,+-]*$/.test(amount)) return undefined
  const written = units.reduce((text, [command, short]) => text.replace(command, short), unit)
  return /[\\{}$]/.test(written) ? undefined : `${amount}${amount === '' ? '' : '\u00a0'}${written.replaceAll(' ', '')}`
}

/** The circled numbers of the pifont package; others stay. */
function dingbat(code: number): string | undefined {
  if (code >= 172 && code <= 181) return String.fromCharCode(0x2460 + code - 172)
  if (code >= 182 && code <= 191) return String.fromCharCode(0x2776 + code - 182)
  if (code >= 192 && code <= 201) return String.fromCharCode(0x2780 + code - 192)
  if (code >= 202 && code <= 211) return String.fromCharCode(0x278a + code - 202)
  return code === 51 || code === 52 ? '✓' : code >= 53 && code <= 56 ? '✗' : undefined
}

const textEnvironments = new Set('itemize enumerate description abstract center quote quotation document'.split(' '))

function readListEnvironment(reading: Reading): string | undefined {
  return textEnvironments.has(raw(reading, 0) ?? '') ? ' ' : undefined
}

function readVerbatim({ source, after, end }: Reading): string | undefined {
  const [whole, , content] = /^([|!+/@#"])([^\\{}$`'~]*?)\1/.exec(source.text.slice(after, Math.min(end, after + 200))) ?? []
  return whole === undefined ? undefined : readTo(source, after + whole.length, content!)
}

function readParagraph({ source, after }: Reading): string {
  return readTo(source, after, '\n\n')
}

function readCitation({ source, after, end }: Reading): string | undefined {
  const cite = /^\*?(?: ?\[([^[\]\\{}$]*)\])* ?\{([^\\{}$`'~]*)\}/.exec(source.text.slice(after, Math.min(end, after + 400)))
  if (!cite) return undefined
  const [whole, note, keys] = cite
  const shown = keys!.split(',').map((key) => key.trim()).filter((key) => key !== '')
  return readTo(source, after + whole.length, `[${[...shown, ...(note?.trim() ? [note.trim()] : [])].join(', ')}]`)
}
