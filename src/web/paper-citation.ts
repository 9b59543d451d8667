import { arxivMonth, type CitationPaper, type PaperDetail } from '../papers/index.ts'
import { absoluteUrl } from './absolute-url.ts'
import type { Request, Site } from './site.ts'

/** What a citation needs of a paper. The year is the id's where arXiv gave one, else that of the first known date. */
export function citationOf(site: Site, request: Request, { card, state }: PaperDetail): CitationPaper {
  const { row } = state
  const arxivId = state.identifiers.find((identifier) => identifier.source === 'arxiv')?.id
  const date = row.submitted_at ?? row.announced_on ?? (arxivId ? arxivMonth(arxivId) : row.dated_on)
  return {
    title: card.title,
    authors: state.authors.map((author) => author.name),
    url: arxivId ? `https://arxiv.org/abs/${arxivId}` : absoluteUrl(site, request, card.path),
    ...(date ? { year: Number(date.slice(0, 4)), month: Number(date.slice(5, 7)) } : {}),
    ...(arxivId ? { arxivId } : {}),
    ...(row.primary_category ? { primaryCategory: row.primary_category } : {}),
    ...(row.doi ? { doi: row.doi } : {}),
    ...(row.journal_ref ? { journalRef: row.journal_ref } : {}),
    ...(row.abstract ? { abstract: row.abstract } : {}),
  }
}
