import { circled, dingbat } from './circled-numbers.ts'
import { mathLetters } from './math-letters.ts'
import { quantity } from './quantity.ts'
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
  ['url', (reading) => raw(reading, 0)],
  ['texorpdfstring', (reading) => arg(reading, 1)],
  ['textcolor', (reading) => arg(reading, 1)],
  ['colorbox', (reading) => arg(reading, 1)],
  ['color', (reading) => (raw(reading, 0) === undefined ? undefined : '')],
  ['footnote', (reading) => wrapped(reading, ' (', ')')],
  ['enquote', (reading) => wrapped(reading, '“', '”')],
  ['ensuremath', (reading) => inMath(reading)],
  ['textsuperscript', (reading) => scripted(arg(reading, 0), toSuperscript)],
  ['textsubscript', (reading) => scripted(arg(reading, 0), toSubscript)],
  ['mathbb', (reading) => mathLetters('mathbb', raw(reading, 0) ?? '')],
  ['label', (reading) => (raw(reading, 0) === undefined ? undefined : '')],
  ['hspace', (reading) => (raw(reading, 0) === undefined ? undefined : ' ')],
  ['vspace', (reading) => (raw(reading, 0) === undefined ? undefined : ' ')],
  ['circled', (reading) => circled(Number(raw(reading, 0)))],
  ['SI', readQuantityArguments],
  ['qty', readQuantityArguments],
  ['ding', (reading) => dingbat(Number(raw(reading, 0)))],
  ['begin', readListEnvironment],
  ['end', readListEnvironment],
  ['verb', readVerbatim],
  ['par', (reading) => readParagraph(reading)],
  ['item', ({ source, after }) => readTo(source, after, ' • ')],
])

/** The start and end of the braced argument of this number, counted from 0. */
function bounds({ source, after, end }: Reading, wanted: number): [number, number] | undefined {
  let at = source.text[after] === '*' ? after + 1 : after
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
  const content = reading.source.convert(reading.source, ...found, reading.depth + 1)
  reading.source.at = found[1] + 1
  return content
}

function readTo(source: TexSource, at: number, piece: string): string {
  source.at = at
  return piece
}

function wrapped(reading: Reading, open: string, close: string): string | undefined {
  const content = arg(reading, 0)
  return content === undefined ? undefined : open + content.trim() + close
}

function scripted(content: string | undefined, toScript: (text: string) => string | undefined): string | undefined {
  return content === undefined ? undefined : (toScript(content) ?? content)
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

function readQuantityArguments(reading: Reading): string | undefined {
  const amount = raw(reading, 0)
  const unit = raw(reading, 1)
  return amount === undefined || unit === undefined ? undefined : quantity(amount, unit)
}

const textEnvironments = new Set('itemize enumerate description abstract center quote quotation document'.split(' '))

function readListEnvironment(reading: Reading): string | undefined {
  return textEnvironments.has(raw(reading, 0) ?? '') ? ' ' : undefined
}

function readVerbatim({ source, after, end }: Reading): string | undefined {
  const [whole, , content] =
    /^([|!+/@#"])([^\\{}$`'~]*?)\1/.exec(source.text.slice(after, Math.min(end, after + 100))) ?? []
  return whole === undefined ? undefined : readTo(source, after + whole.length, content!)
}

function readParagraph({ source, after }: Reading): string {
  return readTo(source, after, '\n\n')
}

function readCitation({ source, after, end }: Reading): string | undefined {
  const cite = /^\*?(?: ?\[([^[\]\\{}$]*)\])* ?\{([^\\{}$`'~]*)\}/.exec(
    source.text.slice(after, Math.min(end, after + 400)),
  )
  if (!cite) return undefined
  const [whole, note, keys] = cite
  const shown = keys!
    .split(',')
    .map((key) => key.trim())
    .filter((key) => key !== '')
  return readTo(source, after + whole.length, `[${[...shown, ...(note?.trim() ? [note.trim()] : [])].join(', ')}]`)
}
