import { isKnownCategory, type PaperRecord, parseArxivId, type VersionRecord } from '../../papers/index.ts'
import { cleanText } from './decode-text.ts'
import { type Identity, identify, linkOf } from './identify.ts'
import { BadRecord, excerpt } from './import-item.ts'
import { readAuthors } from './read-authors.ts'
import { readDate, readDay } from './read-date.ts'

export type JsonObject = Record<string, unknown>

/** Versions a record may list; arXiv's record is far below. */
const MAX_VERSIONS = 1000

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * Turns one object into a record, whatever its fields are called: our own exports, the arXiv snapshot, lists made by
 * hand. Throws `BadRecord` where a field that matters cannot be read.
 */
export function paperOfJson(json: JsonObject): PaperRecord {
  const title = textOf(json, 'title')
  if (title === undefined) throw new BadRecord('title', `missing in ${excerpt(json)}`)
  const summary = textOf(json, 'summary')
  const tldr = textOf(json, 'ai_summary') ?? textOf(json, 'tldr')
  const abstract = textOf(json, 'abstract')
  const { identifiers, versions: named, links, doi } = identityOf(json)
  const versions = versionsOf(json) ?? named
  const paper: PaperRecord = {
    identifiers,
    title,
    authors: readAuthors(json.authors ?? json.author ?? json.authors_parsed),
    categories: categoriesOf(json.primary_category, json.categories ?? json.category),
    versions,
    links: [
      ...linkOf(
        'code',
        word(json, 'code', 'github_repo', 'githubRepo', 'code_url'),
        json.github_stars ?? json.githubStars,
      ),
      ...linkOf('project', word(json, 'project_page', 'projectPage')),
      ...links,
    ],
  }
  // A summary beside no abstract is what most files call the abstract.
  set(paper, 'abstract', abstract ?? summary)
  set(paper, 'summary', tldr ?? (abstract === undefined ? undefined : summary))
  set(paper, 'doi', doi)
  set(paper, 'licence', word(json, 'license', 'licence'))
  set(paper, 'comment', word(json, 'comments', 'comment'))
  set(paper, 'journalRef', word(json, 'journal-ref', 'journal_ref', 'journalRef', 'venue'))
  setDates(paper, json)
  return paper
}

function setDates(paper: PaperRecord, json: JsonObject): void {
  const stated = (...names: string[]) => {
    const name = names.find((one) => json[one] !== undefined && json[one] !== null)
    return name === undefined ? undefined : readDate(name, json[name])
  }
  const submitted = stated('submitted_at', 'submittedAt', 'published_at', 'publishedAt', 'published')
  const updated = stated('updated_at', 'updatedAt', 'updated')
  const announced = stated('announced_on', 'announcedOn', 'announced')
  set(paper, 'submittedAt', submitted?.instant ?? paper.versions[0]?.submittedAt)
  set(
    paper,
    'updatedAt',
    updated?.instant ?? (paper.versions.length > 1 ? paper.versions.at(-1)?.submittedAt : undefined),
  )
  set(paper, 'announcedOn', announced?.day)
  // The snapshot's date is that of the last change to the record: of use only where nothing better is known.
  const changed = paper.submittedAt === undefined ? readDay('update_date', json.update_date) : undefined
  const dayOnly = submitted?.instant === undefined ? submitted?.day : undefined
  set(paper, 'datedOn', readDay('date', json.date) ?? readDay('datedOn', json.datedOn) ?? dayOnly ?? changed)
}

const idFields = ['arxiv_id', 'arxivId', 'id', 'paper_id', 'paperId', 'baseId']
const doiFields = ['doi', 'id']
const addressFields = ['url', 'link', 'pdf', 'pdf_url', 'html_url', 'entry_id']

function identityOf(json: JsonObject): Identity {
  const arxiv: string[] = []
  for (const field of idFields) {
    const text = idText(field, json[field])
    if (text === undefined) continue
    if (field.startsWith('arxiv') && !parseArxivId(text)) {
      throw new BadRecord(field, `expected an arXiv id such as 2401.00001 or hep-th/9901001, got ${excerpt(text)}`)
    }
    arxiv.push(text)
  }
  const urls = words(json, addressFields)
  const dois = words(json, doiFields)
  const pmid = word(json, 'pmid')
  return identify({ arxiv, dois, urls, ...(pmid === undefined ? {} : { pmid }) })
}

/** An id as text. A fraction is an id that lost its quotes, and with them perhaps its last zeros. */
function idText(field: string, value: unknown): string | undefined {
  if (typeof value === 'number' && !Number.isInteger(value)) {
    throw new BadRecord(field, `expected an id in quotes, got the number ${value}, which may have lost zeros`)
  }
  if (typeof value !== 'string' || value.trim() === '') return undefined
  // Looks like arXiv's but cannot be: better refused than taken for another paper's or for none.
  if (/^\s*\d{4}\.\d{4,5}(?:v\d+)?\s*$/.test(value) && !parseArxivId(value)) {
    throw new BadRecord(field, `arXiv gives out no such id: ${excerpt(value)}`)
  }
  return value
}

function versionsOf(json: JsonObject): VersionRecord[] | undefined {
  if (!Array.isArray(json.versions)) return undefined
  const versions = json.versions.slice(0, MAX_VERSIONS).flatMap((entry): VersionRecord[] => {
    const number = isObject(entry) ? Number(String(entry.version).replace(/^v/, '')) : Number.NaN
    if (!Number.isSafeInteger(number) || number < 1) return []
    const { created, submittedAt, withdrawn } = entry as JsonObject
    const instant = readDate('versions', created ?? submittedAt)?.instant
    return [
      { version: number, ...(instant ? { submittedAt: instant } : {}), ...(withdrawn === true ? { withdrawn } : {}) },
    ]
  })
  return versions.length > 0 ? versions.sort((a, b) => a.version - b.version) : undefined
}

/** Categories of arXiv's taxonomy, first is primary; classes of other schemes in the same field are left out. */
export function categoriesOf(...values: unknown[]): string[] {
  const categories: string[] = []
  for (const value of values.flat()) {
    if (typeof value !== 'string') continue
    for (const id of isKnownCategory(value) ? [value] : value.split(/[\s,;]+/)) {
      if (isKnownCategory(id) && !categories.includes(id)) categories.push(id)
    }
  }
  return categories
}

/** A text field that must be text if it is there. */
export function textOf(json: JsonObject, field: string): string | undefined {
  const value = json[field]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string' && typeof value !== 'number') {
    throw new BadRecord(field, `expected text, got ${excerpt(value)}`)
  }
  return cleanText(String(value)) || undefined
}

/** The first of these fields that has text; anything else in them is ignored. */
export function word(json: JsonObject, ...fields: string[]): string | undefined {
  for (const field of fields) {
    const value = json[field]
    const text = typeof value === 'string' ? cleanText(value) : ''
    if (text !== '') return text
  }
  return undefined
}

function words(json: JsonObject, fields: readonly string[]): string[] {
  const found: string[] = []
  for (const field of fields) {
    const text = word(json, field)
    if (text !== undefined) found.push(text)
  }
  return found
}

/** Leaves absent what is not known. */
export function set<K extends keyof PaperRecord>(
  paper: PaperRecord,
  field: K,
  value: PaperRecord[K] | undefined,
): void {
  if (value !== undefined) paper[field] = value
}
