import type { Db } from '../db/index.ts'
import type { Card } from './card.ts'
import type { PaperId } from './paper.ts'
import { type HydratedCard, presentCard } from './present-card.ts'
import { cardRows, elsewhereRows, linkRows } from './queries.ts'

/** What a list does with the papers it loaded: hides some, keeps order. Runs between loading and presenting. */
export type ListRule = (card: HydratedCard) => boolean

/** Withdrawn papers leave rankings and digests; their pages and dated lists keep them, marked. */
export const hideWithdrawn: ListRule = ({ row }) => row.withdrawn_version === null

/**
 * Ids in order to cards in the same order, for every list there is: three queries however many papers. Ids that are
 * gone are left out, as are those a rule hides; the cursor belongs to the ids, so paging does not notice.
 */
export async function cardsOf(db: Db, ids: readonly PaperId[], today: string, ...rules: ListRule[]): Promise<Card[]> {
  if (ids.length === 0) return []
  const rows = new Map((await cardRows(db, ids)).map((row) => [row.id as PaperId, row]))
  const links = Map.groupBy(await linkRows(db, ids), (link) => link.paper_id)
  const elsewhere = Map.groupBy(await elsewhereRows(db, ids), (one) => one.paper_id)
  return ids.flatMap((id) => {
    const row = rows.get(id)
    if (!row) return []
    const hydrated = { row, links: links.get(id) ?? [], elsewhere: elsewhere.get(id) ?? [] }
    return rules.every((rule) => rule(hydrated)) ? [presentCard(hydrated, today)] : []
  })
}
