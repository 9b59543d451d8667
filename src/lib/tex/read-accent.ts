import { accented, isAccent } from './accents.ts'
import { convertRange, deepestGroup } from './convert-tex.ts'
import type { TexSource } from './tex-source.ts'
import { letterCommands } from './text-symbols.ts'

const commandName = /\\(?:[a-zA-Z]+|[^a-zA-Z])/y
const oneLetter = /\p{L}/uy
const isLetter = /\p{L}/u

/**
 * The accent `\name` at `at` with its letter: `\'e`, `\'{e}`, `\c c`, `\'\i`, `\'{\^e}`. Undefined, with nothing read,
 * when no letter follows that could carry it.
 */
export function readAccent(
  source: TexSource,
  name: string,
  at: number,
  end: number,
  depth: number,
): string | undefined {
  if (depth > deepestGroup) return undefined
  const { text, mates } = source
  const after = at + 1 + name.length
  const named = isLetter.test(name)
  let from = after
  while (from < end && text.charCodeAt(from) === 32) from++
  const spaced = from > after
  if (spaced && !named && !isLetter.test(String.fromCharCode(source.last))) return undefined
  const mate = mates.get(from)
  if (mate !== undefined && mate < end) return bracedAccent(source, name, from, mate, depth)
  if (text.charCodeAt(from) === 92) return commandAccent(source, name, from, end, depth)
  oneLetter.lastIndex = from
  const base = from < end ? oneLetter.exec(text)?.[0] : undefined
  if (base === undefined) return undefined
  const next = text.charAt(from + base.length)
  const startsWord = !isLetter.test(String.fromCharCode(source.last))
  if (named && spaced && startsWord && !isLetter.test(next)) return undefined
  if (name === '"' && source.escapesQuotes && (startsWord || spaced)) return undefined
  return taken(source, accented(name, base, false), from + base.length)
}

function bracedAccent(source: TexSource, name: string, open: number, mate: number, depth: number): string | undefined {
  const content = convertRange(source, open + 1, mate, depth + 1).trim()
  if (content === '' && name === '~') return taken(source, '∼', mate + 1)
  if (content === '' && name === '^') return taken(source, '^', mate + 1)
  return taken(source, accented(name, content, true), mate + 1)
}

function commandAccent(source: TexSource, name: string, at: number, end: number, depth: number): string | undefined {
  const { text } = source
  commandName.lastIndex = at
  const inner = commandName.exec(text)?.[0].slice(1)
  if (inner === undefined || at + 1 + inner.length > end) return undefined
  if (isAccent(inner)) {
    const base = readAccent(source, inner, at, end, depth + 1)
    return base === undefined ? undefined : taken(source, accented(name, base, false), source.at)
  }
  // "Garl\'\ik": TeX would ask for a command \ik, a reader sees what is meant.
  const known = letterCommands.has(inner) || !/^[ij][a-z]/.test(inner) ? inner : inner.charAt(0)
  const letter = letterCommands.get(known)
  let after = at + 1 + known.length
  if (text.startsWith('{}', after)) after += 2
  else while (after < end && text.charCodeAt(after) === 32) after++
  return letter === undefined ? undefined : taken(source, accented(name, letter, false), after)
}

function taken(source: TexSource, piece: string | undefined, at: number): string | undefined {
  if (piece === undefined) return undefined
  source.at = at
  source.composes = true
  return piece
}
