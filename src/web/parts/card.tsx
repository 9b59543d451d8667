import { raw } from 'hono/html'
import { renderTexHtml } from '../../lib/tex/index.ts'
import type { Card, Mark } from '../../papers/index.ts'
import { shortDay } from './dates.ts'
import { narrowHtml } from './kept-part.ts'

/** Shown where a list has its own reason for the order, such as the numbers behind a place in trending. */
export type CardExtra = { why?: string; eager?: boolean; headings?: 'h2' | 'h3' }

const keptHtml = new WeakMap<Card, Map<string, string>>()

/**
 * A paper in a list, as HTML. A card that did not change is the same object as last time, and what was made of it is
 * kept with it: rendering is the largest part of what a list costs.
 */
export function CardHtml({ card, ...extra }: { card: Card } & CardExtra) {
  // With a reason of the hour in it, it would be kept for nothing.
  if (extra.why) return <PaperCard card={card} {...extra} />
  const variant = `${extra.headings} ${extra.eager}`
  const variants = keptHtml.get(card) ?? new Map<string, string>()
  let html = variants.get(variant)
  if (html === undefined) {
    html = narrowHtml(String(<PaperCard card={card} {...extra} />))
    keptHtml.set(card, variants.set(variant, html))
  }
  return raw(html)
}

/** A paper in a list. The title is the link, and reaches over the picture, which repeats it for the eye only. */
function PaperCard({ card, why, eager, headings: Title = 'h3' }: { card: Card } & CardExtra) {
  const code = card.links.find((link) => link.kind === 'code')
  const project = card.links.find((link) => link.kind === 'project')
  return (
    <li class="card">
      <div class="thumb">
        <img
          src={`${card.path}/card.png?size=list`}
          alt=""
          width="240"
          height="126"
          loading={eager ? 'eager' : 'lazy'}
          decoding="async"
        />
      </div>
      <div class="text">
        <Title class="title">
          <a href={card.path}>{raw(renderTexHtml(card.title))}</a>
          <Marks marks={card.marks} />
        </Title>
        <Byline card={card} />
        <p class="facts">
          <span class="votes" title="Upvotes on this site">
            <b>{card.upvotes}</b> {card.upvotes === 1 ? 'upvote' : 'upvotes'}
          </span>
          <span>
            {card.comments} {card.comments === 1 ? 'comment' : 'comments'}
          </span>
          {card.elsewhere.map((one) => (
            <span>
              {one.upvotes} upvotes on {siteName(one.site)}
            </span>
          ))}
          {code && (
            <a href={code.url} rel="nofollow">
              Code{code.stars ? ` ★ ${code.stars}` : ''}
            </a>
          )}
          {project && (
            <a href={project.url} rel="nofollow">
              Project
            </a>
          )}
          {card.categories.slice(0, 3).map((category) => (
            <a class="cat" href={`/categories/${category}`}>
              {category}
            </a>
          ))}
          {card.listing?.submittedBy && (
            <span>
              submitted by {card.listing.submittedBy}
              {card.listing.site ? ` on ${siteName(card.listing.site)}` : ''}
            </span>
          )}
          {!card.listing && card.dated && (
            <span>
              {card.dated.meaning} {shortDay(card.dated.day)}
            </span>
          )}
        </p>
        {why && <p class="why">{why}</p>}
      </div>
    </li>
  )
}

export function Byline({ card }: { card: Card }) {
  if (card.authorCount === 0) return <p class="by unknown">Authors not known yet</p>
  const more = card.authorCount - card.authors.length
  return (
    <p class="by">
      {card.authors.map((author, index) => (
        <>
          {index > 0 && ', '}
          <a href={author.path}>{author.name}</a>
        </>
      ))}
      {more > 0 && ` and ${more} more`}
    </p>
  )
}

export function Marks({ marks }: { marks: Mark[] }) {
  return (
    <>
      {marks.map((mark) => (
        <>
          {' '}
          <span class={`mark ${mark.kind}`}>{markText(mark)}</span>
        </>
      ))}
    </>
  )
}

function markText(mark: Mark): string {
  if (mark.kind === 'new') return 'new'
  return mark.kind === 'updated' ? `updated v${mark.version}` : `withdrawn in v${mark.version}`
}

/** How a site is called in a sentence; one we have no name for is shown by its key. */
export function siteName(site: string): string {
  return { huggingface: 'Hugging Face' }[site] ?? site
}
