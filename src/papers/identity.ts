import { createHash } from 'node:crypto'
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
  const hash = createHash('sha256')
    .update(`${titleKey}\n${authorKey ?? ''}`)
    .digest('hex')
    .slice(0, 8)
  const slug = titleKey
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, SLUG_LENGTH)
    .replace(/^-+|-+$/g, '')
  return { source: titleSource, id: slug ? `${slug}-${hash}` : hash }
}

export type Resemblance = { titleKey: string; authorKey: string | null; identifiers: readonly Identifier[] }

/**
 * Whether two papers with the same folded title are one paper. Two different ids of one source say no; different first
 * authors say no; where one side does not know its authors, the title must be long enough to be telling.
 */
export function isSamePaper(a: Resemblance, b: Resemblance): boolean {
  if (a.titleKey !== b.titleKey) return false
  for (const { source, id } of a.identifiers) {
    if (source !== titleSource && b.identifiers.some((other) => other.source === source && other.id !== id))
      return false
  }
  if (a.authorKey !== null && b.authorKey !== null) return a.authorKey === b.authorKey
  return a.titleKey.length >= TELLING_TITLE_LENGTH && a.titleKey.includes(' ')
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
