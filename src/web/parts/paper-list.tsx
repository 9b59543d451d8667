import type { Card } from '../../papers/index.ts'
import { CardHtml } from './card.tsx'
import type { Reader } from './reader.ts'

// The first pictures are in view when the page opens: fetching them late would be seen.
const EAGER_PICTURES = 3

type PaperListProps = {
  cards: Card[]
  reader: Reader
  /** The level of the titles: one below the heading that stands above the list. */
  headings?: 'h2' | 'h3'
  why?: (card: Card) => string | undefined
}

export function PaperList({ cards, reader, headings = 'h2', why }: PaperListProps) {
  return (
    <ol class="cards">
      {cards.map((card, index) => {
        const reason = why?.(card)
        return (
          <CardHtml
            card={card}
            headings={headings}
            voted={reader.voted.has(card.id)}
            editor={reader.editor}
            eager={index < EAGER_PICTURES}
            {...(reason ? { why: reason } : {})}
          />
        )
      })}
    </ol>
  )
}

/** "More" as a link with the place in its address. */
export function MoreLink({ path, next }: { path: string; next?: string | undefined }) {
  if (!next) return null
  const separator = path.includes('?') ? '&' : '?'
  return (
    <p class="more">
      <a rel="next" href={`${path}${separator}after=${next}`}>
        More papers
      </a>
    </p>
  )
}
