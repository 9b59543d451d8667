import type { Db } from '../db/index.ts'
import { AppError } from '../errors.ts'
import { editionSkeleton, trendingPage } from '../feed/index.ts'
import {
  addDays,
  authorKey,
  cardsOf,
  dayInWords,
  findPaper,
  hideWithdrawn,
  type PaperId,
  parsePublicId,
} from '../papers/index.ts'
import type { DayRange } from './coverage.ts'
import {
  papersByAuthors,
  papersListedLate,
  papersOfCategories,
  papersPicked,
  papersSubmittedBy,
} from './paper-queries.ts'
import type { Want } from './want.ts'

/** A paper and why it is in this mail, in words for the reader. */
export type Chosen = [paper: PaperId, why: string]

/** What search gives to mail. Absent where there is no index: then wishes for it wait, and say why. */
export type Finder = {
  /** Papers for a saved search dated in a span of days, best first, with the words that matched. */
  search(query: string, range: DayRange, limit: number): Promise<{ id: PaperId; words: string[] }[]>
  /** Papers like these dated in a span of days, nearest first. */
  similar(like: readonly PaperId[], range: DayRange, limit: number): Promise<PaperId[]>
}

function needed(finder: Finder | undefined): Finder {
  if (!finder) throw new AppError('unavailable', 'There is no search index here.')
  return finder
}

/** More than any mail holds, so that what a reader had already can be left out. */
export const CANDIDATES = 120

/** Everything a wish could bring for some announcement days, best first. Reads only. */
export async function choosePapers(
  db: Db,
  finder: Finder | undefined,
  want: Want,
  range: DayRange,
  now: Date,
): Promise<Chosen[]> {
  switch (want.kind) {
    case 'edition':
      return edition(db, range)
    case 'trending':
      return trending(db, now)
    case 'categories': {
      const rows = await papersOfCategories(db, want.categories, range, CANDIDATES)
      return visible(
        db,
        rows.map(({ id, category }) => [id, `In ${category}`]),
        range,
      )
    }
    case 'authors': {
      const names = new Map(want.authors.map((name) => [authorKey(name), name]))
      const rows = await papersByAuthors(db, [...names.keys()], range, CANDIDATES)
      const why = (key: string) => `By ${names.get(key) ?? 'an author'}, whom you follow`
      return visible(
        db,
        rows.map((row) => [row.id, why(row.authorKey)]),
        range,
      )
    }
    case 'search': {
      const hits = await needed(finder).search(want.query, range, CANDIDATES)
      const why = (words: string[]) =>
        words.length > 0 ? `Matches: ${words.slice(0, 5).join(', ')}` : `Close in meaning to: ${want.query}`
      return visible(
        db,
        hits.map(({ id, words }) => [id, why(words)]),
        range,
      )
    }
    case 'similar': {
      const like = await paperIds(db, want.papers, range.to)
      const ids = like.length === 0 ? [] : await needed(finder).similar(like, range, CANDIDATES)
      return visible(
        db,
        ids.map((id) => [id, 'Like the papers you named']),
        range,
      )
    }
    case 'picks': {
      if (want.who === 'editors') {
        const ids = await papersPicked(db, range, CANDIDATES)
        return visible(
          db,
          ids.map((id) => [id, 'Picked by the editors']),
          range,
        )
      }
      const names = new Map([[want.who, want.name], ...(want.more ?? []).map((one) => [one.who, one.name] as const)])
      const rows = await papersSubmittedBy(db, [...names.keys()], range, CANDIDATES)
      return visible(
        db,
        rows.map(({ id, personId }) => [id, `Submitted by ${names.get(personId) ?? 'a reader you follow'}`]),
        range,
      )
    }
  }
}

/** So many days back, what was listed after its day's mail was made comes with the next one. */
const LATE_DAYS = 7

async function edition(db: Db, { from, to }: DayRange): Promise<Chosen[]> {
  const period = { kind: from === to ? ('day' as const) : ('week' as const), key: to, from, to }
  const { ids } = await editionSkeleton(db, period, { limit: CANDIDATES })
  const late = await papersListedLate(db, { from: addDays(from, -LATE_DAYS), to: addDays(from, -1) }, CANDIDATES)
  const isLate = new Set(late)
  const cards = await cardsOf(db, [...ids, ...late], to, hideWithdrawn)
  return cards.map((card, index) => {
    const day = card.listing ? dayInWords(card.listing.day).replace(/ \d{4}$/, '') : 'the day'
    if (isLate.has(card.id)) return [card.id, `Joined the edition of ${day} after its mail`]
    const place = from === to ? `No. ${index + 1} of ${day}` : `In the edition of ${day}`
    return [card.id, place]
  })
}

async function trending(db: Db, now: Date): Promise<Chosen[]> {
  const { cards, why } = await trendingPage(db, { limit: 100 }, now)
  return cards.map((card, index) => {
    const reason = why.get(card.id)
    const age = reason && (reason.ageHours < 48 ? `${reason.ageHours} h` : `${Math.floor(reason.ageHours / 24)} days`)
    return [card.id, `No. ${index + 1} of trending${age ? `, listed ${age} ago` : ''}`]
  })
}

async function visible(db: Db, chosen: Chosen[], { to }: DayRange): Promise<Chosen[]> {
  const ids = chosen.map(([id]) => id)
  const shown = new Set((await cardsOf(db, ids, to, hideWithdrawn)).map(({ id }) => id))
  return chosen.filter(([id]) => shown.has(id))
}

/** Papers named by hand, such as `2601.00001`; those we do not have are passed over. */
async function paperIds(db: Db, names: readonly string[], today: string): Promise<PaperId[]> {
  const ids: PaperId[] = []
  for (const name of names) {
    const named = parsePublicId(name)
    const found = named && (await findPaper(db, named.identifier, today))
    if (found) ids.push(found.card.id)
  }
  return ids
}
