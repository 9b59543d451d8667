import type { Db } from '../db/index.ts'
import type { Card } from './card.ts'
import { cardsOf } from './hydrate-cards.ts'
import type { Identifier, PaperId } from './paper.ts'
import type { PaperState } from './paper-state.ts'
import { loadStates, paperIdByIdentifier } from './queries.ts'

/** A paper with everything that is known of it: its card, and the stored state behind it. */
export type PaperDetail = { card: Card; state: PaperState }

/** Finds a paper by any of its identifiers, old ones included; undefined when we do not have it. */
export async function findPaper(db: Db, identifier: Identifier, today: string): Promise<PaperDetail | undefined> {
  const id = await paperIdByIdentifier(db, identifier)
  return id === undefined ? undefined : paperDetail(db, id, today)
}

async function paperDetail(db: Db, id: PaperId, today: string): Promise<PaperDetail | undefined> {
  const [card] = await cardsOf(db, [id], today)
  const [state] = await loadStates(db, [id])
  return card && state ? { card, state } : undefined
}
