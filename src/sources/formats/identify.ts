import { type Identifier, type LinkKind, type PaperLink, parseArxivId, type VersionRecord } from '../../papers/index.ts'

/** What a record says about which paper it is. `arxiv` texts are known to speak of arXiv; the others may. */
export type Clues = { arxiv?: readonly string[]; dois?: readonly string[]; urls?: readonly string[]; pmid?: string }
export type Identity = { identifiers: Identifier[]; versions: VersionRecord[]; links: PaperLink[]; doi?: string }

const MAX_URL_LENGTH = 2000
const arxivDoi = /^10\.48550\/arxiv\./
const doiPattern = /^(?:doi:\s*|(?:https?:\/\/)?(?:dx\.)?doi\.org\/)?(10\.\d{4,9}(?:\.\d+)*\/\S{1,300})$/i
/** Addresses that name a paper elsewhere. */
const addressPatterns: [source: string, pattern: RegExp][] = [
  ['acl', /^https?:\/\/(?:www\.)?(?:aclanthology\.org|aclweb\.org\/anthology)\/([A-Za-z0-9.-]+?)(?:\.pdf|\.bib)?\/?$/],
  ['openreview', /^https?:\/\/openreview\.net\/(?:forum|pdf)\?id=([\w-]+)/],
]

/** Gathers identifiers, most trusted first; addresses that only repeat one are no links. */
export function identify({ arxiv = [], dois = [], urls = [], pmid }: Clues): Identity {
  let arxivId: ReturnType<typeof parseArxivId>
  const others: Identifier[] = []
  const links: PaperLink[] = []
  const sawArxiv = (text: string) => {
    const found = parseArxivId(text)
    arxivId ??= found
    return found !== undefined
  }
  const sawDoi = (text: string) => {
    const doi = normalizeDoi(text)
    if (doi === undefined) return false
    if (arxivDoi.test(doi)) return sawArxiv(doi)
    addOnce(others, { source: 'doi', id: doi })
    return true
  }
  for (const text of arxiv) sawArxiv(text)
  for (const text of dois) for (const one of text.split(/[,;]?\s+/)) sawDoi(one)
  for (const text of urls) {
    const url = webAddress(text)
    if (url === undefined || sawDoi(url) || sawArxiv(url)) continue
    const known = addressPatterns.flatMap(([source, pattern]) => {
      const id = pattern.exec(url)?.[1]
      return id === undefined ? [] : [{ source, id }]
    })
    if (known[0]) addOnce(others, known[0])
    else links.push({ kind: kindOfAddress(url), url })
  }
  if (pmid !== undefined && /^\d{1,9}$/.test(pmid)) addOnce(others, { source: 'pmid', id: pmid })
  const doi = others.find(({ source }) => source === 'doi')?.id
  return {
    identifiers: arxivId ? [{ source: 'arxiv', id: arxivId.id }, ...others] : others,
    versions: arxivId?.version === undefined ? [] : [{ version: arxivId.version }],
    links,
    ...(doi === undefined ? {} : { doi }),
  }
}

/** A DOI without prefix, in small letters; undefined for anything else. */
export function normalizeDoi(text: string): string | undefined {
  const plain = text.trim()
  const doi = doiPattern
    .exec(plain)?.[1]
    ?.replace(/[.,;]+$/, '')
    .toLowerCase()
  return doi !== undefined && /^http/i.test(plain) ? doi.replace(/[?#].*$/, '') : doi
}

/** An address that a page may link to: http or https only. A missing scheme is added. */
export function webAddress(text: string): string | undefined {
  const plain = text.trim()
  if (plain.length > MAX_URL_LENGTH || /[\s<>"]/.test(plain)) return undefined
  const url = /^https?:\/\//i.test(plain) ? plain : /^[\w-]+(?:\.[\w-]+)+\/\S/.test(plain) ? `https://${plain}` : ''
  return URL.canParse(url) ? url : undefined
}

/** A link of a stated kind, if the address is one. */
export function linkOf(kind: LinkKind, text: string | undefined, stars?: unknown): PaperLink[] {
  const url = text === undefined ? undefined : webAddress(text)
  if (url === undefined) return []
  return [Number.isSafeInteger(stars) && (stars as number) >= 0 ? { kind, url, stars: stars as number } : { kind, url }]
}

function kindOfAddress(url: string): LinkKind {
  if (/^https?:\/\/(?:www\.)?(?:github|gitlab)\.com\/[^/]+\/[^/]/.test(url)) return 'code'
  return /\.pdf$/i.test(url) ? 'pdf' : 'page'
}

function addOnce(identifiers: Identifier[], identifier: Identifier): void {
  const isThere = identifiers.some(({ source, id }) => source === identifier.source && id === identifier.id)
  if (!isThere) identifiers.push(identifier)
}
