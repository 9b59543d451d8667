import type { Identifier, LinkKind, PaperId } from './paper.ts'

/** What a reader sees of a paper in any list, on any page, in any feed or mail. A plain object; doors render it. */
export type Card = {
  id: PaperId
  identifier: Identifier
  publicId: string
  path: string
  /** Display form: Unicode with maths as `$...$`. */
  title: string
  /** The first six, in order. */
  authors: { name: string; path: string }[]
  authorCount: number
  categories: string[]
  upvotes: number
  comments: number
  /** Where it stands in an edition, if it was ever listed. */
  listing?: { day: string; listedAt: string; origin: string; submittedBy?: string; site?: string }
  hotness?: number
  /** An editor picked it. */
  isPick?: true
  /** Places it won in closed editions, the best first: a month before a week before a day. */
  badges?: Badge[]
  elsewhere: { site: string; upvotes: number }[]
  links: { kind: LinkKind; url: string; stars?: number }[]
  marks: Mark[]
  /** The best known date, and which one it is; absent when no source gave any. */
  dated?: { day: string; meaning: 'announced' | 'submitted' | 'dated' }
}

export type Badge = { kind: 'day' | 'week' | 'month'; key: string; rank: number }

export type Mark = { kind: 'new' } | { kind: 'updated'; version: number } | { kind: 'withdrawn'; version: number }
