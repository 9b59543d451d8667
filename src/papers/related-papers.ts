import type { Db } from '../db/index.ts'
import type { Card } from './card.ts'
import { cardsOf } from './hydrate-cards.ts'
import { relatedIds } from './merge-queries.ts'
import type { PaperId } from './paper.ts'

/** Papers that a source named together with this one although they are others: errata, companions, data. */
export async function relatedCards(db: Db, id: PaperId, today: string): Promise<Card[]> {
  const ids = await relatedIds(db, id)
  return ids.length === 0 ? [] : cardsOf(db, ids, today)
}
