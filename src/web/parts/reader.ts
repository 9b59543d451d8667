import { votedAmong } from '../../discussion/index.ts'
import type { Card, PaperId } from '../../papers/index.ts'
import type { Request, Site } from '../site.ts'

/** What a list shows of who is looking. Never part of a card, which is shared between readers. */
export type Reader = {
  voted: ReadonlySet<PaperId>
  /** Whose picks are marked, as the settings have it. */
  editor: string
}

/** Own votes of the viewer among some cards, in one query; none for nobody signed in. */
export async function readerOf(request: Request, site: Site, cards: readonly Card[]): Promise<Reader> {
  const viewer = request.get('viewer')
  const { editor } = site.config
  if (!viewer || cards.length === 0) return { voted: new Set(), editor }
  const ids = cards.map((card) => card.id)
  return { voted: await votedAmong(site.db, viewer.personId, ids), editor }
}
