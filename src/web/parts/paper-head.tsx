import { raw } from 'hono/html'
import { renderTexPlain } from '../../lib/tex/index.ts'
import type { PaperDetail } from '../../papers/index.ts'
import { absoluteUrl } from '../absolute-url.ts'
import type { Request, Site } from '../site.ts'

/** Collaborations of thousands would make the page half a megabyte; the citation files have everybody. */
const MAX_CITED_AUTHORS = 200

/** What other programs read of a paper's page: link previews, reference managers (Zotero), search engines. */
export function PaperHead({ site, request, paper }: { site: Site; request: Request; paper: PaperDetail }) {
  const { card, state } = paper
  const { row, authors } = state
  const title = renderTexPlain(card.title)
  const abstract = renderTexPlain(row.abstract ?? row.summary ?? '')
  const url = absoluteUrl(site, request, card.path)
  const picture = absoluteUrl(site, request, `${card.path}/card.png`)
  const arxivId = state.identifiers.find((identifier) => identifier.source === 'arxiv')?.id
  const date = (row.submitted_at ?? row.announced_on ?? row.dated_on)?.slice(0, 10)
  return (
    <>
      <meta property="og:type" content="article" />
      <meta property="og:site_name" content={site.config.name} />
      <meta property="og:title" content={title} />
      <meta property="og:description" content={abstract.slice(0, 300)} />
      <meta property="og:url" content={url} />
      <meta property="og:image" content={picture} />
      <meta property="og:image:width" content="1200" />
      <meta property="og:image:height" content="630" />
      <meta property="og:image:alt" content={title} />
      <meta name="twitter:card" content="summary_large_image" />
      <meta name="citation_title" content={title} />
      {authors.slice(0, MAX_CITED_AUTHORS).map((author) => (
        <meta name="citation_author" content={author.name} />
      ))}
      {date && <meta name="citation_publication_date" content={date.replaceAll('-', '/')} />}
      {date && <meta name="citation_online_date" content={date.replaceAll('-', '/')} />}
      {arxivId && <meta name="citation_arxiv_id" content={arxivId} />}
      {arxivId && row.withdrawn_version === null && (
        <meta name="citation_pdf_url" content={`https://arxiv.org/pdf/${arxivId}`} />
      )}
      {row.doi && <meta name="citation_doi" content={row.doi} />}
      {row.journal_ref && <meta name="citation_journal_title" content={renderTexPlain(row.journal_ref)} />}
      {row.abstract && <meta name="citation_abstract" content={abstract} />}
      <meta name="citation_abstract_html_url" content={url} />
      <link rel="alternate" type="application/x-bibtex" href={`${card.path}.bib`} title="BibTeX" />
      <script type="application/ld+json">
        {raw(jsonForHtml(scholarlyArticle(paper, url, title, abstract, date)))}
      </script>
    </>
  )
}

function scholarlyArticle(
  { state }: PaperDetail,
  url: string,
  headline: string,
  abstract: string,
  date: string | undefined,
) {
  const { row, authors } = state
  return {
    '@context': 'https://schema.org',
    '@type': 'ScholarlyArticle',
    headline,
    name: headline,
    url,
    author: authors.slice(0, MAX_CITED_AUTHORS).map((author) => ({ '@type': 'Person', name: author.name })),
    ...(abstract ? { abstract } : {}),
    ...(date ? { datePublished: date } : {}),
    ...(row.doi ? { sameAs: `https://doi.org/${row.doi}` } : {}),
    ...(row.licence ? { license: row.licence } : {}),
  }
}

/** JSON that cannot end the script element it stands in. */
function jsonForHtml(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c')
}
