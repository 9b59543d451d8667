import { raw } from 'hono/html'
import { renderTexHtml } from '../../lib/tex/index.ts'
import type { Card, Mark } from '../../papers/index.ts'
import { shortDay } from './dates.ts'
import { Honours } from './honours.tsx'
import { narrowHtml } from './kept-part.ts'
import { paperAnchor, VoteButton } from './vote-button.tsx'

/** `why`: a list's own reason for the order, such as the numbers behind a place in trending. */
export type CardExtra = { why?: string; eager?: boolean; headings?: 'h2' | 'h3'; voted?: boolean; editor: string }

const keptHtml = new WeakMap<Card, Map<string, string>>()
const CARD_END = '</div></li>'

/**
 * A paper in a list, as HTML. A card that did not change is the same object as last time, and what was made of it is
 * kept with it, once for readers who upvoted it and once for all others: rendering is the largest part of what a list
 * costs.
 */
export function CardHtml({ card, why, ...extra }: { card: Card } & CardExtra) {
  const variant = `${extra.headings} ${extra.eager} ${extra.voted} ${extra.editor}`
  const variants = keptHtml.get(card) ?? new Map<string, string>()
  let html = variants.get(variant)
  if (html === undefined) {
    html = narrowHtml(String(<PaperCard card={card} {...extra} />))
    keptHtml.set(card, variants.set(variant, html))
  }
  // The reason is of the hour: it is put into what was kept, as the last thing of the text.
  if (!why) return raw(html)
  return raw(html.slice(0, -CARD_END.length) + String(<p class="why">{why}</p>) + CARD_END)
}

/** A paper in a list. The title is the link, and reaches over the picture, which repeats it for the eye only. */
function PaperCard({ card, eager, headings: Title = 'h3', voted = false, editor }: { card: Card } & CardExtra) {
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
          <a id={paperAnchor(card.publicId)} href={card.path}>
            {raw(renderTexHtml(card.title))}
          </a>
          <Marks marks={card.marks} />
          <Honours card={card} editor={editor} />
        </Title>
        <Byline card={card} />
        <p class="facts">
          <VoteButton card={card} voted={voted} />
          <span>
            {card.comments} {card.comments === 1 ? 'comment' : 'comments'}
          </span>
          {card.elsewhere.map((one) => (
            <span>
              {one.upvotes} {one.upvotes === 1 ? 'upvote' : 'upvotes'} on {siteName(one.site)}
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
