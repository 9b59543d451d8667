import { isProtective } from './is-protective.ts'
import type { TexSource } from './tex-source.ts'
import { switches } from './text-symbols.ts'

const leadingSwitch = /\s*\\([a-zA-Z]+)(?:\{\}|\s*)/y

/** A `{...}` in running text: dissolved when it is a font group, holds only an accent, or protects plain text. */
export function readGroup(source: TexSource, at: number, end: number, depth: number): string {
  const { text, mates } = source
  const mate = mates.get(at)
  if (mate === undefined || mate >= end) {
    source.at = at + 1
    return '{'
  }
  const before = text.slice(Math.max(0, at - 2), at)
  const inner = afterSwitches(source, at + 1, mate)
  if (inner > at + 1) {
    const content = source.convert(source, ...unwrapped(source, inner, mate), depth + 1)
    source.at = mate + 1
    return content
  }
  const content = source.convert(source, inner, mate, depth + 1)
  source.at = mate + 1
  if (/[\^_]$/.test(before)) return `{${content}}`
  const after = text.charAt(mate + 1)
  const dissolves =
    (text.indexOf('\\', inner) < mate && isConvertedWord(content, text.slice(inner, mate))) ||
    isProtective(content, before, after)
  return dissolves ? content : `{${content}}`
}

/** Skips `\em`, `\bf\large`, `\color{red}` at the start of a group; returns `start` when there are none. */
function afterSwitches({ text, mates }: TexSource, start: number, end: number): number {
  let at = start
  for (;;) {
    leadingSwitch.lastIndex = at
    const [whole, name] = leadingSwitch.exec(text) ?? []
    if (whole === undefined || at + whole.length > end) return at
    if (name === 'color' && mates.has(at + whole.length)) at = mates.get(at + whole.length)! + 1
    else if (switches.has(name!)) at += whole.length
    else return at
  }
}

/** `{\em{so}}` has a second pair of braces that is only there for the first. */
function unwrapped({ text, mates }: TexSource, start: number, end: number): [number, number] {
  return text.charCodeAt(start) === 123 && mates.get(start) === end - 1 ? [start + 1, end - 1] : [start, end]
}

/** Whether accents or symbol commands became one plain word or sign: `{\"o}`, `{Erd\H{o}s}`, `{\textregistered}`. */
function isConvertedWord(content: string, original: string): boolean {
  if (content === original || content.includes('\\')) return false
  return /^[\p{L}\p{M}’-]{1,60}$/u.test(content) || /^[^\s{}$^_]{1,2}$/u.test(content)
}
