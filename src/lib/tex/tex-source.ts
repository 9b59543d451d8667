import type { MathSpan } from './math-span.ts'
import { mathSpans } from './split-math.ts'

/** Groups nested deeper than this stay as they are; no real text comes near, and recursion stays bounded. */
export const deepestGroup = 30

export type ConvertRange = (source: TexSource, start: number, end: number, depth: number) => string

/** A text being converted: where its braces and maths are, and what the quotation marks so far have opened. */
export type TexSource = {
  text: string
  /** Converts a part of it: commands and groups hold text that is converted like the whole. */
  convert: ConvertRange
  /** Position of `{` to position of its `}`. */
  mates: Map<number, number>
  /** Maths by the position where it starts. */
  spans: Map<number, MathSpan>
  /** The text escapes its double quotes, `\"like this\"`, so that a word starting with `\"A` has no umlaut. */
  escapesQuotes: boolean
  hasAddress: boolean
  /** There are combining marks, so that the result must be composed again. */
  composes: boolean
  /** `\$` stays as it is, because a bare `$` would be read as maths. */
  keepDollars: boolean
  doubleOpen: boolean
  singleOpen: boolean
  /** Code of the last character written. */
  last: number
  /** Where reading goes on; set by every reader that returns a piece. */
  at: number
}

const combining = /[\u0300-\u200f\u2040-\uffff]/

export function texSource(text: string, keepDollars: boolean, convert: ConvertRange): TexSource {
  const spans = new Map(
    text.includes('$') || text.includes('\\') ? mathSpans(text).map((span) => [span.start, span]) : [],
  )
  return {
    text,
    convert,
    mates: text.includes('{') ? matchBraces(text, spans) : new Map(),
    spans,
    escapesQuotes: text.includes('\\"') && /[\p{L}\p{N}.,!?]\\"(?![\p{L}{\\])/u.test(text),
    hasAddress: text.includes('://'),
    composes: combining.test(text),
    keepDollars,
    doubleOpen: false,
    singleOpen: false,
    last: 32,
    at: 0,
  }
}

const structure = /[\\${}]/g

function matchBraces(text: string, spans: Map<number, MathSpan>): Map<number, number> {
  const mates = new Map<number, number>()
  const open: number[] = []
  structure.lastIndex = 0
  while (structure.test(text)) {
    const at = structure.lastIndex - 1
    const c = text.charCodeAt(at)
    if (c === 123) open.push(at)
    else if (c === 125) {
      if (open.length > 0) mates.set(open.pop()!, at)
    } else structure.lastIndex = spans.get(at)?.end ?? at + (c === 92 ? 2 : 1)
  }
  return mates
}

/** Whether the position is inside a web address, where `~`, `--` and quotes mean themselves. */
export function isInAddress({ text, hasAddress }: TexSource, at: number): boolean {
  if (!hasAddress) return false
  let start = at
  const limit = Math.max(0, at - 200)
  while (start > limit && !isWordEnd(text.charCodeAt(start - 1))) start--
  return text.slice(start, at).includes('://')
}

function isWordEnd(code: number): boolean {
  return code <= 32 || code === 123 || code === 125 || code === 160
}
