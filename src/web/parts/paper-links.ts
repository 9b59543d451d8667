import type { PaperState } from '../../papers/index.ts'

export type NamedLink = { label: string; url: string }

const kindLabels: Record<string, string> = {
  code: 'Code',
  project: 'Project page',
  html: 'HTML',
  pdf: 'PDF',
  dataset: 'Dataset',
  video: 'Video',
  page: 'Page',
}

/** Where to read a paper: at arXiv, at its publisher, its code. A withdrawn version has no PDF; earlier ones keep theirs. */
export function paperLinks({ row, identifiers, links }: PaperState): NamedLink[] {
  const named: NamedLink[] = []
  const arxivId = identifiers.find((identifier) => identifier.source === 'arxiv')?.id
  if (arxivId) {
    named.push({ label: 'arXiv', url: `https://arxiv.org/abs/${arxivId}` })
    if (row.withdrawn_version === null) {
      named.push(
        { label: 'PDF', url: `https://arxiv.org/pdf/${arxivId}` },
        { label: 'HTML', url: `https://arxiv.org/html/${arxivId}` },
      )
    } else if (row.withdrawn_version > 1) {
      const earlier = row.withdrawn_version - 1
      named.push({ label: `PDF of version ${earlier}`, url: `https://arxiv.org/pdf/${arxivId}v${earlier}` })
    }
  }
  const doi = row.doi ?? identifiers.find((identifier) => identifier.source === 'doi')?.id
  if (doi) named.push({ label: 'DOI', url: `https://doi.org/${doi}` })
  for (const link of links) {
    // A paper taken back by its venue has no PDF to be read there either.
    if (link.kind === 'pdf' && row.withdrawn_version !== null) continue
    named.push({ label: `${kindLabels[link.kind] ?? 'Link'}${link.stars ? ` ★ ${link.stars}` : ''}`, url: link.url })
  }
  return named.filter((link) => /^https?:\/\//.test(link.url))
}
