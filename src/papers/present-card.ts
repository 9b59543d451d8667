import { newYorkDay } from './announcement-day.ts'
import type { Badge, Card, Mark } from './card.ts'
import { paperPath, publicId } from './identity.ts'
import type { LinkKind, PaperId } from './paper.ts'
import { authorKey } from './paper-state.ts'
import type { BadgeRow, CardRow, ElsewhereRow, LinkRow } from './queries.ts'

export type HydratedCard = { row: CardRow; links: LinkRow[]; elsewhere: ElsewhereRow[]; badges: BadgeRow[] }

/** A new version within this many days is news; after that it is how things are. */
const UPDATED_MARK_DAYS = 14

/** Turns loaded rows into a card. Pure; `today` is an announcement day and decides only the marks. */
export function presentCard({ row, links, elsewhere, badges }: HydratedCard, today: string): Card {
  const identifier = { source: row.source, id: row.base_id }
  const card: Card = {
    id: row.id as PaperId,
    identifier,
    publicId: publicId(identifier),
    path: paperPath(identifier),
    title: row.title,
    authors: (JSON.parse(row.byline) as string[]).map((name) => ({ name, path: authorPath(authorKey(name)) })),
    authorCount: row.author_count,
    categories: row.categories === '' ? [] : row.categories.split(' '),
    upvotes: row.upvotes ?? 0,
    comments: row.comments ?? 0,
    elsewhere: elsewhere.map(({ site, upvotes }) => ({ site, upvotes })),
    links: links.map(({ kind, url, stars }) => ({ kind: kind as LinkKind, url, ...(stars === null ? {} : { stars }) })),
    marks: marksOf(row, today),
  }
  const dated = datedOf(row)
  if (dated) card.dated = dated
  if (row.hotness !== null) card.hotness = row.hotness
  if (row.picked_at !== null) card.isPick = true
  if (row.day !== null && row.listed_at !== null && row.origin !== null) {
    const submittedBy = row.submitted_by ?? row.submitter
    // A paper that was taken out of its edition shows no badge of it.
    if (badges.length > 0)
      card.badges = badges.map(({ kind, key, rank }) => ({ kind: kind as Badge['kind'], key, rank }))
    card.listing = {
      day: row.day,
      listedAt: row.listed_at,
      origin: row.origin,
      ...(submittedBy === null ? {} : { submittedBy }),
      ...(row.site === null ? {} : { site: row.site }),
    }
  }
  return card
}

export function authorPath(key: string): string {
  return `/authors/${encodeURIComponent(key)}`
}

function marksOf(row: CardRow, today: string): Mark[] {
  if (row.withdrawn_version !== null) return [{ kind: 'withdrawn', version: row.withdrawn_version }]
  if (row.latest_version > 1 && row.updated_at !== null) {
    const since = Date.parse(today) - Date.parse(row.updated_at.slice(0, 10))
    if (since <= UPDATED_MARK_DAYS * 86_400_000) return [{ kind: 'updated', version: row.latest_version }]
  }
  return row.announced_on === today ? [{ kind: 'new' }] : []
}

function datedOf(row: CardRow): Card['dated'] {
  if (row.announced_on !== null) return { day: row.announced_on, meaning: 'announced' }
  if (row.submitted_at !== null) return { day: newYorkDay(new Date(row.submitted_at)), meaning: 'submitted' }
  return row.dated_on === null ? undefined : { day: row.dated_on, meaning: 'dated' }
}
