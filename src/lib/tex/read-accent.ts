import { accented, isAccent } from './accents.ts'
import { deepestGroup, type TexSource } from './tex-source.ts'
import { letterCommands } from './text-symbols.ts'

const commandName = /\\(?:[a-zA-Z]+|[^a-zA-Z])/y
/** An accent on an accent counts as this many groups: Vietnamese has two, nobody has four. */
const accentNesting = 10
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
  const fillsGroup = text[at - 1] === '{' && next === '}'
  if (named && spaced && startsWord && !fillsGroup && !isLetter.test(next)) return undefined
  if (name === '"' && source.escapesQuotes && (startsWord || spaced)) return undefined
  const letter = accented(name, base, false)
  return letter === undefined ? undefined : taken(source, letter, from + base.length)
}

/** What is read is never given back: reading nested groups a second time would double the work at every level. */
function bracedAccent(source: TexSource, name: string, open: number, mate: number, depth: number): string {
  const content = source.convert(source, open + 1, mate, depth + 1)
  const base = content.trim()
  const letter = base === '' ? emptyAccents[name] : accented(name, base, true)
  return taken(source, letter ?? `\\${name}${source.text[open - 1] === ' ' ? ' ' : ''}{${content}}`, mate + 1)
}

/** `\~{}` and `\^{}` are the signs themselves. */
const emptyAccents: Record<string, string> = { '~': '∼', '^': '^' }

function commandAccent(source: TexSource, name: string, at: number, end: number, depth: number): string | undefined {
  const { text } = source
  commandName.lastIndex = at
  const inner = commandName.exec(text)?.[0].slice(1)
  if (inner === undefined || inner === name || at + 1 + inner.length > end) return undefined
  if (isAccent(inner)) {
    const base = readAccent(source, inner, at, end, depth + accentNesting)
    if (base === undefined) return undefined
    return taken(source, accented(name, base, false) ?? `\\${name}${base}`, source.at)
  }
  // "Garl\'\ik": TeX would ask for a command \ik, a reader sees what is meant.
  const known = letterCommands.has(inner) || !/^[ij][a-z]/.test(inner) ? inner : inner.charAt(0)
  const letter = letterCommands.get(known)
  let after = at + 1 + known.length
  if (text.startsWith('{}', after)) after += 2
  else while (after < end && text.charCodeAt(after) === 32) after++
  const whole = letter === undefined ? undefined : accented(name, letter, false)
  return whole === undefined ? undefined : taken(source, whole, after)
}

function taken(source: TexSource, piece: string, at: number): string {
  source.at = at
  source.composes = true
  return piece
}
