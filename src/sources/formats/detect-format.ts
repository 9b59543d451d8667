import type { ImportFormat } from './import-item.ts'

/** Beginnings of files that are packed or made for other programs, with what to do. */
const foreign: [pattern: RegExp, advice: string][] = [
  [/^PK\p{Cc}/u, 'It is a ZIP archive: unpack it and import the files in it.'],
  [/^BZh[1-9]|^ý7zXZ|^7z¼¯|^\(µ\/ý/, 'It is packed in a way other than gzip: unpack it first.'],
  [/^%PDF-/, 'It is a PDF: import a list of papers, not the papers.'],
  [
    /^\s*<(?:!doctype|html|\?xml|feed|rss)/i,
    'It is HTML or XML: copy the text of the page, or export BibTeX, RIS or JSON.',
  ],
  [/^SQLite format 3/, 'It is a database: export its papers first.'],
]

/** Tells the format by the beginning of the text; the name decides only where that says nothing. */
export function detectFormat(head: string, name: string): ImportFormat | undefined {
  if (adviceFor(head) !== undefined || isBinary(head)) return undefined
  const start = head.trimStart()
  if (/^[[{]/.test(start)) return detectJson(start)
  if (/^[ \t]*@[a-z][\w+-]*\s*[{(]/im.test(start)) return 'bibtex'
  if (/^[ \t]*TY {1,2}- /m.test(start)) return 'ris'
  if (/\.(?:jsonl|ndjson|json)(?:\.gz)?$/i.test(name)) return 'jsonl'
  if (/\.bib(?:\.gz)?$/i.test(name)) return 'bibtex'
  return looksLikeListing(start) ? 'listing' : undefined
}

/** Says what a file seems to be that is none of ours. */
export function adviceFor(head: string): string | undefined {
  return foreign.find(([pattern]) => pattern.test(head))?.[1]
}

/** A stray control character is a slip, many of them are no text. */
function isBinary(head: string): boolean {
  return (head.match(/[^\P{Cc}\s]/gu)?.length ?? 0) > Math.max(3, head.length / 100)
}

/** A quote inside a JSON text has a backslash, so these patterns see keys only. */
function detectJson(start: string): ImportFormat {
  const has = (...keys: string[]) => keys.some((key) => start.includes(`"${key}"`))
  const isDaily = /"paper"\s*:\s*\{|"(?:papers|dailyPapers)"\s*:\s*\[|^\{\s*"\d{4}-\d\d-\d\d"\s*:\s*\[/.test(start)
  if (isDaily || has('submittedOnDailyAt') || (has('upvotes') && has('publishedAt'))) return 'daily-papers'
  return has('date') && has('upvotes', 'observed_at', 'num_comments', 'date_inferred') ? 'dated-list' : 'jsonl'
}

/** A short paragraph, a blank line, and another one. */
function looksLikeListing(start: string): boolean {
  const [first = '', second = ''] = start.split(/\r?\n[ \t]*\r?\n\s*/)
  return first.length <= 500 && second.trim() !== '' && !/^[<%#]/.test(first) && !first.includes('\ufffd')
}
