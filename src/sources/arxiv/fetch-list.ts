import type { PoliteAnswer } from '../../lib/polite-http/index.ts'
import type { AnnouncementList } from './announcement.ts'
import { type ArxivGate, askAgainAt, askCatchup, askListing, whyNothing } from './gate.ts'
import { readListing } from './read-listing.ts'

/** At 2,000 entries a page; arXiv's largest day so far has a quarter of this. */
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
  return fetchPages(gate, (page, read) =>
    askListing(gate, subject, page === 1 ? 0 : read, page === 1 ? { isConditional } : {}),
  )
}

export function fetchCatchup(gate: ArxivGate, subject: string, day: string): Promise<FetchedList> {
  return fetchPages(gate, (page) => askCatchup(gate, subject, day, page))
}

async function fetchPages(
  { arxiv }: ArxivGate,
  ask: (page: number, read: number) => Promise<PoliteAnswer>,
): Promise<FetchedList> {
  let whole: AnnouncementList | undefined
  let first: PoliteAnswer | undefined
  for (let page = 1; page <= MAX_PAGES; page++) {
    const answer = await ask(page, whole?.entries.length ?? 0)
    if (answer.kind === 'unchanged') return { kind: 'unchanged' }
    if (answer.kind !== 'ok') return nothingIn(answer)
    const read = readListing(answer.body)
    // Behind a last page that was full stands one that shows nothing, in whatever words.
    if (!read.ok && whole && declaredBy(whole) === whole.entries.length) break
    if (!read.ok) return { kind: 'broken', problem: read.problem }
    first ??= answer
    const joined = whole ? join(whole, read.list) : read.list
    if (!joined) return { kind: 'broken', problem: 'the list changed while its pages were read' }
    whole = joined
    const isFull = read.list.entries.length >= arxiv.pageEntries
    // A full page says nothing of sections that begin on the next one.
    if (read.list.entries.length === 0 || (!isFull && declaredBy(whole) <= whole.entries.length)) break
  }
  if (!whole || !first) return { kind: 'broken', problem: 'it has no page' }
  const declared = declaredBy(whole)
  if (whole.entries.length !== declared)
    return { kind: 'broken', problem: `it declares ${declared} entries and its pages show ${whole.entries.length}` }
  const entries = whole.entries.map((entry, position) => ({ ...entry, position }))
  return { kind: 'list', list: { ...whole, entries }, first }
}

function declaredBy({ totals, stated }: AnnouncementList): number {
  return stated ?? Object.values(totals).reduce((sum, total) => sum + total, 0)
}

/** A page more. Undefined when the two are not of one list. */
function join(whole: AnnouncementList, page: AnnouncementList): AnnouncementList | undefined {
  const kinds = Object.keys(page.totals) as (keyof AnnouncementList['totals'])[]
  const isSame = kinds.every((kind) => whole.totals[kind] === undefined || whole.totals[kind] === page.totals[kind])
  if (!isSame || (page.entries.length > 0 && page.day !== whole.day)) return undefined
  return { ...whole, totals: { ...whole.totals, ...page.totals }, entries: [...whole.entries, ...page.entries] }
}

function nothingIn(answer: Exclude<PoliteAnswer, { kind: 'ok' | 'unchanged' }>): FetchedList {
  const again = askAgainAt(answer)
  return { kind: 'nothing', problem: whyNothing(answer), stop: answer.kind !== 'refused', ...(again ? { again } : {}) }
}
