const superscripts = new Map(zip('0123456789+-=()ni−', '⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ⁻'))
const subscripts = new Map(zip('0123456789+-=()−', '₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎₋'))

function zip(from: string, to: string): [string, string][] {
  const targets = [...to]
  return [...from].map((sign, i) => [sign, targets[i]!])
}

/** `2` as `²`; undefined when a character has no raised form that common fonts carry. */
export function toSuperscript(text: string): string | undefined {
  return translate(text, superscripts)
}

/** `1` as `₁`; undefined when a character has no lowered form that common fonts carry. */
export function toSubscript(text: string): string | undefined {
  return translate(text, subscripts)
}

function translate(text: string, table: Map<string, string>): string | undefined {
  if (text === '') return undefined
  let out = ''
  for (const sign of text) {
    const script = table.get(sign)
    if (script === undefined) return undefined
    out += script
  }
  return out
}
