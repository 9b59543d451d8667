import type { Db } from '../db/index.ts'
import { type Card, cardsOf, type PaperId } from '../papers/index.ts'
import { foldCopies } from './fold-copies.ts'
import type { PaperSearch } from './open-search.ts'
import { excerptRows } from './queries.ts'

/** Asked for beyond what is shown: copies of one work take one place. */
const SPARE = 8

/** Other papers here that are the same work, and the works most like it. */
export type SimilarPapers = { copies: Card[]; similar: Card[] }

/** The papers most like one; nothing while there is no index yet, because a paper's page does not wait for it. */
export async function similarPapers(
  db: Db,
  search: PaperSearch,
  id: PaperId,
  limit: number,
  today: string,
): Promise<SimilarPapers> {
  const index = search.ready()
  if (!index) return { copies: [], similar: [] }
  const { hits } = await index.search({ text: '', like: [id], limit: limit + SPARE })
  const ids = hits.map((hit) => hit.id)
  const cards = new Map((await cardsOf(db, ids, today)).map((card) => [card.id, card]))
  const rows = new Map((ids.length > 0 ? await excerptRows(db, [id, ...ids]) : []).map((row) => [row.id, row]))
  const [ours = [], ...works] = foldCopies([id, ...ids.filter((one) => cards.has(one))], (one) => rows.get(one))
  return {
    copies: ours.slice(1).map((one) => cards.get(one) as Card),
    similar: works.slice(0, limit).map(([first]) => cards.get(first as PaperId) as Card),
  }
}
