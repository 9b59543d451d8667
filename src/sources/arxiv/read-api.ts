import { type PaperRecord, parseArxivId } from '../../papers/index.ts'
import { cleanText } from '../formats/decode-text.ts'
import { identify } from '../formats/identify.ts'
import { categoriesOf } from '../formats/json-record.ts'
import { readXml } from './xml-events.ts'

/** A paper as the API tells it: `version` is the newest that its index knows. */
export type ApiEntry = { id: string; version: number; record: PaperRecord }
export type ApiAnswer =
  | { kind: 'entries'; total: number; entries: ApiEntry[]; bad: string[] }
  /** The API understood us and says no, such as for an id that cannot be one. */
  | { kind: 'error'; message: string }
  | { kind: 'broken'; problem: string }

type RawEntry = { texts: Map<string, string>; authors: { name: string; affiliation: string }[]; categories: string[] }

/** Reads an answer of `/api/query`. A list may hold fewer papers than were asked for: unknown ids are left out silently. */
export function readApi(bytes: Buffer): ApiAnswer {
  const path: string[] = []
  const texts: string[] = []
  const raw: RawEntry[] = []
  let entry: RawEntry | undefined
  let total: number | undefined
  let root = ''
  const problem = readXml(bytes, {
    open(name, attributes) {
      if (path.length === 0) root = name
      path.push(name)
      texts.push('')
      if (name === 'entry') {
        entry = { texts: new Map(), authors: [], categories: [] }
        raw.push(entry)
      } else if (name === 'author') entry?.authors.push({ name: '', affiliation: '' })
      else if (name === 'primary_category' && attributes.term) entry?.categories.unshift(attributes.term)
      else if (name === 'category' && attributes.term) entry?.categories.push(attributes.term)
    },
    text(text) {
      if (texts.length > 0) texts[texts.length - 1] += text
    },
    close(name) {
      const text = cleanText(texts.pop() as string)
      const within = path.at(-2)
      const author = entry?.authors.at(-1)
      if (within === 'entry') entry?.texts.set(name, text)
      else if (within === 'author' && author && name === 'name') author.name = text
      else if (within === 'author' && author && name === 'affiliation' && author.affiliation === '')
        author.affiliation = text
      else if (name === 'totalResults' && /^\d{1,9}$/.test(text)) total = Number(text)
      if (name === 'entry') entry = undefined
      path.pop()
    },
  })
  if (problem !== undefined) return { kind: 'broken', problem }
  if (root !== 'feed' || total === undefined)
    return { kind: 'broken', problem: 'it is XML, but no answer of the arXiv API' }
  const [only] = raw
  if (only && /\/api\/errors/.test(only.texts.get('id') ?? ''))
    return { kind: 'error', message: only.texts.get('summary') ?? 'it gives no reason' }
  const read = raw.map(entryOf)
  const entries = read.filter((one) => typeof one !== 'string')
  return { kind: 'entries', total, entries, bad: read.filter((one) => typeof one === 'string') }
}

function entryOf({ texts, authors, categories }: RawEntry): ApiEntry | string {
  const address = texts.get('id') ?? ''
  const found = parseArxivId(address)
  if (!found) return `an entry has no id of arXiv, but "${address.slice(0, 80)}"`
  const title = (texts.get('title') ?? '').replace(/\s+/g, ' ')
  if (title === '') return `${found.id} has no title`
  const { id, version = 1 } = found
  const submittedAt = instantOf(texts.get('published'))
  const updatedAt = instantOf(texts.get('updated'))
  const { identifiers } = identify({ dois: [texts.get('doi') ?? ''] })
  const doi = identifiers[0]?.id
  const optional = (name: string, key: string) => (texts.get(name) ? { [key]: texts.get(name) } : {})
  return {
    id,
    version,
    record: {
      identifiers: [{ source: 'arxiv', id }, ...identifiers],
      title,
      authors: authors
        .filter(({ name }) => name !== '')
        .map(({ name, affiliation }) => (affiliation === '' ? { name } : { name, affiliation })),
      categories: categoriesOf(categories),
      versions: [
        ...(version > 1 ? [{ version: 1, ...(submittedAt ? { submittedAt } : {}) }] : []),
        { version, ...(updatedAt ? { submittedAt: updatedAt } : {}) },
      ],
      links: [],
      isTruth: true,
      ...(submittedAt ? { submittedAt } : {}),
      ...(updatedAt ? { updatedAt } : {}),
      ...(doi ? { doi } : {}),
      ...optional('summary', 'abstract'),
      ...optional('comment', 'comment'),
      ...optional('journal_ref', 'journalRef'),
    },
  }
}

function instantOf(text: string | undefined): string | undefined {
  const time = Date.parse(text ?? '')
  return Number.isNaN(time) ? undefined : new Date(time).toISOString()
}
