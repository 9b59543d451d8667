import type { Day, PaperRecord } from '../../papers/index.ts'

/** How arXiv announces a paper in one subject. Only the first two are papers of that day; the others are known already. */
export const announcementKinds = ['new', 'cross', 'replace', 'replace-cross'] as const
export type AnnouncementKind = (typeof announcementKinds)[number]

/** One line of a day's list. `record` is a stub: good to show until arXiv's own record is fetched. */
export type Announced = { id: string; kind: AnnouncementKind; position: number; record: PaperRecord }

/** Sections as a page heads them; replacements and replaced cross-lists share one. */
export type SectionKind = 'new' | 'cross' | 'replace'

/** A list, or one page of it, as it counts itself. */
export type AnnouncementList = {
  /** The announcement day that the page states; undefined on a page that says there is nothing and not of when. */
  day?: Day
  entries: Announced[]
  /** What each section has in all, pages that follow included. A page leaves out sections of which it shows nothing. */
  totals: Partial<Record<SectionKind, number>>
  /** What the whole list has, where the page says so (catch-up pages do). */
  stated?: number
  /** The announcement that follows, where the page names it. */
  nextDay?: Day
}

/** A page that could be read and adds up, or why it cannot be trusted. */
export type ReadList = { ok: true; list: AnnouncementList } | { ok: false; problem: string }
