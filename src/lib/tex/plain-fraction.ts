/** `a/b` between the two marks that `joinPieces` looks for. */
export function markedFraction(above: string, below: string): string {
  return `\ue000${bracketed(above)}/${bracketed(below)}\ue001`
}

/** Characters for private use: a formula that brings its own is not converted. */
export function isFractionMark(token: string): boolean {
  return token === '\ue000' || token === '\ue001'
}

function bracketed(text: string): string {
  return /^[\p{L}\p{N}\p{M}⁰-ⁿ²³¹₀-₉.′∞∂]+$|^\p{L}*\([^()]*\)$/u.test(text) ? text : `(${text})`
}

/** A fraction next to a letter needs brackets: `\frac12x` is (1/2)x. It arrives between marks. */
export function joinPieces(out: string, piece: string): string {
  const wasFraction = out.endsWith('\ue001')
  const isFraction = piece.startsWith('\ue000')
  if (!wasFraction && !isFraction) return out + piece
  let left = out
  if (wasFraction && /^[\p{L}\p{N}(√∑∏∫\ue000⁰-ⁿ²³¹^_]/u.test(piece)) left = bracketLast(out)
  if (isFraction && /[\p{L}\p{N})]$/u.test(left)) return `${left}(${piece.slice(1, -1)})`
  return left + piece
}

function bracketLast(out: string): string {
  const start = out.lastIndexOf('\ue000')
  return start < 0 ? out : `${out.slice(0, start)}(${out.slice(start + 1, -1)})`
}

export function withoutMarks(text: string): string {
  return text.includes('\ue000') || text.includes('\ue001') ? text.replace(/[\ue000\ue001]/g, '') : text
}
