import { looksLikeProse } from './looks-like-prose.ts'

/** One piece of maths in a text: the whole source from `start` to `end`, and what stands between its delimiters. */
export type MathSpan = { start: number; end: number; body: string; display: boolean }

/** Longest `$...$` looked for, in characters; an arXiv abstract has at most 1,920. */
const inlineLimit = 2000

/** How far after a `$` inside `\text{...}` the real end is looked for. */
const nestedLimit = 300

const environments = new Set(
  `equation eqnarray align aligned alignat alignedat gather gathered multline array cases split matrix pmatrix bmatrix
  vmatrix smallmatrix displaymath math subequations flalign`.split(/\s+/),
)
const environmentStart = /\\begin\{([a-z]+)(\*?)\}/y

/** Closing delimiters already known to be missing after some point; keeps the search linear on hostile text. */
export type MissingClosers = Set<string>

/** The maths that starts exactly at `start` (at a `$` or a backslash), or undefined when it is ordinary text. */
export function mathSpanAt(text: string, start: number, missing: MissingClosers): MathSpan | undefined {
  if (text[start] === '$') {
    return text[start + 1] === '$' ? between(text, start, '$$', '$$', true, missing) : inlineSpan(text, start)
  }
  const next = text[start + 1]
  if (next === '(') return between(text, start, '\\(', '\\)', false, missing)
  if (next === '[') return between(text, start, '\\[', '\\]', true, missing)
  if (next !== 'b') return undefined
  environmentStart.lastIndex = start
  const [opener, name, star] = environmentStart.exec(text) ?? []
  if (opener === undefined || !environments.has(name!)) return undefined
  const closer = `\\end{${name}${star}}`
  const span = between(text, start, opener, closer, true, missing)
  if (!span) return undefined
  return { ...span, body: name === 'displaymath' || name === 'math' ? span.body : text.slice(start, span.end) }
}

function between(
  text: string,
  start: number,
  opener: string,
  closer: string,
  display: boolean,
  missing: MissingClosers,
): MathSpan | undefined {
  if (missing.has(closer)) return undefined
  const from = start + opener.length
  const close = text.indexOf(closer, from)
  if (close < 0) missing.add(closer)
  if (close < 0 || close === from) return undefined
  const body = text.slice(from, close)
  return body.trim() === '' ? undefined : { start, end: close + closer.length, body, display }
}

function inlineSpan(text: string, start: number): MathSpan | undefined {
  const close = inlineCloser(text, start + 1)
  if (close < 0) return undefined
  const body = text.slice(start + 1, close)
  if (looksLikeProse(body, text[close + 1] ?? '')) return undefined
  return { start, end: close + 1, body, display: false }
}

const textCommandBefore = /\\(?:text[a-z]*|[mh]box)\s*$/

/** Where a `$` closes, or -1. A `$` inside `\text{...}` or `\mbox{...}` belongs to that text, not to us. */
function inlineCloser(text: string, from: number): number {
  let limit = Math.min(text.length, from + inlineLimit)
  let depth = 0
  let textDepth = 0
  let inText = -1
  for (let i = from; i < limit; i++) {
    const c = text.charCodeAt(i)
    if (c === 92) i++
    else if (c === 123) {
      depth++
      if (textDepth === 0 && textCommandBefore.test(text.slice(Math.max(from, i - 12), i))) textDepth = depth
    } else if (c === 125) {
      if (depth === textDepth) textDepth = 0
      depth--
    } else if (c === 10) {
      return inText
    } else if (c === 36) {
      if (textDepth === 0) return i
      if (inText < 0) limit = Math.min(limit, i + nestedLimit)
      if (inText < 0) inText = i
    }
  }
  return inText
}
