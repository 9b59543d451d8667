/** A formula cut into what TeX sees: commands with their backslash, single characters, and `' '` for blanks. */
export type MathTokens = { list: string[]; at: number }

const token = /\\(?:[a-zA-Z]+\*?|[\s\S])|\s+|[\s\S]/gu

export function mathTokens(source: string): MathTokens {
  const list = source.match(token) ?? []
  return { list: list.map((text) => (/^\s/.test(text) ? ' ' : text)), at: 0 }
}

export function peek(tokens: MathTokens): string | undefined {
  return tokens.list[tokens.at]
}

export function skipSpaces(tokens: MathTokens): void {
  while (tokens.list[tokens.at] === ' ') tokens.at++
}

/** The tokens of the next argument: a braced group without its braces, or one token. Undefined when none follows. */
export function argumentTokens(tokens: MathTokens): MathTokens | undefined {
  skipSpaces(tokens)
  const first = tokens.list[tokens.at]
  if (first === undefined || first === '}') return undefined
  if (first !== '{') {
    tokens.at++
    return { list: [first], at: 0 }
  }
  const start = tokens.at + 1
  let depth = 0
  for (let i = tokens.at; i < tokens.list.length; i++) {
    if (tokens.list[i] === '{') depth++
    if (tokens.list[i] === '}') depth--
    if (depth > 0) continue
    tokens.at = i + 1
    return { list: tokens.list.slice(start, i), at: 0 }
  }
  return undefined
}
