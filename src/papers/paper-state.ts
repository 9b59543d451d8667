import type { PaperTable } from '../db/index.ts'
import { foldForKey, texToLine, texToText } from '../lib/tex/index.ts'
import { familyName, plainFamilyName } from './author-name.ts'
import { canonicalIdentifier, titleIdentifier } from './identity.ts'
import type { ElsewhereRecord, Identifier, PaperId, PaperLink, PaperRecord, VersionRecord } from './paper.ts'
import { evenTrust, type TextTrust, trustOf, writeTrust } from './text-trust.ts'
import { titleHash } from './title-hash.ts'

/** The columns of `paper` that come from sources; identity and keys included, the row's number apart. */
export type PaperRow = Omit<PaperTable, 'id' | 'revision'>
/** An author by display name; `raw` is the name as received, where that is another text. */
export type PaperAuthor = { name: string; raw?: string; affiliation?: string }

/** All that is known of one paper: what a record becomes, what the database holds, and what merging works on. */
export type PaperState = {
  id?: PaperId
  /** The folded title: equal for titles that differ in case, punctuation and markup only. */
  titleKey: string
  /** Family name and first initial of the first author, folded; null where no author is known. */
  authorKey: string | null
  row: PaperRow
  identifiers: Identifier[]
  authors: PaperAuthor[]
  categories: string[]
  versions: VersionRecord[]
  links: PaperLink[]
  elsewhere: ElsewhereRecord[]
  trust: TextTrust
  /** Of an incoming record: the archive's own. Never stored itself. */
  isTruth?: true
}

/** A record made ready to be stored; plain data that may pass between threads. */
export type PreparedPaper = PaperState

const BYLINE_LENGTH = 6

/** Cleans a record: texts to their display form, keys folded, identity chosen. `now` becomes first and last change. */
export function preparePaper(record: PaperRecord, now: Date): PreparedPaper {
  const title = texToLine(record.title)
  const abstract = record.abstract === undefined ? null : texToText(record.abstract) || null
  const authors = record.authors.map(authorOf).filter((author) => author.name !== '')
  const titleKey = titleKeyOf(title)
  const authorKey = firstAuthorKey(authors)
  const identifiers =
    record.identifiers.length > 0
      ? distinct(record.identifiers, ({ source, id }) => `${source}:${id}`)
      : [titleIdentifier(titleKey, authorKey)]
  const categories = [...new Set(record.categories)]
  const instant = now.toISOString()
  const state: PaperState = {
    titleKey,
    authorKey,
    identifiers,
    authors,
    categories,
    versions: distinct(record.versions, (one) => one.version),
    links: distinct(record.links, (link) => link.url),
    elsewhere: record.elsewhere ? [record.elsewhere] : [],
    ...(record.isTruth ? { isTruth: true } : {}),
    row: {
      source: '',
      base_id: '',
      title,
      title_raw: rawIfDifferent(record.title, title),
      title_hash: titleHash(titleKey),
      authors: '[]',
      byline: '[]',
      author_count: 0,
      categories: '',
      primary_category: null,
      submitted_at: record.submittedAt ?? null,
      updated_at: record.updatedAt ?? null,
      announced_on: record.announcedOn ?? null,
      dated_on: record.datedOn ?? null,
      sort_on: '',
      latest_version: 1,
      withdrawn_version: null,
      licence: record.licence ?? null,
      doi: record.doi ?? null,
      journal_ref: record.journalRef ?? null,
      comment: record.comment ?? null,
      first_seen_at: instant,
      changed_at: instant,
      summary: record.summary ?? null,
      abstract,
      abstract_raw: abstract === null ? null : rawIfDifferent(record.abstract, abstract),
      submitter: record.submitter ?? null,
      text_trust: null,
    },
    trust: evenTrust(0),
  }
  const derived = withDerivedColumns(state)
  const trust = evenTrust(trustOf(derived))
  derived.trust = trust
  derived.row.text_trust = writeTrust(trust)
  return derived
}

/** Recomputes the columns that follow from the rest: byline, category list, versions, order, canonical identity. */
export function withDerivedColumns(state: PaperState): PaperState {
  const { row, authors, categories, versions } = state
  const canonical = canonicalIdentifier(state.identifiers)
  const latest = versions.reduce((max, { version }) => Math.max(max, version), 1)
  const days = [row.announced_on, row.dated_on, row.submitted_at, row.updated_at, row.first_seen_at]
  return {
    ...state,
    row: {
      ...row,
      source: canonical.source,
      base_id: canonical.id,
      authors: JSON.stringify(authors),
      byline: JSON.stringify(authors.slice(0, BYLINE_LENGTH).map((author) => author.name)),
      author_count: authors.length,
      categories: categories.join(' '),
      primary_category: categories[0] ?? null,
      sort_on: days.find((day) => day !== null)?.slice(0, 10) as string,
      latest_version: latest,
      withdrawn_version: versions.find(({ version, withdrawn }) => withdrawn && version === latest)?.version ?? null,
    },
  }
}

export function titleKeyOf(title: string): string {
  return foldForKey(title) || title.toLowerCase()
}

function authorOf({ name: raw, affiliation }: PaperRecord['authors'][number]): PaperAuthor {
  const name = texToLine(raw)
  const author: PaperAuthor = { name }
  if (raw !== name) author.raw = raw
  if (affiliation) author.affiliation = texToLine(affiliation)
  return author
}

/** The address of an author's page: the folded name with hyphens, in any script. */
export function authorKey(name: string): string {
  // Most names are plain: what folding does to them is this.
  if (/^[A-Za-z][A-Za-z .-]*[A-Za-z]$/.test(name)) return name.toLowerCase().replace(/[ .-]+/g, '-')
  return foldForKey(name).replaceAll(' ', '-') || name.toLowerCase()
}

/** Family name and first initial, so that "Y. LeCun" and "Yann LeCun" agree. */
export function firstAuthorKey(authors: readonly PaperAuthor[]): string | null {
  const first = authors[0]
  if (!first) return null
  const plain = plainFamilyName(first.name)
  if (plain) return `${plain.family} ${plain.initial}`.toLowerCase()
  const { family, given } = familyName(first.name)
  return `${foldForKey(family)} ${foldForKey(given.slice(0, 1))}`.trim() || authorKey(first.name)
}

/** The first of each: a record may say the same thing twice. */
function distinct<T>(items: readonly T[], key: (item: T) => unknown): T[] {
  if (items.length < 2) return [...items]
  return [...new Map(items.toReversed().map((item) => [key(item), item])).values()].reverse()
}

function rawIfDifferent(raw: string | undefined, display: string): string | null {
  return raw === undefined || raw === display ? null : raw
}
