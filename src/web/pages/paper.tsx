import { raw } from 'hono/html'
import { AppError } from '../../errors.ts'
import { renderTexHtml, renderTexParagraphs, renderTexPlain } from '../../lib/tex/index.ts'
import {
  authorKey,
  authorPath,
  type Card,
  currentAnnouncementDay,
  findPaper,
  type PaperDetail,
  paperPath,
  parsePublicId,
  relatedCards,
  toBibtex,
} from '../../papers/index.ts'
import { type SimilarPapers, similarPapers } from '../../search/index.ts'
import { type Artifact, artifactsOf, starHistory } from '../../sources/index.ts'
import { Layout } from '../layout.tsx'
import { citationOf } from '../paper-citation.ts'
import { communityOf, type PaperCommunity } from '../paper-community.ts'
import { Artifacts } from '../parts/artifacts.tsx'
import { Marks } from '../parts/card.tsx'
import { ClaimBox, EditorTools } from '../parts/editor-tools.tsx'
import { PaperDates } from '../parts/paper-dates.tsx'
import { PaperHead } from '../parts/paper-head.tsx'
import { paperLinks } from '../parts/paper-links.ts'
import { PaperVotes, Remarks } from '../parts/paper-votes.tsx'
import { RelatedPapers } from '../parts/related-papers.tsx'
import { Similar } from '../parts/similar.tsx'
import { StarHistories, type StarHistory } from '../parts/star-history.tsx'
import { SubscribeBox } from '../parts/subscribe-box.tsx'
import { paperAnchor } from '../parts/vote-button.tsx'
import { redirect, sendHtml } from '../respond.tsx'
import type { CurrentSite, Page, Request } from '../site.ts'

const SIMILAR_SHOWN = 6

/** What follows `/papers/` in the address of a request, decoded. */
export function paperIdText(request: Request): string {
  const path = request.req.path.replace(/^\/papers\//, '')
  try {
    return decodeURIComponent(path)
  } catch {
    return path // a stray % is no encoding: read it as it is
  }
}

/** `/papers/ID`: any form of an id; other forms and old names lead to the one true address. */
export const paperPage: Page = async (request, site) => {
  const text = paperIdText(request)
  const found = parsePublicId(text)
  if (!found)
    throw new AppError(
      'bad_identifier',
      `"${text.slice(0, 80)}" is no paper id we can read. Expected an arXiv id such as 2401.00001 or hep-th/9901001, or an address that contains one.`,
    )
  const paper = await findPaper(site.db, found.identifier, currentAnnouncementDay(site.clock()))
  if (!paper) throw new AppError('paper_not_found', missingText(found.identifier.source, found.identifier.id))
  const { version } = found
  const path = paper.card.path + (version === undefined ? '' : `v${version}`)
  if (request.req.path !== path && `/papers/${text}` !== path) return redirect(path as `/${string}`, 301)
  const today = currentAnnouncementDay(site.clock())
  const artifacts = await artifactsOf(site.db, paper.card.id)
  const stars: StarHistory[] = []
  for (const { url } of paper.state.links.filter(({ kind, stars }) => kind === 'code' && stars !== undefined))
    stars.push({ url, points: await starHistory(site.db, url) })
  const related = await relatedCards(site.db, paper.card.id, today)
  const similar = await similarPapers(site.db, site.search, paper.card.id, SIMILAR_SHOWN, today)
  return sendHtml(
    request,
    String(
      <PaperView
        request={request}
        site={site}
        paper={paper}
        similar={similar}
        community={await communityOf(request, site, paper)}
        related={related}
        artifacts={artifacts}
        stars={stars}
        today={today}
        {...(version === undefined ? {} : { version })}
      />,
    ),
  )
}

function missingText(source: string, id: string): string {
  const name = source === 'arxiv' ? `arXiv:${id}` : `${source}/${id}`
  return `${name} is not stored here yet. Submit it, and it is listed once it has been gathered. An administrator can also import files (one JSON object a line, BibTeX or RIS): "paperround import FILE", from a checkout "npm run --silent paperround -- import FILE".`
}

/** `/papers?id=...`, the field in the header: leads to the paper's page. */
export const openPaper: Page = (request) => {
  const id = request.req.query('id')?.trim()
  if (!id) return redirect('/')
  const found = parsePublicId(id)
  if (!found)
    throw new AppError(
      'bad_identifier',
      `"${id.slice(0, 80)}" contains no arXiv id. Expected something like 2401.00001, arXiv:2401.00001v2 or https://arxiv.org/abs/2401.00001.`,
    )
  return redirect(
    (paperPath(found.identifier) + (found.version === undefined ? '' : `v${found.version}`)) as `/${string}`,
  )
}

/** What submitting has done, said on the page it leads to. */
const submittedNotes: Record<string, string | undefined> = {
  list: 'Submitted: the paper is in today’s edition, with your upvote.',
  listed_before: 'This paper was listed already. Your upvote counts, and your comment stands below if you gave one.',
  removed: 'An editor took this paper out of its edition, so it was not listed again. Your upvote counts.',
}

function PaperView({
  request,
  site,
  paper,
  similar,
  community,
  related,
  artifacts,
  stars,
  today,
  version,
}: {
  request: Request
  site: CurrentSite
  paper: PaperDetail
  similar: SimilarPapers
  community: PaperCommunity
  related: Card[]
  artifacts: Artifact[]
  stars: StarHistory[]
  today: string
  version?: number
}) {
  const { card, state } = paper
  const { row } = state
  const isOld = version !== undefined && version < row.latest_version
  const withdrawn = row.withdrawn_version
  const title = renderTexPlain(card.title)
  const note = submittedNotes[request.req.query('submitted') ?? '']
  return (
    <Layout
      site={site}
      request={request}
      title={title}
      description={renderTexPlain(row.abstract ?? row.summary ?? '').slice(0, 300)}
      canonical={card.path}
      head={<PaperHead site={site} request={request} paper={paper} />}
    >
      <article class="paper">
        <header>
          <p class="kicker">
            {card.categories.map((category) => (
              <a class="cat" href={`/categories/${category}`}>
                {category}
              </a>
            ))}
            {row.journal_ref && <span>{renderTexPlain(row.journal_ref)}</span>}
          </p>
          <h1 id={paperAnchor(card.publicId)}>
            {raw(renderTexHtml(card.title))}
            <Marks marks={card.marks.filter((mark) => mark.kind !== 'withdrawn')} />
          </h1>
          <Authors paper={paper} />
        </header>
        <aside class="side" aria-label="Links and dates">
          <p class="links">
            {paperLinks(state).map(({ label, url }) => (
              <a href={url} rel="nofollow">
                {label}
              </a>
            ))}
          </p>
          <PaperVotes paper={paper} community={community} editor={site.config.editor} />
          <StarHistories of={stars} today={today} />
          <Artifacts of={artifacts} />
          <RelatedPapers cards={related} />
          <PaperDates paper={paper} />
          <EditorTools request={request} site={site} paper={paper} community={community} />
          <ClaimBox request={request} site={site} paper={paper} community={community} />
        </aside>
        <div class="body">
          {note && (
            <p class="notice" role="status">
              {note}
            </p>
          )}
          {withdrawn !== null && (
            <p class="notice alarm">
              <strong>Withdrawn in version {withdrawn}.</strong>{' '}
              {row.comment ? renderTexPlain(row.comment) : 'The source gives no reason.'}
            </p>
          )}
          {version !== undefined && version > row.latest_version && (
            <p class="notice">
              You asked for version {version}. The newest one we know is version {row.latest_version}, shown here;{' '}
              <a href={`https://arxiv.org/abs/${row.base_id}v${version}`}>look for version {version} at arXiv</a>.
            </p>
          )}
          {isOld && (
            <p class="notice">
              You asked for version {version}. This page shows the newest one we know, version {row.latest_version};{' '}
              <a href={`https://arxiv.org/abs/${row.base_id}v${version}`}>version {version} at arXiv</a>.
            </p>
          )}
          {row.summary && (
            <section class="tldr">
              <h2>{row.abstract ? 'TL;DR' : 'Summary'}</h2>
              {raw(renderTexParagraphs(row.summary))}
              {!row.abstract && (
                <p class="note">
                  A summary in words of our own. The authors' abstract takes its place once it has been gathered.
                </p>
              )}
            </section>
          )}
          {row.abstract && (
            <section class="abstract">
              <h2>Abstract</h2>
              {raw(renderTexParagraphs(row.abstract))}
            </section>
          )}
          {!row.abstract && !row.summary && <p class="notice">No abstract is known yet.</p>}
          {row.comment && withdrawn === null && (
            <section>
              <h2>Comment by the authors</h2>
              {raw(renderTexParagraphs(row.comment))}
            </section>
          )}
          <Similar card={card} similar={similar} />
          <Remarks community={community} />
          <section id="cite">
            <h2>Cite</h2>
            <pre class="bibtex" tabindex={0}>
              {toBibtex(citationOf(site, request, paper))}
            </pre>
            <p class="links">
              <a href={`${card.path}.bib`}>BibTeX</a>
              <a href={`${card.path}.ris`}>RIS</a>
              <a href={`${card.path}.csl.json`}>CSL-JSON</a>
            </p>
          </section>
        </div>
      </article>
      <SubscribeBox site={site} />
    </Layout>
  )
}

/** Beyond this many, names fold away behind a summary line that opens without script. */
const AUTHORS_SHOWN = 25

function Authors({ paper }: { paper: PaperDetail }) {
  const { authors } = paper.state
  if (authors.length === 0) return <p class="by unknown">Authors not known yet</p>
  const shown = authors.slice(0, AUTHORS_SHOWN)
  const folded = authors.slice(AUTHORS_SHOWN)
  return (
    <div class="by">
      <p>
        <AuthorLinks authors={shown} />
      </p>
      {folded.length > 0 && (
        <details>
          <summary>and {folded.length} more</summary>
          <p>
            <AuthorLinks authors={folded} />
          </p>
        </details>
      )}
    </div>
  )
}

function AuthorLinks({ authors }: { authors: PaperDetail['state']['authors'] }) {
  return (
    <>
      {authors.map((author, index) => (
        <>
          {index > 0 && ', '}
          <a href={authorPath(authorKey(author.name))} title={author.affiliation}>
            {author.name}
          </a>
        </>
      ))}
    </>
  )
}
