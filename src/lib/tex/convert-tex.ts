import { readCommand } from './read-command.ts'
import { readGroup } from './read-group.ts'
import { deepestGroup, type TexSource } from './tex-source.ts'
import { apostrophe, backtick, hyphens, straightQuote, tilde } from './typographic-marks.ts'

const mark = /[\\${~`'"^\-\u2018-\u201d]/g

/** The next character from `from` on that may need work, or `end`. */
function nextMark(text: string, from: number, end: number): number {
  mark.lastIndex = from
  return mark.test(text) && mark.lastIndex <= end ? mark.lastIndex - 1 : end
}

/** Converts `text[start, end)` of the source; maths inside is copied. */
export function convertRange(source: TexSource, start: number, end: number, depth: number): string {
  const { text } = source
  if (depth > deepestGroup) return text.slice(start, end)
  let out = ''
  let copied = start
  let i = start
  for (i = nextMark(text, i, end); i < end; i = nextMark(text, i, end)) {
    const c = text.charCodeAt(i)
    if (c > 127) {
      noteQuote(source, c, i)
      i++
      continue
    }
    if (i > copied) {
      out += text.slice(copied, i)
      source.last = text.charCodeAt(i - 1)
    }
    const piece = readMark(source, c, i, end, depth)
    out += piece
    if (piece !== '') source.last = piece.charCodeAt(piece.length - 1)
    i = Math.min(Math.max(source.at, i + 1), end)
    copied = i
  }
  if (copied === start) return text.slice(start, end)
  if (end > copied) source.last = text.charCodeAt(end - 1)
  return out + text.slice(copied, end)
}

function noteQuote(source: TexSource, code: number, at: number): void {
  if (code === 0x201c) source.doubleOpen = true
  else if (code === 0x201d) source.doubleOpen = false
  else if (code === 0x2018) source.singleOpen = true
  else if (code === 0x2019 && !/^\p{L}/u.test(source.text.charAt(at + 1))) source.singleOpen = false
}

function readMark(source: TexSource, code: number, at: number, end: number, depth: number): string {
  const span = code === 36 || code === 92 ? source.spans.get(at) : undefined
  if (span) {
    source.at = span.end
    return source.text.slice(at, span.end).replaceAll('\n\n', ' ')
  }
  if (code === 92) return readCommand(source, at, end, depth)
  if (code === 123) return readGroup(source, at, end, depth)
  if (code === 45) return hyphens(source, at)
  if (code === 39) return apostrophe(source, at)
  if (code === 96) return backtick(source, at)
  if (code === 34) return straightQuote(source, at)
  if (code === 126) return tilde(source, at)
  if (code === 94) return caret(source, at)
  source.at = at + 1
  return '$'
}

const degrees = ['^\\circ', '^{\\circ}']

/** 90^\circ outside maths is a degree sign. */
function caret(source: TexSource, at: number): string {
  const degree = degrees.find((written) => source.text.startsWith(written, at))
  const known = degree !== undefined && !/^[a-zA-Z]/.test(source.text.charAt(at + degree.length))
  source.at = at + (known ? degree.length : 1)
  return known ? '°' : '^'
}
