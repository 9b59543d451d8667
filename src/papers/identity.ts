import { hash as digestOf } from 'node:crypto'
import { parseArxivId } from './arxiv-id.ts'
import type { Identifier } from './paper.ts'

/** Sources by trust: the first one that a paper has an identifier of names it. */
const sourcesByTrust = ['arxiv', 'doi', 'acl', 'openreview', 'biorxiv', 'medrxiv', 'pmid'] as const
/** For papers that nobody gave an identifier we know: a readable slug of title and first author. */
const titleSource = 'title'

const SLUG_LENGTH = 60
/** A shorter title, or a single word, says little ("Introduction"): then the first authors must be known. */
const TELLING_TITLE_LENGTH = 15

/** The identifier that names the paper, from all it has. */
export function canonicalIdentifier(identifiers: readonly Identifier[]): Identifier {
  const rank = ({ source }: Identifier) => {
    const index = sourcesByTrust.indexOf(source as never)
    return source === titleSource ? 99 : index < 0 ? 50 : index
  }
  return identifiers.reduce((best, candidate) => (rank(candidate) < rank(best) ? candidate : best))
}

/** An identifier made of title and first author, for papers without any other. */
export function titleIdentifier(titleKey: string, authorKey: string | null): Identifier {
  const hash = digestOf('sha256', `${titleKey}\n${authorKey ?? ''}`, 'hex').slice(0, 8)
  const slug = slugOf(titleKey)
  return { source: titleSource, id: slug ? `${slug}-${hash}` : hash }
}

function slugOf(titleKey: string): string {
  // Nearly all keys are plain words between single spaces.
  const hyphened = /^[a-z0-9 ]*$/.test(titleKey) ? titleKey.replaceAll(' ', '-') : titleKey.replace(/[^a-z0-9]+/g, '-')
  return hyphened.slice(0, SLUG_LENGTH).replace(/^-+|-+$/g, '')
}

/** What tells whether two papers may be one; every PaperState is one. */
export type Resemblance = { titleKey: string; authorKey: string | null; identifiers: readonly Identifier[] }

/** DOIs of preprint servers: a preprint and its venue copy have one each and are still one work. */
const preprintDoi = /^10\.(?:1101|48550|21203|20944|26434|31219|31223|31234|2139|36227)\//

/** Whether ids say that two papers are two: different ids given out by one source, or by one repository. */
export function areDistinct(a: readonly Identifier[], b: readonly Identifier[]): boolean {
  const of = (identifiers: readonly Identifier[]) => Map.groupBy(identifiers.filter(namesOneWork), registrarOf)
  const [ofA, ofB] = [of(a), of(b)]
  for (const [registrar, ids] of ofA) {
    const others = ofB.get(registrar)
    if (others && !ids.some(({ id }) => others.some((other) => other.id === id))) return true
  }
  return false
}

const namesOneWork = ({ source, id }: Identifier) =>
  source !== titleSource && !(source === 'doi' && preprintDoi.test(id))

/** Two OAI repositories may hold one thesis; `oai:host:` names the repository. */
const registrarOf = ({ source, id }: Identifier) => (source === 'oai' ? id.split(':', 2).join(':') : source)

/**
 * Whether two papers with the same folded title are one paper. Two different ids of one source say no; different first
 * authors say no; where one side does not know its authors, the title must be long enough to be telling.
 */
export function isSamePaper(a: Resemblance, b: Resemblance): boolean {
  if (a.titleKey !== b.titleKey || areDistinct(a.identifiers, b.identifiers)) return false
  if (a.authorKey !== null && b.authorKey !== null) return a.authorKey === b.authorKey
  return isTellingTitle(a.titleKey)
}

/** Whether a title alone can stand for a paper. */
const isTellingTitle = (titleKey: string) => titleKey.length >= TELLING_TITLE_LENGTH && titleKey.includes(' ')

/** Under which a paper is found by a title it no longer has, or has elsewhere: with its first author, and without. */
export function formerTitleIdentifiers(titleKey: string, authorKey: string | null): Identifier[] {
  const withAuthor = authorKey === null ? [] : [titleIdentifier(titleKey, authorKey)]
  return isTellingTitle(titleKey) ? [...withAuthor, titleIdentifier(titleKey, null)] : withAuthor
}

/**
 * Whether two papers that a source named together, by an id of each, are one work: then the title or the first author
 * must agree as well, because DOIs of other papers (errata, data, whole proceedings) stand in records too.
 */
export function isOneWork(a: Resemblance, b: Resemblance): boolean {
  if (areDistinct(a.identifiers, b.identifiers)) return false
  if (a.titleKey === b.titleKey) return true
  return a.authorKey === null || b.authorKey === null || a.authorKey === b.authorKey
}

/** The id a reader sees: arXiv ids as they are, all others as `source/id`. */
export function publicId({ source, id }: Identifier): string {
  return source === 'arxiv' ? id : `${source}/${id}`
}

export function paperPath(identifier: Identifier): string {
  return `/papers/${publicId(identifier).split('/').map(encodeURIComponent).join('/')}`
}

/** Reads what stands behind `/papers/`: any form of an arXiv id or address, or `source/id`. */
export function parsePublicId(text: string): { identifier: Identifier; version?: number } | undefined {
  const [source = '', ...rest] = text.split('/')
  if (
    rest.length > 0 &&
    (source === titleSource || (sourcesByTrust as readonly string[]).includes(source)) &&
    source !== 'arxiv'
  ) {
    const id = rest.join('/')
    return id ? { identifier: { source, id: source === 'doi' ? id.toLowerCase() : id } } : undefined
  }
  const arxiv = parseArxivId(text)
  if (!arxiv) return undefined
  return {
    identifier: { source: 'arxiv', id: arxiv.id },
    ...(arxiv.version === undefined ? {} : { version: arxiv.version }),
  }
}
