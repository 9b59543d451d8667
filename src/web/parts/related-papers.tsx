import { raw } from 'hono/html'
import { renderTexHtml } from '../../lib/tex/index.ts'
import type { Card } from '../../papers/index.ts'

/** Papers that a source named together with this one: another one's erratum, a companion, its data. */
export function RelatedPapers({ cards }: { cards: readonly Card[] }) {
  if (cards.length === 0) return null
  return (
    <div class="related">
      <b>Belongs with</b>
      <ul>
        {cards.map((card) => (
          <li>
            <a href={card.path}>{raw(renderTexHtml(card.title))}</a>
          </li>
        ))}
      </ul>
    </div>
  )
}
