import { parsePeriod, periodPath } from '../../feed/index.ts'
import type { Badge, Card } from '../../papers/index.ts'

/** On a card: whether it is a pick, and the best badge it won. The paper's page shows all of them. */
export function Honours({ card, editor }: { card: Card; editor: string }) {
  const [best] = card.badges ?? []
  return (
    <>
      {card.isPick && (
        <>
          {' '}
          <span class="mark pick">Pick of {editor}</span>
        </>
      )}
      {best && (
        <>
          {' '}
          <BadgeMark badge={best} />
        </>
      )}
    </>
  )
}

/** `#1 paper of the day`, leading to that edition. */
export function BadgeMark({ badge }: { badge: Badge }) {
  const period = parsePeriod(badge.kind, badge.key)
  const text = `#${badge.rank} paper of the ${badge.kind}`
  if (!period) return <span class="mark badge">{text}</span>
  return (
    <a class={`mark badge rank-${badge.rank}`} href={periodPath(period)}>
      {text}
    </a>
  )
}
