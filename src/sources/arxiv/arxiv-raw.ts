import { type PaperRecord, parseArxivId, splitAuthors, type VersionRecord } from '../../papers/index.ts'
import { cleanText } from '../formats/decode-text.ts'
import { identify } from '../formats/identify.ts'
import { excerpt } from '../formats/import-item.ts'
import { categoriesOf } from '../formats/json-record.ts'
import type { OaiRecord } from './read-oai.ts'

/** A record of arXiv: the paper, a paper that is gone, or why it cannot be read. */
export type ArxivRecord =
  | { kind: 'paper'; id: string; datestamp: string; record: PaperRecord }
  | { kind: 'deleted'; id: string; datestamp: string }
  | { kind: 'bad'; id: string; problem: string }

/**
 * arXiv's own record (`arXivRaw`) as a paper: all versions with their dates, text as the authors wrote it. A version whose
 * source type has the letter I is withdrawn; what authors write into the comment is no sure sign. `acm-class` is left
 * out: arXiv prints another field there.
 */
export function readArxivRaw({ identifier, datestamp, isDeleted, metadata }: OaiRecord): ArxivRecord {
  const id = parseArxivId(identifier)?.id
  if (!id) return { kind: 'bad', id: excerpt(identifier), problem: 'its identifier is none of arXiv’s' }
  if (isDeleted) return { kind: 'deleted', id, datestamp }
  const bad = (problem: string): ArxivRecord => ({ kind: 'bad', id, problem })
  const texts = new Map<string, string>()
  const versions: VersionRecord[] = []
  // A version's own elements come before the element itself is named again by the next one: `within` tells them apart.
  let version: VersionRecord | undefined
  for (const { name, within, text } of metadata) {
    if (within !== 'version') texts.set(name, cleanText(text))
    else if (name === 'date') {
      const time = Date.parse(text)
      if (Number.isNaN(time)) return bad(`the date of version ${versions.length + 1} is "${excerpt(text)}"`)
      version = { version: versions.length + 1, submittedAt: new Date(time).toISOString(), withdrawn: false }
      versions.push(version)
    } else if (name === 'source_type' && version && text.includes('I')) version.withdrawn = true
  }
  const title = texts.get('title') ?? ''
  if (title === '') return bad('it has no title')
  const first = versions[0]
  const last = versions.at(-1)
  if (!first?.submittedAt || !last?.submittedAt) return bad('it has no version')
  const { identifiers } = identify({ dois: [texts.get('doi') ?? ''] })
  return {
    kind: 'paper',
    id,
    datestamp,
    record: {
      identifiers: [{ source: 'arxiv', id }, ...identifiers],
      title,
      authors: splitAuthors(texts.get('authors') ?? ''),
      categories: categoriesOf(texts.get('categories')),
      submittedAt: first.submittedAt,
      updatedAt: last.submittedAt,
      versions,
      links: [],
      isTruth: true,
      ...present('abstract', texts.get('abstract')),
      ...present('comment', texts.get('comments')),
      ...present('journalRef', texts.get('journal-ref')),
      ...present('doi', identifiers[0]?.id),
      ...present('licence', texts.get('license')),
      ...present('submitter', texts.get('submitter')),
    },
  }
}

function present<K extends string>(key: K, text: string | undefined): Partial<Record<K, string>> {
  return text ? ({ [key]: text } as Record<K, string>) : {}
}
