import { type MathSpan, type MissingClosers, mathSpanAt } from './math-span.ts'

/** All maths of a text in order: `$..$`, `$$..$$`, `\(..\)`, `\[..\]` and `\begin{equation}` and its family. */
export function mathSpans(text: string): MathSpan[] {
  const spans: MathSpan[] = []
  const missing: MissingClosers = new Set()
  for (let i = nextSign(text, 0); i < text.length; i = nextSign(text, i)) {
    const span = mathSpanAt(text, i, missing)
    if (span) spans.push(span)
    if (span) i = span.end
    else i += text.charCodeAt(i) === 36 ? 1 : 2
  }
  return spans
}

const opener = /[\\$]/g

function nextSign(text: string, from: number): number {
  opener.lastIndex = from
  return opener.test(text) ? opener.lastIndex - 1 : text.length
}

/** Puts a display text together from its parts: `onText` for what is between the maths, `onMath` for the maths. */
export function mapMath(text: string, onText: (text: string) => string, onMath: (span: MathSpan) => string): string {
  let out = ''
  let from = 0
  for (const span of mathSpans(text)) {
    if (span.start > from) out += onText(unescapeKept(text.slice(from, span.start)))
    out += onMath(span)
    from = span.end
  }
  return out + onText(unescapeKept(text.slice(from)))
}

/** `texToText` keeps these two escaped where the bare sign would be read as maths or as a protective brace. */
function unescapeKept(text: string): string {
  return text.includes('\\') ? text.replace(/\\([${}])/g, '$1') : text
}
