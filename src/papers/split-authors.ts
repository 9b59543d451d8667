import type { AuthorRecord } from './paper.ts'

/** One author while affiliations are being gathered: `notes` are the contents of the brackets behind the name. */
type Draft = { name: string; notes: string[]; isGroup: boolean }
type Piece = { text: string } | { note: string } | { separator: ',' | ':' }

const suffixPattern = /^(?:jr|sr)\.?$|^(?:II|III|IV)$/i
const groupPattern = /\b(?:collaborations?|groups?|teams?|consortium)$/i
const groupLeadPattern =
  /^(?:(?:and|for|on behalf of) )*the (?=.*\b(?:collaborations?|groups?|teams?|consortium)$)|^(?:for|on behalf of) /i
const etAlPattern = /(?:^|[\s,])et\.?\s+al\.?$/i
/** `1`, `1, 2`, `1 and 2`, `a & b`: marks that a legend explains. */
const markListPattern = /^(?:\d{1,3}|[a-z*\u2020\u2021])(?:\s*(?:,|;|and|&|\\&)\s*(?:\d{1,3}|[a-z*\u2020\u2021]))*$/
const legendPattern = /^\(\s*(?:\d{1,3}|[a-z*\u2020\u2021])\s*\)/

/**
 * Splits an author list as arXiv keeps it, one string with affiliations in brackets, by the rules of arXiv's own form.
 * Names stay as they were written (TeX); an affiliation also covers the unaffiliated names before it.
 */
export function splitAuthors(raw: string): AuthorRecord[] {
  const { pieces, legend } = takeLegend(cutPieces(raw.replace(/\s+/g, ' ').trim()))
  const drafts = draftAuthors(pieces)
  const authors = drafts.map(({ name, notes }): AuthorRecord => {
    const explained = notes.map((note) => explain(note, legend)).filter((note) => note !== '')
    const affiliation = [...new Set(explained)].join(', ')
    return affiliation === '' ? { name } : { name, affiliation }
  })
  for (let index = authors.length - 2; index >= 0; index--) {
    const author = authors[index]!
    const { affiliation } = authors[index + 1]!
    const mayInherit = !drafts[index]!.isGroup && drafts[index]!.notes.length === 0
    if (mayInherit && affiliation !== undefined) author.affiliation = affiliation
  }
  return authors
}

/** Cuts at top-level brackets, commas, semicolons, `and` and `&`. Nesting counts, TeX braces and `\(` do not cut. */
function cutPieces(text: string): Piece[] {
  const pieces: Piece[] = []
  let start = 0
  let brackets = 0
  let braces = 0
  const cut = (end: number, next: number) => {
    const part = text.slice(start, end).trim()
    if (part !== '') pieces.push(brackets > 0 ? { note: part } : { text: part })
    start = next
  }
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!
    if (char === '\\') at++
    else if (char === '{') braces++
    else if (char === '}') braces = Math.max(0, braces - 1)
    else if (char === '(') {
      if (brackets === 0) cut(at, at + 1)
      brackets++
    } else if (char === ')') {
      if (brackets <= 1) cut(at, at + 1)
      brackets = Math.max(0, brackets - 1)
    } else if (brackets === 0 && braces === 0) {
      const length = separatorLength(text, at)
      if (length === 0) continue
      cut(at, at + length)
      pieces.push({ separator: char === ':' ? ':' : ',' })
      at += length - 1
    }
  }
  cut(text.length, text.length)
  return pieces
}

function separatorLength(text: string, at: number): number {
  const char = text[at]!
  if (char === ',' || char === ';' || char === ':') return 1
  const before = text[at - 1]
  if (before !== undefined && before !== ' ' && before !== ',' && before !== ')') return 0
  const word = char === '&' ? '&' : text.slice(at, at + 3)
  if (word !== '&' && word !== 'and' && word !== 'AND') return 0
  const after = text[at + word.length]
  return after === undefined || after === ' ' || after === ',' ? word.length : 0
}

/** Takes the explanation of numbered affiliations off the end: `((1) X, (2) Y)`, or the same without outer brackets. */
function takeLegend(pieces: Piece[]): { pieces: Piece[]; legend: Map<string, string> } {
  const last = pieces.at(-1)
  if (last && 'note' in last && legendPattern.test(last.note)) {
    return { pieces: pieces.slice(0, -1), legend: readLegend(cutLegend(last.note)) }
  }
  const opens = pieces.findIndex((piece, index) => {
    const before = pieces[index - 1]
    const after = pieces[index + 1]
    const startsLegend = 'note' in piece && markListPattern.test(piece.note) && before && 'separator' in before
    return startsLegend && after !== undefined && 'text' in after
  })
  if (opens < 0) return { pieces, legend: new Map() }
  return { pieces: pieces.slice(0, opens), legend: readLegend(pieces.slice(opens)) }
}

function cutLegend(note: string): Piece[] {
  return note
    .split(/\(\s*(\d{1,3}|[a-z*\u2020\u2021])\s*\)/)
    .slice(1)
    .map((part, index) => (index % 2 === 0 ? { note: part } : { text: part.trim().replace(/[,;]$/, '') }))
}

function readLegend(pieces: readonly Piece[]): Map<string, string> {
  const legend = new Map<string, string>()
  let mark = ''
  for (const piece of pieces) {
    if ('note' in piece) mark = piece.note
    else if ('text' in piece) legend.set(mark, legend.has(mark) ? `${legend.get(mark)}, ${piece.text}` : piece.text)
  }
  return legend
}

function explain(note: string, legend: ReadonlyMap<string, string>): string {
  if (!markListPattern.test(note)) return note
  const marks = note.split(/\s*(?:,|;|and|\\?&)\s*/)
  return marks
    .map((mark) => legend.get(mark) ?? '')
    .filter((text) => text !== '')
    .join(', ')
}

function draftAuthors(pieces: readonly Piece[]): Draft[] {
  const drafts: Draft[] = []
  /** The author that a bracket would belong to. */
  let open: Draft | undefined
  pieces.forEach((piece, index) => {
    if ('separator' in piece) {
      // What stands before a colon is a group, whatever it is called.
      if (piece.separator === ':' && open) open.isGroup = true
      return
    }
    if ('note' in piece) {
      const group = piece.note.replace(groupLeadPattern, '')
      if (groupPattern.test(group)) drafts.push({ name: group, notes: [], isGroup: true })
      else if (open && isNickname(pieces, index)) open.name += ` (${piece.note})`
      else if (open && !open.isGroup) open.notes.push(piece.note)
      return
    }
    const previous = drafts.at(-1)
    const name = piece.text.replace(groupLeadPattern, '').replace(etAlPattern, '').trim()
    if (!/[\p{L}\d]/u.test(name) || /^others$/i.test(name)) return
    if (open && isNickname(pieces, index - 1)) open.name += ` ${name}`
    else if (previous && suffixPattern.test(name)) previous.name += ` ${name}`
    else {
      open = { name, notes: [], isGroup: groupPattern.test(name) }
      drafts.push(open)
    }
  })
  return drafts
}

/** `Rex (Zhitao) Ying`: a single word in brackets between the two halves of one name. */
function isNickname(pieces: readonly Piece[], index: number): boolean {
  const [before, piece, after, next] = [pieces[index - 1], pieces[index], pieces[index + 1], pieces[index + 2]]
  if (!before || !piece || !after || !('text' in before) || !('note' in piece) || !('text' in after)) return false
  const isOneWord = /^\p{Lu}[\p{Ll}'-]+$/u
  return isOneWord.test(before.text) && isOneWord.test(piece.note) && !(next && 'note' in next)
}
