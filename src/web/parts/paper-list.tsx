import type { Card } from '../../papers/index.ts'
import { PaperCard } from './card.tsx'

// The first pictures are in view when the page opens: fetching them late would be seen.
const EAGER_PICTURES = 3

export function PaperList({ cards, why }: { cards: Card[]; why?: (card: Card) => string | undefined }) {
  return (
    <ol class="cards">
      {cards.map((card, index) => {
        const reason = why?.(card)
        return <PaperCard card={card} eager={index < EAGER_PICTURES} {...(reason ? { why: reason } : {})} />
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
