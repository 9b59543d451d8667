import { type Identifier, parsePublicId } from '../papers/index.ts'

export type NamedPaper = { identifier: Identifier; version?: number }

const doi = /^(?:doi:|(?:https?:\/\/)?(?:dx\.)?doi\.org\/)?(10\.\d{4,9}(?:\.\d+)*\/\S{1,300})$/i
/** Addresses that name a paper: those of ours on any host, and of two other archives. */
const addresses: [pattern: RegExp, prefix: string][] = [
  [/^https?:\/\/[^/]+\/papers\/([^?#]+)/i, ''],
  [/^https?:\/\/(?:www\.)?aclanthology\.org\/([A-Za-z0-9.-]+?)(?:\.pdf|\.bib)?\/?$/, 'acl/'],
  [/^https?:\/\/openreview\.net\/(?:forum|pdf)\?id=([\w-]+)/, 'openreview/'],
]

/**
 * The paper that a query names, when it is nothing but an identifier or an address: any form of an arXiv id, a DOI,
 * `source/id`, a page of the ACL Anthology, of OpenReview or of this site. Undefined for words.
 */
export function paperNamedBy(query: string): NamedPaper | undefined {
  const text = query.trim().replace(/^arxiv[\s:]+/i, 'arXiv:')
  if (text === '' || text.length > 500 || /\s/.test(text)) return undefined
  const found = parsePublicId(text)
  if (found) return found
  for (const [pattern, prefix] of addresses) {
    const id = pattern.exec(text)?.[1]
    if (id !== undefined) return parsePublicId(prefix + decoded(id))
  }
  const named = doi.exec(text)?.[1]
  return named === undefined ? undefined : parsePublicId(`doi/${decoded(named).replace(/[.,;]+$/, '')}`)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text // a stray % is no encoding
  }
}
