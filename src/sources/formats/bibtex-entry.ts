import { BadRecord, excerpt, MAX_RECORD_BYTES } from './import-item.ts'

/** An entry with its fields by name in small letters; values without delimiters, TeX as written. */
export type BibtexEntry = { type: string; line: number; fields: Map<string, string> }

const MAX_MACRO_LENGTH = 10_000
const months = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ')
const entryStart = /@\s*([a-z][\w+-]*)\s*([{(])/giy
const nameOrNumber = /[^\s,#{}()"=%]+/y

/**
 * Reads the entries in a piece of BibTeX. `macros` are the `@string` abbreviations so far and grow. Throws `BadRecord`
 * at the first entry that cannot be read; those before it have been given to `onEntry`.
 */
export function readBibtexEntries(
  text: string,
  firstLine: number,
  macros: Map<string, string>,
  onEntry: (entry: BibtexEntry) => void,
): void {
  let at = 0
  let line = firstLine
  let counted = 0
  const lineHere = () => {
    for (let next = text.indexOf('\n', counted); next >= 0 && next < at; next = text.indexOf('\n', counted)) {
      line += 1
      counted = next + 1
    }
    return line
  }
  const skipBlanks = () => {
    while (at < text.length && (text.charCodeAt(at) <= 0x20 || text[at] === '%')) {
      // A comment reaches to the end of its line.
      const end = text[at] === '%' ? text.indexOf('\n', at) : at
      at = end < 0 ? text.length : end + 1
    }
  }
  const fail = (what: string): never => {
    throw new BadRecord('entry', `${what} on line ${lineHere()}, got ${excerpt(text.slice(at, at + 200)) || 'its end'}`)
  }
  /** From the opening brace to behind the closing one; answers what is between. */
  const braced = (): string => {
    const start = at + 1
    let depth = 0
    for (; at < text.length; at++) {
      if (text[at] === '{') depth += 1
      else if (text[at] === '}' && --depth === 0) return text.slice(start, at++)
    }
    return fail('expected a closing brace before its end')
  }
  const quoted = (): string => {
    const start = at + 1
    let depth = 0
    for (at = start; at < text.length; at++) {
      if (text[at] === '{') depth += 1
      else if (text[at] === '}') depth -= 1
      else if (text[at] === '"' && depth <= 0) return text.slice(start, at++)
    }
    return fail('expected a closing quote before its end')
  }
  const part = (): string => {
    if (text[at] === '{') return braced()
    if (text[at] === '"') return quoted()
    const bare = take(nameOrNumber)
    if (bare === undefined) return fail('expected a value')
    return macros.get(bare.toLowerCase()) ?? bare
  }
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at
    const found = pattern.exec(text)?.[0]
    if (found !== undefined) at += found.length
    return found
  }
  const value = (): string => {
    let joined = ''
    while (true) {
      skipBlanks()
      joined += part()
      if (joined.length > MAX_RECORD_BYTES) return fail('expected a value of reasonable length')
      skipBlanks()
      if (text[at] !== '#') return joined
      at += 1
    }
  }
  const fieldsUntil = (closer: string): Map<string, string> => {
    const fields = new Map<string, string>()
    while (true) {
      skipBlanks()
      if (text[at] === ',') at += 1
      else if (text[at] === closer) {
        at += 1
        return fields
      } else {
        if (at >= text.length) return fail('expected a closing brace')
        const name = take(nameOrNumber)?.toLowerCase()
        skipBlanks()
        if (name === undefined || text[at] !== '=') return fail('expected a field such as title = {...}')
        at += 1
        const content = value()
        if (!fields.has(name)) fields.set(name, content)
      }
    }
  }
  /** The key: everything up to the first comma, unless that is a field already. */
  const skipKey = (closer: string) => {
    const end = /[,={}()"]/g
    end.lastIndex = at
    const found = end.exec(text)
    if (found && (found[0] === ',' || found[0] === closer)) at = found.index
  }

  while (true) {
    at = text.indexOf('@', at)
    if (at < 0) return
    entryStart.lastIndex = at
    const start = entryStart.exec(text)
    if (!start) {
      at += 1
      continue
    }
    const type = start[1]!.toLowerCase()
    const closer = start[2] === '{' ? '}' : ')'
    const startLine = lineHere()
    at += start[0].length
    if (type === 'comment' || type === 'preamble') {
      at -= 1
      if (closer === '}') braced()
      else at = text.length
      continue
    }
    if (type !== 'string') skipKey(closer)
    const fields = fieldsUntil(closer)
    if (type !== 'string') onEntry({ type, line: startLine, fields })
    for (const [name, content] of type === 'string' ? fields : []) {
      // Abbreviations of abbreviations could double their way through the memory.
      if (content.length > MAX_MACRO_LENGTH) fail('expected a shorter abbreviation')
      macros.set(name, content)
    }
  }
}

/** The abbreviations every style knows. */
export function standardMacros(): Map<string, string> {
  return new Map(months.map((month) => [month, month]))
}
