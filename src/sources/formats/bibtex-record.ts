import { type AuthorRecord, isDay, type PaperRecord } from '../../papers/index.ts'
import type { BibtexEntry } from './bibtex-entry.ts'
import { cleanText } from './decode-text.ts'
import { identify } from './identify.ts'
import { BadRecord } from './import-item.ts'
import { journalReference } from './journal-reference.ts'
import { categoriesOf, set } from './json-record.ts'
import { uninvertName } from './read-authors.ts'

/** Turns an entry into a record. Throws `BadRecord` if it has no title. */
export function paperOfBibtex({ fields }: BibtexEntry): PaperRecord {
  const field = (...names: string[]): string | undefined => {
    for (const name of names) {
      const text = oneParagraph(fields.get(name) ?? '')
      if (text !== '') return text
    }
    return undefined
  }
  const fieldsOf = (...names: string[]) => names.flatMap((name) => field(name) ?? [])
  const title = field('title')
  if (title === undefined) throw new BadRecord('title', 'missing')
  const archive = field('archiveprefix', 'eprinttype')?.toLowerCase()
  const eprint = archive === undefined || archive === 'arxiv' ? fieldsOf('eprint') : []
  const journal = field('journal', 'journaltitle', 'booktitle')
  // DBLP files arXiv papers under a journal of its own.
  const preprint = journal === 'CoRR' ? fieldsOf('volume') : []
  const mentions = fieldsOf('journal', 'journaltitle', 'note', 'howpublished').filter((text) =>
    /arxiv[:./]/i.test(text),
  )
  const pmid = field('pmid') ?? (archive === 'pubmed' ? field('eprint') : undefined)
  const { identifiers, versions, links, doi } = identify({
    arxiv: [...eprint, ...fieldsOf('arxivid', 'arxiv'), ...preprint, ...mentions],
    dois: fieldsOf('doi'),
    urls: fieldsOf('url', 'pdf'),
    ...(pmid === undefined ? {} : { pmid }),
  })
  const paper: PaperRecord = {
    identifiers,
    title,
    authors: bibtexAuthors(field('author') ?? ''),
    categories: categoriesOf(field('primaryclass', 'eprintclass')),
    versions,
    links,
  }
  set(paper, 'abstract', field('abstract'))
  set(paper, 'doi', doi)
  // A range of days begins with the first.
  const date = field('date')?.split('/')[0]
  set(paper, 'datedOn', date !== undefined && isDay(date) ? date : undefined)
  const year = field('year') ?? date?.slice(0, 4)
  set(
    paper,
    'journalRef',
    journalReference({
      journal,
      volume: field('volume'),
      number: field('number', 'issue'),
      pages: field('pages'),
      year,
    }),
  )
  return paper
}

/** Names joined by `and`: `First von Last`, `von Last, First`, `von Last, Jr, First`, `{Corporate Name}`. */
export function bibtexAuthors(text: string): AuthorRecord[] {
  return splitAtAnd(text).flatMap((part): AuthorRecord[] => {
    const name = withoutOuterBraces(part)
    if (name === '' || name.toLowerCase() === 'others') return []
    return [{ name: name === part ? uninvertName(part).replace(/(?<!\S)\{([^{}\\]*)\}(?!\S)/g, '$1') : name }]
  })
}

function splitAtAnd(text: string): string[] {
  const parts: string[] = []
  let start = 0
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '{') depth += 1
    else if (text[at] === '}') depth -= 1
    else if (depth === 0 && text[at] === ' ' && /^ and /i.test(text.slice(at, at + 5))) {
      parts.push(text.slice(start, at).trim())
      start = at + 4
      at += 3
    }
  }
  return [...parts, text.slice(start).trim()]
}

/** Clean, on one line, blank lines kept as paragraphs; braces around the whole say nothing. */
function oneParagraph(value: string): string {
  const paragraphs = cleanText(value).split(/\n[ \t]*\n\s*/)
  return withoutOuterBraces(paragraphs.map((text) => text.replace(/\s+/g, ' ').trim()).join('\n\n'))
}

function withoutOuterBraces(text: string): string {
  if (!text.startsWith('{') || !text.endsWith('}')) return text
  let depth = 0
  for (let at = 0; at < text.length - 1; at++) {
    if (text[at] === '{') depth += 1
    else if (text[at] === '}') depth -= 1
    if (depth === 0) return text
  }
  // `{\L}` is a letter, not a wrapping.
  return text[1] === '\\' ? text : withoutOuterBraces(text.slice(1, -1).trim())
}
