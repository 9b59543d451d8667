import { type Db, unlessChanged } from '../db/index.ts'
import {
  type Card,
  cardsOf,
  currentAnnouncementDay,
  hideWithdrawn,
  type PageRequest,
  type PaperId,
  whyEmpty,
} from '../papers/index.ts'
import { explainHotness, type HotnessReason } from './hotness.ts'
import { type Period, periodOf } from './period.ts'
import { dayAtOrBefore, editionFacts, editionSkeleton, trendingSkeleton } from './queries.ts'

/** One page of the edition of a day, week or month, with its neighbours that have papers. */
export type EditionPage = {
  period: Period
  cards: Card[]
  paperCount: number
  next?: string
  isStarter: boolean
  /** The nearest periods that have papers. */
  earlier?: Period
  later?: Period
  /** Why there is nothing, in words for a reader. */
  empty?: ReturnType<typeof whyEmpty>
}

export async function editionPage(db: Db, period: Period, request: PageRequest, now: Date): Promise<EditionPage> {
  const today = currentAnnouncementDay(now)
  const key = `edition ${period.kind} ${period.key} ${request.limit} ${request.after ?? ''} ${today}`
  const page = await unlessChanged(db, key, () => readEdition(db, period, request, today))
  if (page.paperCount > 0 || period.kind !== 'day') return page
  return { ...page, empty: whyEmpty(period.key, now) }
}

async function readEdition(db: Db, period: Period, request: PageRequest, today: string): Promise<EditionPage> {
  const { ids, next } = await editionSkeleton(db, period, request)
  const cards = await cardsOf(db, ids, today)
  const { paperCount, earlierDay, laterDay, isStarter } = await editionFacts(db, period)
  return {
    period,
    cards,
    paperCount,
    isStarter: period.kind === 'day' && isStarter,
    ...(next ? { next } : {}),
    ...(earlierDay ? { earlier: periodOf(period.kind, earlierDay) } : {}),
    ...(laterDay && laterDay <= today ? { later: periodOf(period.kind, laterDay) } : {}),
  }
}

/** The newest edition that has papers and is not of the future: the front page. */
export async function latestPeriod(db: Db, kind: Period['kind'], now: Date): Promise<Period | undefined> {
  const day = await dayAtOrBefore(db, currentAnnouncementDay(now))
  return day === undefined ? undefined : periodOf(kind, day)
}

export type TrendingPage = { cards: Card[]; why: Map<PaperId, HotnessReason>; next?: string }

/** What is hot across days, withdrawn papers left out, each with the numbers behind its rank. */
export async function trendingPage(db: Db, request: PageRequest, now: Date): Promise<TrendingPage> {
  const { ids, next } = await trendingSkeleton(db, request)
  const cards = await cardsOf(db, ids, currentAnnouncementDay(now), hideWithdrawn)
  const why = new Map<PaperId, HotnessReason>()
  for (const card of cards) {
    if (card.listing) why.set(card.id, explainHotness(card, new Date(card.listing.listedAt), now))
  }
  return { cards, why, ...(next ? { next } : {}) }
}
