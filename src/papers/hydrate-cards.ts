import type { Db } from '../db/index.ts'
import type { Card } from './card.ts'
import type { PaperId } from './paper.ts'
import { presentCard } from './present-card.ts'
import { badgeRows, type CardStamp, cardRows, cardStamps, elsewhereRows, linkRows } from './queries.ts'

/** What a list hides. Runs after loading, so that the cursor, which belongs to the ids, does not notice. */
export type ListRule = (card: Card) => boolean

/** Withdrawn papers leave rankings and digests; their pages and dated lists keep them, marked. */
export const hideWithdrawn: ListRule = (card) => !card.marks.some((mark) => mark.kind === 'withdrawn')

/** About 2 kB each. Doubling it keeps twice as many papers ready, at 8 MB. */
const CARDS_KEPT = 4_000

type KeptCard = { stamp: string; card: Card }
const keptCards = new WeakMap<Db, Map<PaperId, KeptCard>>()

/**
 * Ids in order to cards in the same order, for every list there is. Ids that are gone are left out, as are those a rule
 * hides. Every call asks the database what changed; a card that did not is the same object as before, so that whoever
 * renders it can keep what was made of it.
 */
export async function cardsOf(db: Db, ids: readonly PaperId[], today: string, ...rules: ListRule[]): Promise<Card[]> {
  if (ids.length === 0) return []
  const kept = keptFor(db)
  const stamps = new Map<PaperId, string>()
  const stale: PaperId[] = []
  for (const row of await cardStamps(db, ids)) {
    const id = row.id as PaperId
    const stamp = stampOf(row, today)
    stamps.set(id, stamp)
    if (kept.get(id)?.stamp !== stamp) stale.push(id)
  }
  const fresh = new Map((await loadCards(db, stale, today)).map((card) => [card.id, card]))
  const cards = ids.flatMap((id) => {
    const stamp = stamps.get(id)
    const card = stamp === undefined ? undefined : (fresh.get(id) ?? kept.get(id)?.card)
    if (stamp === undefined || !card) return []
    keep(kept, id, { stamp, card })
    return rules.every((rule) => rule(card)) ? [card] : []
  })
  return cards
}

/** All that a card shows and that can change. A new kind of it belongs here, or in what raises a paper's revision. */
function stampOf({ revision, upvotes, comments, day, hotness }: CardStamp, today: string): string {
  return `${revision}|${upvotes}|${comments}|${day}|${hotness}|${today}`
}

async function loadCards(db: Db, ids: readonly PaperId[], today: string): Promise<Card[]> {
  if (ids.length === 0) return []
  const rows = await cardRows(db, ids)
  const links = Map.groupBy(await linkRows(db, ids), (link) => link.paper_id)
  const elsewhere = Map.groupBy(await elsewhereRows(db, ids), (one) => one.paper_id)
  const badges = Map.groupBy(await badgeRows(db, ids), (badge) => badge.paper_id)
  return rows.map((row) =>
    presentCard(
      {
        row,
        links: links.get(row.id) ?? [],
        elsewhere: elsewhere.get(row.id) ?? [],
        badges: badges.get(row.id) ?? [],
      },
      today,
    ),
  )
}

function keptFor(db: Db): Map<PaperId, KeptCard> {
  let kept = keptCards.get(db)
  if (!kept) {
    kept = new Map()
    keptCards.set(db, kept)
  }
  return kept
}

/** The newest use comes last; what was not used for longest goes first. */
function keep(kept: Map<PaperId, KeptCard>, id: PaperId, entry: KeptCard): void {
  kept.delete(id)
  kept.set(id, entry)
  if (kept.size > CARDS_KEPT) kept.delete(kept.keys().next().value as PaperId)
}
