import { mapMath } from '../lib/tex/split-math.ts'
import { familyName, isCorporateName } from './author-name.ts'
import { bibtexTitle, escapeTex } from './bibtex-text.ts'

/** What a citation is made of: texts as shown to readers (Unicode, formulas as `$…$`), authors in the paper's order. */
export type CitationPaper = {
  title: string
  authors: string[]
  year?: number
  /** 1 to 12. */
  month?: number
  /** Without version. */
  arxivId?: string
  primaryCategory?: string
  doi?: string
  journalRef?: string
  url: string
  abstract?: string
  version?: number
}

export type CslName = { family: string; given?: string; suffix?: string } | { literal: string }

/** An item of CSL-JSON, the form that citation processors and Zotero read. */
export type CslItem = {
  id: string
  type: 'article'
  title: string
  author: CslName[]
  issued?: { 'date-parts': [number[]] }
  publisher?: 'arXiv'
  number?: string
  version?: string
  DOI?: string
  URL: string
  abstract?: string
  note?: string
}

/** One `@misc` entry as arXiv writes it, ending with a line break. A printed publication becomes the note. */
export function toBibtex(paper: CitationPaper, key = citeKey(paper)): string {
  const fields: [string, string | undefined][] = [
    ['title', bibtexTitle(oneLine(paper.title))],
    ['author', paper.authors.map(bibtexName).join(' and ') || undefined],
    ['year', paper.year?.toString()],
    ['eprint', paper.arxivId],
    ['archivePrefix', paper.arxivId && 'arXiv'],
    ['primaryClass', paper.arxivId && paper.primaryCategory],
    ['doi', paper.doi && verbatim(paper.doi)],
    ['note', paper.journalRef && escapeTex(oneLine(paper.journalRef))],
    ['url', verbatim(paper.url)],
  ]
  const lines = fields.filter(([, value]) => value !== undefined).map(([name, value]) => `  ${name}={${value}},\n`)
  return `@misc{${key},\n${lines.join('')}}\n`
}

/** One RIS record, with the line ends (CR LF) that RIS asks for. */
export function toRis(paper: CitationPaper): string {
  const month = String(paper.month ?? '').padStart(2, '0')
  const tags: [string, string | number | undefined][] = [
    ['TY', paper.arxivId === undefined ? 'GEN' : 'UNPB'],
    ['TI', withoutEscapes(paper.title)],
    ...paper.authors.map((name): [string, string] => ['AU', invertedName(name)]),
    ['PY', paper.year?.toString()],
    ['DA', paper.year && paper.month && `${paper.year}/${month}//`],
    ['AB', paper.abstract && withoutEscapes(paper.abstract)],
    ['PB', paper.arxivId && 'arXiv'],
    ['AN', paper.arxivId && `arXiv:${paper.arxivId}`],
    ['DO', paper.doi],
    ['N1', paper.journalRef],
    ['UR', paper.url],
  ]
  const lines = tags.filter((line): line is [string, string] => typeof line[1] === 'string')
  return [...lines.map(([tag, value]) => `${tag}  - ${oneLine(value)}\r\n`), 'ER  - \r\n'].join('')
}

/** One item of CSL-JSON; what is not known is left out. */
export function toCslJson(paper: CitationPaper, key = citeKey(paper)): CslItem {
  const item: CslItem = {
    id: key,
    type: 'article',
    title: oneLine(withoutEscapes(paper.title)),
    author: paper.authors.map(cslName),
    URL: paper.url,
  }
  if (paper.year !== undefined) {
    item.issued = { 'date-parts': [paper.month === undefined ? [paper.year] : [paper.year, paper.month]] }
  }
  if (paper.arxivId !== undefined) {
    item.publisher = 'arXiv'
    item.number = `arXiv:${paper.arxivId}`
  }
  if (paper.version !== undefined) item.version = String(paper.version)
  if (paper.doi !== undefined) item.DOI = paper.doi
  if (paper.abstract !== undefined) item.abstract = oneLine(withoutEscapes(paper.abstract))
  if (paper.journalRef !== undefined) item.note = oneLine(paper.journalRef)
  return item
}

/** `vaswani2017attention`: family name, year, first telling word of the title; ASCII letters and digits only. */
export function citeKey(paper: CitationPaper): string {
  const [firstAuthor] = paper.authors
  const family = firstAuthor === undefined ? '' : asciiWord(familyName(firstAuthor).family)
  const plain = mapMath(
    paper.title,
    (text) => text,
    () => ' ',
  )
  const words = plain.split(/[^\p{L}\p{M}\p{N}]+/u)
  const word = words.map(asciiWord).find((candidate) => candidate !== '' && !fillers.has(candidate)) ?? ''
  return `${family || 'anonymous'}${paper.year ?? ''}${word}`
}

/** One key per paper, for lists: where two would be the same, the later ones get `b` to `z`, then `-27` and on. */
export function citeKeys(papers: readonly CitationPaper[]): string[] {
  const used = new Set<string>()
  return papers.map((paper) => {
    const base = citeKey(paper)
    let key = base
    for (let count = 2; used.has(key); count++)
      key = base + (count <= 26 ? String.fromCharCode(96 + count) : `-${count}`)
    used.add(key)
    return key
  })
}

const fillers = new Set(
  'a an and are as at by do does for from how in is it of on or the to towards toward via what when why with'.split(
    ' ',
  ),
)

/** Letters that do not come apart into a letter and an accent. */
const foldings: Record<string, string> = { ß: 'ss', ø: 'o', ł: 'l', æ: 'ae', œ: 'oe', đ: 'd', ð: 'd', þ: 'th', ı: 'i' }

function asciiWord(text: string): string {
  const folded = text.toLowerCase().replace(/[ßøłæœđðþı]/g, (letter) => foldings[letter]!)
  return folded.normalize('NFKD').replace(/[^a-z0-9]/g, '')
}

/** `Ada Byron`; `Chen, Jr., Carl`, as BibTeX wants it with a suffix; `{XYZ Collaboration}`. */
function bibtexName(name: string): string {
  const { family, given, suffix } = familyName(name)
  if (isCorporateName(name) || /,|\sand\s/i.test(family)) return `{${escapeTex(family)}}`
  if (suffix !== '') return escapeTex(given === '' ? `${family}, ${suffix}` : `${family}, ${suffix}, ${given}`)
  return escapeTex(given === '' ? family : `${given} ${family}`)
}

function invertedName(name: string): string {
  const { family, given, suffix } = familyName(name)
  return [family, given, suffix].filter((part) => part !== '').join(', ')
}

function cslName(name: string): CslName {
  const { family, given, suffix } = familyName(name)
  if (isCorporateName(name)) return { literal: family }
  return { family, ...(given !== '' && { given }), ...(suffix !== '' && { suffix }) }
}

/** Addresses and DOIs are read as they are: an escaped `_` or `%` would break the link, a brace would break the file. */
function verbatim(text: string): string {
  return text.replace(/[{}\\\s]/g, (character) => encodeURIComponent(character))
}

/** Display texts write a dollar that opens no formula as `\$`; outside TeX it is a plain dollar. */
function withoutEscapes(text: string): string {
  return mapMath(
    text,
    (plain) => plain,
    ({ start, end }) => text.slice(start, end),
  )
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}
