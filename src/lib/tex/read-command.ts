import { isAccent } from './accents.ts'
import { isProtective } from './is-protective.ts'
import { bareSymbol } from './math-symbols.ts'
import { readAccent } from './read-accent.ts'
import { readArgumentCommand } from './read-argument-command.ts'
import type { TexSource } from './tex-source.ts'
import { blanks, fontCommands, letterCommands, signCommands, switches, wrappers } from './text-symbols.ts'

const commandName = /[a-zA-Z]+/y

/** A backslash in running text: converted when the command is known, copied with its arguments when not. */
export function readCommand(source: TexSource, at: number, end: number, depth: number): string {
  commandName.lastIndex = at + 1
  const name = commandName.exec(source.text)?.[0]
  if (name === undefined) return readControlSign(source, at, end, depth)
  const after = at + 1 + name.length
  if (after > end) return unread(source, at, end)
  if (isAccent(name)) return readAccent(source, name, at, end, depth) ?? unread(source, at, after)
  return (
    readSymbol(source, name, after, end) ??
    readStyled(source, name, after, end, depth) ??
    readArgumentCommand(source, name, at, after, end, depth) ??
    readUnknown(source, at, after, end, depth)
  )
}

function unread(source: TexSource, at: number, end: number): string {
  source.at = end
  return source.text.slice(at, end)
}

function readSymbol(source: TexSource, name: string, after: number, end: number): string | undefined {
  const { text } = source
  const letter = letterCommands.get(name)
  if (letter !== undefined) {
    source.at = text.startsWith('{}', after) ? after + 2 : skipBlanks(text, after, end)
    return name === 'textdollar' && source.keepDollars ? '\\$' : letter
  }
  const sign = signCommands.get(name) ?? (name === 'S' ? sectionSign(text, after) : bareSymbol(name))
  if (sign === undefined) return undefined
  source.at = text.startsWith('{}', after) ? after + 2 : after
  return sign
}

/** `\S` is a section sign before a number, and otherwise somebody's own command. */
function sectionSign(text: string, after: number): string | undefined {
  return /^\s*\d/.test(text.slice(after, after + 4)) ? '§' : undefined
}

function readStyled(source: TexSource, name: string, after: number, end: number, depth: number): string | undefined {
  if (blanks.has(name)) {
    source.at = source.text.startsWith('{}', after) ? after + 2 : after
    return name === 'xspace' || name === 'nobreakdash' ? '' : ' '
  }
  if (switches.has(name)) {
    source.at = source.text.startsWith('{}', after) ? after + 2 : skipBlanks(source.text, after, end)
    return ''
  }
  const isFont = fontCommands.has(name)
  if (!isFont && !wrappers.has(name)) return undefined
  const open = skipBlanks(source.text, source.text[after] === '*' ? after + 1 : after, end)
  const mate = source.mates.get(open)
  if (mate !== undefined && mate < end) {
    const content = source.convert(source, open + 1, mate, depth + 1)
    source.at = mate + 1
    return content
  }
  if (!isFont || source.text[open] === '{') return undefined
  source.at = open
  return ''
}

/** Copies the command; text inside its arguments is converted, but their braces are safe. */
function readUnknown(source: TexSource, at: number, after: number, end: number, depth: number): string {
  const { text, mates } = source
  let out = text.slice(at, after)
  let i = after
  for (;;) {
    const open = i === after && text[i] === ' ' ? i + 1 : i
    const mate = mates.get(open)
    if (mate !== undefined && mate < end && text[open] === '{') {
      out += `${text.slice(i, open + 1)}${source.convert(source, open + 1, mate, depth + 1)}}`
      i = mate + 1
    } else if (text[i] === '[' && shortOption(text, i, end) > 0) {
      const close = shortOption(text, i, end)
      out += text.slice(i, close)
      i = close
    } else {
      source.at = i
      return out
    }
  }
}

/** The position after `[...]`, when it closes soon and holds nothing of its own. */
function shortOption(text: string, at: number, end: number): number {
  const option = /^\[[^[\]\\{}$]*\]/.exec(text.slice(at, Math.min(end, at + 200)))
  return option ? at + option[0].length : -1
}

export function skipBlanks(text: string, from: number, end: number): number {
  let at = from
  while (at < end && text.charCodeAt(at) === 32) at++
  return at
}

/** A backslash before something that is no letter: `\%`, `\'`, `\,`, `\{`, `\\` and so on. */
function readControlSign(source: TexSource, at: number, end: number, depth: number): string {
  const { text } = source
  const sign = text.charAt(at + 1)
  source.at = at + 2
  if (at + 1 >= end) return '\\'
  if (isAccent(sign)) return readAccent(source, sign, at, end, depth) ?? escapedQuote(source, sign, at)
  if ('%&_#'.includes(sign)) return sign
  if (sign === '$') return source.keepDollars ? '\\$' : '$'
  if (sign === '{') return readEscapedBrace(source, at, end)
  if (sign === '}') return '}'
  if (sign === ',') return '\u00a0'
  if (' ;:\u00a0'.includes(sign)) return ' '
  if ('-/@!'.includes(sign)) return ''
  if (sign === '|') return '‖'
  if (sign >= '\u00c0' && /\p{L}/u.test(sign)) return sign
  if (sign === '\\') return readLineBreak(source, at, end)
  return `\\${sign}`
}

/** A quote escaped as in program text, `\"so\"`. */
function escapedQuote(source: TexSource, sign: string, at: number): string {
  const next = source.text.charAt(at + 2)
  source.at = at + 2
  return sign === '"' && !/[{\\]/.test(next) ? '"' : `\\${sign}`
}

/** `\{GPT\}` keeps its backslashes: as `{GPT}` it would be taken for a protective group the next time. */
function readEscapedBrace(source: TexSource, at: number, end: number): string {
  const { text } = source
  const close = text.slice(at + 2, Math.min(end, at + 200)).indexOf('\\}')
  if (close < 0) return '{'
  const content = text.slice(at + 2, at + 2 + close)
  if (!isProtective(content, text.slice(Math.max(0, at - 2), at), text.charAt(at + close + 4))) return '{'
  source.at = at + close + 4
  return `\\{${content}\\}`
}

const isLetterOrDigit = /[\p{L}\p{N}]/u

function readLineBreak(source: TexSource, at: number, end: number): string {
  const next = source.text.charAt(at + 2)
  if (/["'^~`%&_#$]/.test(next) && isLetterOrDigit.test(String.fromCharCode(source.last))) {
    // "It\\^o": somebody escaped the backslash once too often.
    source.at = at + 1
    return ''
  }
  if (at + 2 < end && /["'^~=`%&{}_#$\\]/.test(next)) return '\\\\'
  const option = /^\*?(?:\[-?[\d.]+ ?[a-z]{2}\])?/.exec(source.text.slice(at + 2, at + 20))![0]
  source.at = at + 2 + option.length
  return ' '
}
