import type { Day, PaperId } from '../papers/index.ts'
import { parseQuery, type SearchIndex } from '../search/index.ts'
import type { Finder } from './choose-papers.ts'
import type { DayRange } from './coverage.ts'

/** Lends the index for one question; rejects while there is none. */
export type WithIndex = <T>(work: (index: SearchIndex) => Promise<T>) => Promise<T>

const dayNumber = (day: Day) => Math.floor(Date.parse(day) / 86_400_000)

/**
 * What mail asks of search. A saved search brings exactly the papers that hold its words, newest first: what is merely
 * close in meaning would fill every mail.
 */
export function searchFinder(withIndex: WithIndex): Finder {
  const within = ({ from, to }: DayRange) => ({ fromDay: dayNumber(from), toDay: dayNumber(to) })
  return {
    search: (query, range, limit) =>
      withIndex(async (index) => {
        const { text, conditions, filter } = parseQuery(query)
        const days = within(range)
        const asked = {
          ...filter,
          fromDay: Math.max(filter?.fromDay ?? days.fromDay, days.fromDay),
          toDay: Math.min(filter?.toDay ?? days.toDay, days.toDay),
        }
        const page = await index.search({ text, conditions, filter: asked, order: 'newest', limit, explain: true })
        return page.hits.map(({ id, why }) => ({ id: id as PaperId, words: why?.words ?? [] }))
      }),
    similar: (like, range, limit) =>
      withIndex(async (index) => {
        const page = await index.search({ text: '', like, filter: within(range), limit })
        return page.hits.map(({ id }) => id)
      }),
  }
}
