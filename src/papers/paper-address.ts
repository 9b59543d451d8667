import { parseArxivId } from './arxiv-id.ts'
import { parsePublicId } from './identity.ts'
import type { Identifier } from './paper.ts'

export type PaperAddress = { identifier: Identifier; version?: number }

// Every quantifier has a bound: reading stays linear in the text whatever somebody pastes.
const doiPattern = /(?:^|[\s/:(<"'])(10\.\d{4,9}\/[^\s"'<>]{1,300})/
const aclPattern = /aclanthology\.org\/([A-Za-z0-9][A-Za-z0-9.-]{3,60}?)(?:\.pdf|\.bib)?(?:[/?#\s]|$)/i
const openReviewPattern = /openreview\.net\/(?:forum|pdf|attachment)\?(?:[^#\s]{0,100}&)?id=([A-Za-z0-9_-]{5,40})/i
const preprintPattern = /(biorxiv|medrxiv)\.org\/content\/(10\.\d{4,9}\/[\d.]{4,40})(?:v(\d{1,4}))?/i
/** DOIs that arXiv gives its own papers. */
const arxivDoi = /^10\.48550\/arxiv\./i

/**
 * Finds which paper a pasted text means: an arXiv id in any form, a DOI, or an address at a site that files papers by
 * ids we know (alphaXiv, Hugging Face, SciRate, ACL Anthology, OpenReview, bioRxiv, medRxiv) or of this site. The text
 * is only read: no address is ever asked. Undefined where nothing is found.
 */
export function parsePaperAddress(text: string): PaperAddress | undefined {
  const plain = text.trim().slice(0, 2_000)
  const decoded = decodeText(plain)
  const preprint = preprintPattern.exec(decoded)
  if (preprint) return { identifier: { source: 'doi', id: preprint[2]!.toLowerCase().replace(/[.]+$/, '') } }
  const doi = doiOf(decoded)
  if (doi && !arxivDoi.test(doi)) return { identifier: { source: 'doi', id: doi } }
  const acl = aclPattern.exec(decoded)
  if (acl) return { identifier: { source: 'acl', id: acl[1]! } }
  const openReview = openReviewPattern.exec(decoded)
  if (openReview) return { identifier: { source: 'openreview', id: openReview[1]! } }
  const arxiv = parseArxivId(plain)
  if (arxiv) {
    const { id, version } = arxiv
    return { identifier: { source: 'arxiv', id }, ...(version === undefined ? {} : { version }) }
  }
  return parsePublicId(ownPath(decoded) ?? decoded)
}

/** The path behind `/papers/` of an address such as ours. */
function ownPath(text: string): string | undefined {
  return /^https?:\/\/[^/\s]{1,255}\/papers\/([^?#\s]{1,300})/.exec(text)?.[1]
}

function doiOf(text: string): string | undefined {
  const found = doiPattern.exec(text)?.[1]
  if (!found) return undefined
  // What a sentence or an address puts behind a DOI is no part of it.
  const bare = found.replace(/[?#].*$/, '').replace(/[.,;:)\]}'"]+$/, '')
  return bare.length > 8 ? bare.toLowerCase() : undefined
}

function decodeText(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text // a stray % is no encoding: read it as it is
  }
}
