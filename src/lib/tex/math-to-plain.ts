import { mathLetters } from './math-letters.ts'
import { functionNames, mathRelations, mathSymbols } from './math-symbols.ts'
import { argumentTokens, type MathTokens, mathTokens, peek, skipSpaces } from './math-tokens.ts'
import { isFractionMark, joinPieces, markedFraction, withoutMarks } from './plain-fraction.ts'
import { plainMacros } from './plain-macros.ts'
import { toSubscript, toSuperscript } from './unicode-scripts.ts'

const longestFormula = 1000
const deepest = 12

/**
 * Simple maths as readable Unicode: `x^2 \leq \frac{a}{b}` is `x² ≤ a/b`. Undefined when a line of text cannot show it
 * faithfully (matrices, unknown commands, accents over more than one letter).
 */
export function mathToPlain(source: string): string | undefined {
  if (source.length > longestFormula) return undefined
  const text = plainList(mathTokens(source), 0)
  return text && withoutMarks(text).replace(/ +/g, ' ').trim()
}

function plainList(tokens: MathTokens, depth: number): string | undefined {
  if (depth > deepest) return undefined
  let out = ''
  while (tokens.at < tokens.list.length) {
    const piece = plainPiece(tokens, depth, out)
    if (piece === undefined) return undefined
    out = joinPieces(out, piece)
  }
  return out
}

function argument(tokens: MathTokens, depth: number): string | undefined {
  const inner = argumentTokens(tokens)
  const text = inner && plainList(inner, depth + 1)
  return text === undefined ? undefined : withoutMarks(text).trim()
}

function plainPiece(tokens: MathTokens, depth: number, before: string): string | undefined {
  const token = peek(tokens)!
  if (token === '{') {
    const inner = argumentTokens(tokens)
    return inner && plainList(inner, depth + 1)
  }
  tokens.at++
  if (token === '^' || token === '_') return script(token, scriptArgument(tokens, depth))
  if (token === "'") return '′'
  if (token === '~') return ' '
  if (token === '}' || token === '&' || token === '$' || token === '%' || isFractionMark(token)) {
    return undefined
  }
  if (token.length === 1 || token[0] !== '\\') return token
  return command(token.slice(1).replace(/\*$/, ''), tokens, depth, before)
}

/** `_\text{cat}` and `^\frac12` take their arguments along, though TeX would insist on braces. */
function scriptArgument(tokens: MathTokens, depth: number): string | undefined {
  skipSpaces(tokens)
  if (!peek(tokens)?.startsWith('\\')) return argument(tokens, depth)
  if (depth > deepest) return undefined
  const text = plainPiece(tokens, depth + 1, '')
  return text === undefined ? undefined : withoutMarks(text).trim()
}

function script(sign: string, text: string | undefined): string | undefined {
  if (text === undefined || text === '') return text
  if (sign === '^' && (text === '∘' || text === '°')) return '°'
  if (sign === '^' && /^[′*∗†⊤]+$/u.test(text)) return text === '∗' ? '*' : text
  const raised = sign === '^' ? toSuperscript(text) : toSubscript(text)
  if (raised !== undefined) return raised
  const short = sign === '_' ? /^[\p{L}\p{N}\p{M}]+$|^.$/u : /^\p{L}\p{M}*$|^.$/u
  return sign + (short.test(text) ? text : `(${text})`)
}

const nothing = new Set(
  `left right big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr bigm Bigm middle displaystyle textstyle
  scriptstyle limits nolimits rm bf it cal sf tt mathstrut nonumber notag boldmath !`.split(/\s+/),
)
const spaces = new Set([
  ',',
  ':',
  ';',
  '>',
  ' ',
  'quad',
  'qquad',
  'enspace',
  'thinspace',
  'medspace',
  'thickspace',
  '\n',
])
const styles = new Set(
  `mathrm mathbf mathsf mathit mathtt mathnormal bm boldsymbol bold operatorname pmb mathop mathbin mathrel mathord
  text textrm textbf textit textsf texttt textsc textnormal textup mbox hbox emph ensuremath`.split(/\s+/),
)
const accents: Record<string, string> = {
  hat: '\u0302',
  widehat: '\u0302',
  bar: '\u0304',
  overline: '\u0304',
  tilde: '\u0303',
  widetilde: '\u0303',
  dot: '\u0307',
  ddot: '\u0308',
  vec: '\u20d7',
  check: '\u030c',
  breve: '\u0306',
  acute: '\u0301',
  grave: '\u0300',
  mathring: '\u030a',
}
const negated: Record<string, string> = {
  '=': '≠',
  '∈': '∉',
  '≡': '≢',
  '⊂': '⊄',
  '⊆': '⊈',
  '∼': '≁',
  '<': '≮',
  '>': '≯',
}

function command(name: string, tokens: MathTokens, depth: number, before: string): string | undefined {
  const spaced = peek(tokens) === ' '
  if (/^[a-zA-Z]/.test(name)) skipSpaces(tokens)
  const relation = mathRelations.get(name)
  if (relation !== undefined) return ` ${relation} `
  const symbol = mathSymbols.get(name)
  if (symbol !== undefined) return spaced && /^[+\-=<>]$/.test(peek(tokens) ?? '') ? `${symbol} ` : symbol
  if (spaces.has(name)) return ' '
  if (nothing.has(name)) return sizeOf(name, tokens)
  if (functionNames.has(name)) return functionName(name, tokens, before)
  if (name.length === 1 && '{}%#&_$'.includes(name)) return name
  if (name === '|') return '‖'
  if (name === 'frac' || name === 'tfrac' || name === 'dfrac' || name === 'nicefrac') return fraction(tokens, depth)
  if (name === 'sqrt') return root(tokens, depth)
  if (name === 'operatorname') return functionName(argument(tokens, depth) ?? '', tokens, before)
  if (/^(?:text|mbox|hbox)/.test(name) && styles.has(name)) return words(tokens)
  if (styles.has(name)) return argument(tokens, depth)
  if (name === 'Bbb' || name === 'mathds' || name === 'mathbbm') return letters('mathbb', argument(tokens, depth))
  if (name === 'mathbb' || name === 'mathcal' || name === 'mathscr' || name === 'mathfrak') {
    return letters(name, argument(tokens, depth))
  }
  if (Object.hasOwn(accents, name)) return accent(accents[name]!, argument(tokens, depth))
  if (name === 'not') return negated[argument(tokens, depth) ?? '']
  if (name === 'pmod') return modulus(argument(tokens, depth))
  if (name === 'bmod' || name === 'mod') return ' mod '
  if (name === 'label') return argumentTokens(tokens) && ''
  if (name === 'colon') return ': '
  if (name === 'unicode') return unicodeSign(argument(tokens, depth))
  const meaning = plainMacros.get(name)
  return meaning === undefined ? undefined : plainList(mathTokens(meaning), depth + 1)
}

/** `\left.` is an invisible bracket. */
function sizeOf(name: string, tokens: MathTokens): string {
  if ((name === 'left' || name === 'right') && peek(tokens) === '.') tokens.at++
  return ''
}

function functionName(name: string, tokens: MathTokens, before: string): string | undefined {
  if (name === '') return undefined
  const next = peek(tokens) ?? ''
  const lead = /[\p{L}\p{N})]$/u.test(before) ? ' ' : ''
  return lead + name + (/^[\p{L}\p{N}\\]/u.test(next) && !/^\\[^a-zA-Z]|^\\(?:left|big|Big)/.test(next) ? ' ' : '')
}

function fraction(tokens: MathTokens, depth: number): string | undefined {
  const above = argument(tokens, depth)
  const below = argument(tokens, depth)
  if (!above || !below) return undefined
  return markedFraction(above, below)
}

function root(tokens: MathTokens, depth: number): string | undefined {
  skipSpaces(tokens)
  let sign = '√'
  if (peek(tokens) === '[') {
    const order = tokens.list.slice(tokens.at + 1, tokens.at + 3).join('')
    if (order !== '3]' && order !== '4]') return undefined
    sign = order === '3]' ? '∛' : '∜'
    tokens.at += 3
  }
  const inside = argument(tokens, depth)
  if (!inside) return undefined
  return sign + (/^(?:\p{L}\p{M}*|\p{N}+)$/u.test(inside) ? inside : `(${inside})`)
}

/** The words of `\text{ if }`, whose blanks count. */
function words(tokens: MathTokens): string | undefined {
  const inner = argumentTokens(tokens)?.list.join('')
  return inner === undefined || /[\\$^_&]/.test(inner) ? undefined : inner.replace(/[{}]/g, '').replaceAll('~', ' ')
}

function letters(alphabet: string, text: string | undefined): string | undefined {
  return text === undefined ? undefined : mathLetters(alphabet, text)
}

function accent(mark: string, text: string | undefined): string | undefined {
  if (text === undefined || !/^[^\s\p{M}]\p{M}*$/u.test(text)) return undefined
  return (text.replace('ı', 'i') + mark).normalize('NFC')
}

function modulus(text: string | undefined): string | undefined {
  return text === undefined ? undefined : ` (mod ${text})`
}

function unicodeSign(code: string | undefined): string | undefined {
  return code && /^x[0-9A-Fa-f]{2,4}$/.test(code)
    ? String.fromCharCode(Number.parseInt(code.slice(1), 16)).toWellFormed()
    : undefined
}
