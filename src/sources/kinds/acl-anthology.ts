import { z } from 'zod'
import type { AuthorRecord, PaperRecord } from '../../papers/index.ts'
import { createBibtexReader } from '../formats/bibtex-reader.ts'
import { cleanText } from '../formats/decode-text.ts'
import { identify } from '../formats/identify.ts'
import { BadRecord, excerpt } from '../formats/import-item.ts'
import { set } from '../formats/json-record.ts'
import { parseAnswerXml } from '../parse-answer-xml.ts'
import { type BadItem, broken, type SourceItem, type SourceKind } from '../source.ts'
import { childOf, childrenOf, textIn, type XmlElement } from '../xml-tree.ts'

type Settings = { urls: string[] }

const TIMEOUT_MS = 120_000

/** The ACL Anthology, from files it publishes: a collection's XML, or the BibTeX of a volume, venue or person. */
export const aclAnthology: SourceKind<Settings> = {
  kind: 'acl-anthology',
  about: "Papers of the ACL Anthology: addresses of a collection's .xml or of a volume's .bib file.",
  everyHours: 24,
  settings: z.strictObject({
    urls: z
      .array(z.url({ protocol: /^https?$/ }))
      .min(1)
      .max(50),
  }),
  example: { urls: ['https://aclanthology.org/volumes/2026.acl-long.bib'] },
  async *poll({ settings, ask }) {
    for (const url of settings.urls) {
      const answer = await ask(url, { conditional: true, timeoutMs: TIMEOUT_MS })
      if (!answer) continue
      yield { ...readAclFile(answer.body), cursor: { url }, answer }
    }
  },
}

/** Reads either of the two formats; which one it is, its first character tells. */
export function readAclFile(body: Buffer): { items: SourceItem[]; bad: BadItem[] } {
  const head = body
    .subarray(0, 2_000)
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .trimStart()
  if (head.startsWith('<')) return readCollection(parseAnswerXml(body, 'the ACL Anthology'))
  if (!endsClosed(body.toString('utf8')))
    throw broken(`expected whole BibTeX of the ACL Anthology, got "${excerpt(head)}" …`)
  const items: SourceItem[] = []
  const bad: BadItem[] = []
  const reader = createBibtexReader({
    paper: (_line, record) => items.push({ record }),
    bad: (line, reason) => bad.push({ record: `line ${line}`, reason }),
  })
  reader.push(body)
  reader.end(false)
  if (items.length === 0) throw broken(`expected XML or BibTeX of the ACL Anthology, got "${excerpt(head)}"`)
  return { items, bad }
}

/** Whether the last entry is closed: a file that broke off must not pass for a shorter one. */
function endsClosed(text: string): boolean {
  const last = text.slice(text.lastIndexOf('\n@') + 1)
  const count = (brace: RegExp) => last.match(brace)?.length ?? 0
  return last.startsWith('@') && /[})]\s*$/.test(last) && count(/(?<!\\)\{/g) === count(/(?<!\\)\}/g)
}

function readCollection(document: XmlElement): { items: SourceItem[]; bad: BadItem[] } {
  if (document.name !== 'collection')
    throw broken(`expected a <collection> of the ACL Anthology, got <${document.name}>`)
  const items: SourceItem[] = []
  const bad: BadItem[] = []
  const collection = document.attributes.id ?? ''
  for (const volume of childrenOf(document, 'volume')) {
    const meta = childOf(volume, 'meta')
    const book = {
      collection,
      volume: volume.attributes.id ?? '',
      title: proseIn(meta && childOf(meta, 'booktitle')),
      year: textIn(meta && childOf(meta, 'year')),
    }
    for (const paper of childrenOf(volume, 'paper')) {
      try {
        items.push({ record: recordOf(paper, book) })
      } catch (problem) {
        if (!(problem instanceof BadRecord)) throw problem
        bad.push({ record: `${collection}-${book.volume}.${paper.attributes.id}`, reason: problem.message })
      }
    }
  }
  return { items, bad }
}

type Book = { collection: string; volume: string; title: string; year: string }

function recordOf(paper: XmlElement, book: Book): PaperRecord {
  const title = proseIn(childOf(paper, 'title'))
  if (title === '') throw new BadRecord('title', 'missing')
  const id = anthologyId(paper, book)
  const { identifiers, doi } = identify({
    urls: id ? [`https://aclanthology.org/${id}/`] : [],
    dois: textIn(childOf(paper, 'doi')) ? [textIn(childOf(paper, 'doi'))] : [],
  })
  const record: PaperRecord = {
    identifiers,
    title,
    authors: childrenOf(paper, 'author')
      .map(authorOf)
      .filter(({ name }) => name !== ''),
    categories: [],
    versions: [],
    links: id ? [{ kind: 'pdf', url: `https://aclanthology.org/${id}.pdf` }] : [],
  }
  // A retracted or removed paper has no text to show; its notice is its comment.
  const notice = textIn(childOf(paper, 'retracted')) || textIn(childOf(paper, 'removed'))
  if (notice) {
    record.comment = `Retracted: ${cleanText(notice)}`
    record.versions = [{ version: 1, withdrawn: true }]
  }
  set(record, 'abstract', proseIn(childOf(paper, 'abstract')) || undefined)
  set(record, 'doi', doi)
  const pages = textIn(childOf(paper, 'pages'))
  const place = [book.title, pages && `pp. ${pages}`].filter(Boolean).join(', ')
  set(
    record,
    'journalRef',
    place ? (book.year && !place.includes(book.year) ? `${place}, ${book.year}` : place) : undefined,
  )
  return record
}

/** The address of a paper, such as `2026.acl-long.12`, or `P19-1001` for old ones, which stands in `<url>`. */
function anthologyId(paper: XmlElement, { collection, volume }: Book): string {
  const url = textIn(childOf(paper, 'url'))
  if (/^[\w.-]+$/.test(url)) return url
  const number = paper.attributes.id ?? ''
  return /^\d{4}\./.test(collection) && /^\d+$/.test(number) ? `${collection}-${volume}.${number}` : ''
}

function authorOf(author: XmlElement): AuthorRecord {
  const name = [textIn(childOf(author, 'first')), textIn(childOf(author, 'last'))].filter(Boolean).join(' ')
  const affiliation = textIn(childOf(author, 'affiliation'))
  return { name: cleanText(name), ...(affiliation ? { affiliation: cleanText(affiliation) } : {}) }
}

/** Their titles and abstracts carry markup of their own: maths becomes `$...$`, `<fixed-case>` and the like only text. */
function proseIn(element: XmlElement | undefined): string {
  if (!element) return ''
  const parts = (one: XmlElement): string =>
    one.children
      .map((child) =>
        typeof child === 'string' ? child : child.name === 'tex-math' ? `$${textIn(child)}$` : parts(child),
      )
      .join('')
  return cleanText(parts(element).replace(/\s+/g, ' '))
}
