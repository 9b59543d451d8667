import type { PoliteAnswer } from '../../lib/polite-http/index.ts'
import type { AnnouncementList } from './announcement.ts'
import { type ArxivGate, askAgainAt, askCatchup, askListing, whyNothing } from './gate.ts'
import { readListing } from './read-listing.ts'

/** arXiv shows 2,000 entries a page; its largest day so far has a quarter of this. */
const MAX_PAGES = 10

/** A whole list, however many pages it has. `first` is the answer whose validators may be remembered once it is stored. */
export type FetchedList =
  | { kind: 'list'; list: AnnouncementList; first: PoliteAnswer }
  | { kind: 'unchanged' }
  /** It was read and does not add up, or is something else. */
  | { kind: 'broken'; problem: string }
  /** Nothing was read; there is no use in asking for the next subject now if `stop` is set. */
  | { kind: 'nothing'; problem: string; again?: Date; stop: boolean }

export function fetchListing(gate: ArxivGate, subject: string, isConditional: boolean): Promise<FetchedList> {
  return fetchPages((page, read) =>
    askListing(gate, subject, page === 1 ? 0 : read, page === 1 ? { isConditional } : {}),
  )
}

export function fetchCatchup(gate: ArxivGate, subject: string, day: string): Promise<FetchedList> {
  return fetchPages((page) => askCatchup(gate, subject, day, page))
}

async function fetchPages(ask: (page: number, read: number) => Promise<PoliteAnswer>): Promise<FetchedList> {
  let whole: AnnouncementList | undefined
  let first: PoliteAnswer | undefined
  for (let page = 1; page <= MAX_PAGES; page++) {
    const answer = await ask(page, whole?.entries.length ?? 0)
    if (answer.kind === 'unchanged') return { kind: 'unchanged' }
    if (answer.kind !== 'ok') return nothingIn(answer)
    const read = readListing(answer.body)
    if (!read.ok) return { kind: 'broken', problem: read.problem }
    first ??= answer
    const { list } = read
    if (whole && (list.day !== whole.day || list.total !== whole.total))
      return { kind: 'broken', problem: 'the list changed while its pages were read' }
    const entries = [...(whole?.entries ?? []), ...list.entries].map((entry, position) => ({ ...entry, position }))
    whole = { ...list, ...whole, entries }
    if (entries.length >= list.total) break
    if (list.entries.length === 0) break
  }
  if (!whole || !first) return { kind: 'broken', problem: 'it has no page' }
  if (whole.entries.length !== whole.total)
    return { kind: 'broken', problem: `it declares ${whole.total} entries and its pages show ${whole.entries.length}` }
  return { kind: 'list', list: whole, first }
}

function nothingIn(answer: Exclude<PoliteAnswer, { kind: 'ok' | 'unchanged' }>): FetchedList {
  const again = askAgainAt(answer)
  return { kind: 'nothing', problem: whyNothing(answer), stop: answer.kind !== 'refused', ...(again ? { again } : {}) }
}
