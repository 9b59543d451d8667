import { type PaperRecord, parseArxivId } from '../../papers/index.ts'
import { cleanText } from '../formats/decode-text.ts'
import { excerpt } from '../formats/import-item.ts'
import { categoriesOf } from '../formats/json-record.ts'
import type { Announced, AnnouncementKind, AnnouncementList, ReadList, SectionKind } from './announcement.ts'
import { type EntryFields, type ListingElement, listingElements, oneLine } from './listing-elements.ts'
import { readEnglishDay } from './read-english-day.ts'

const listingHeader = /^Showing new listings for (.+)$/i
const catchupHeader = /^Catchup results for .+ on (.+)$/i
const sectionHeader =
  /^(New|Cross|Replacement) submissions \((?:continued, )?showing (?:first |last )?([\d,]+) of ([\d,]+) entr(?:y|ies)\)$/i
const nothing = /No updates (?:today|for\b)/i
/** On catch-up pages only: new listings count in their sections. */
const statedTotal = /\bTotal of ([\d,]+) entries for\b/i
const nextDayLink = /\/(\d{4}-\d\d-\d\d)(?:[?#]|$)/
const kindOfSection = { new: 'new', cross: 'cross', replacement: 'replace' } as const

type Section = { kind: SectionKind; shown: number; total: number; read: number }

/**
 * Reads `/list/<subject>/new` or a page of `/catchup/<subject>/<day>`. What the page declares must be what it shows: any
 * difference, an entry without id, a page that breaks off or is something else is a problem, never a shorter list.
 */
export function readListing(bytes: Buffer): ReadList {
  const { elements, outside, isWhole } = listingElements(bytes)
  const problem = (text: string): ReadList => ({ ok: false, problem: text })
  const headers = elements.flatMap((one) => (one.kind === 'heading' ? [one.text] : []))
  const header = headers.map((text) => listingHeader.exec(text) ?? catchupHeader.exec(text)).find((match) => match)
  const isNothing = nothing.test(outside)
  if (!header && !isNothing) return problem(`it is no listing: it begins with "${excerpt(outside)}"`)
  if (!isWhole) return problem('the page breaks off before its end')
  const day = header ? readEnglishDay(header[1] as string) : undefined
  if (header && !day) return problem(`its date cannot be read: "${excerpt(header[0])}"`)

  const sections: Section[] = []
  const entries: Announced[] = []
  for (const element of elements) {
    if (element.kind === 'heading') {
      const section = sectionOf(element.text)
      if (section) sections.push(section)
    } else if (element.kind === 'entry') {
      const section = sections.at(-1)
      if (!section) return problem('an entry stands before the first section')
      section.read += 1
      const entry = entryOf(element, section.kind, entries.length)
      if (typeof entry === 'string') return problem(entry)
      entries.push(entry)
    }
  }
  for (const { kind, shown, read } of sections)
    if (shown !== read) return problem(`it says "showing ${shown}" (${kind}) and shows ${read}`)
  const totals: AnnouncementList['totals'] = {}
  const shownOf = { new: 0, cross: 0, replace: 0 }
  for (const { kind, shown, total } of sections) {
    shownOf[kind] += shown
    // A heading that stands twice on a damaged page would else make a list longer than arXiv says it is.
    if ((totals[kind] ?? total) !== total || shownOf[kind] > total)
      return problem(`its sections of one kind (${kind}) contradict each other`)
    totals[kind] = total
  }
  if (sections.length === 0 && !isNothing) return problem('it shows no section, and does not say that there is nothing')
  if (sections.length > 0 && isNothing) return problem('it says that there is nothing, and shows entries')
  // In two sections it may stand: cross-listed and replaced on one day.
  const places = entries.map(({ id, kind }) => `${id} ${kind}`)
  if (new Set(places).size < places.length) return problem('it shows a paper twice in one section')
  const nextDay = nextDayOf(elements)
  const stated = statedTotal.exec(outside)?.[1]
  return {
    ok: true,
    list: {
      entries,
      totals,
      ...(day ? { day } : {}),
      ...(stated === undefined ? {} : { stated: countOf(stated) }),
      ...(nextDay ? { nextDay } : {}),
    },
  }
}

function sectionOf(heading: string): Section | undefined {
  const match = sectionHeader.exec(heading)
  if (!match) return undefined
  const [, name, shown, total] = match as unknown as [string, string, string, string]
  const kind = kindOfSection[name.toLowerCase() as keyof typeof kindOfSection]
  return { kind, shown: countOf(shown), total: countOf(total), read: 0 }
}

const countOf = (text: string) => Number(text.replaceAll(',', ''))

/** The id comes from the term alone: abstracts mention ids of other papers. */
function entryOf(
  { term, fields, isWhole }: Extract<ListingElement, { kind: 'entry' }>,
  section: SectionKind,
  position: number,
): Announced | string {
  const line = oneLine(term)
  const named = /arXiv:(\S+)/i.exec(line)?.[1]
  const found = named === undefined ? undefined : parseArxivId(`arXiv:${named}`)
  if (!found) return `entry ${position + 1} has no id: "${excerpt(line)}"`
  const title = cleanText(oneLine(fields.title ?? ''))
  if (!isWhole || title === '') return `entry ${position + 1} (${found.id}) breaks off or has no title`
  const isCross = /\(cross-list from /i.test(line)
  const kind: AnnouncementKind = section === 'replace' && isCross ? 'replace-cross' : section
  return { id: found.id, kind, position, record: stubOf(found.id, title, fields) }
}

function stubOf(id: string, title: string, fields: EntryFields): PaperRecord {
  const text = (name: 'comments' | 'journal-ref') => cleanText(oneLine(fields[name] ?? ''))
  const abstract = cleanText((fields.abstract ?? '').replace(/[^\S\n]+/g, ' '))
  const primary = subjectsIn(fields.primary ?? '')
  const comment = text('comments')
  const journalRef = text('journal-ref')
  return {
    identifiers: [{ source: 'arxiv', id }],
    title,
    ...(abstract === '' ? {} : { abstract }),
    authors: (fields.authors ?? []).map((name) => ({ name: cleanText(name) })),
    categories: categoriesOf([...primary, ...subjectsIn(fields.subjects ?? '')]),
    versions: [],
    links: [],
    ...(comment === '' ? {} : { comment }),
    ...(journalRef === '' ? {} : { journalRef }),
  }
}

/** `Artificial Intelligence (cs.AI); Biological Physics (physics.bio-ph)` */
function subjectsIn(text: string): string[] {
  return [...text.matchAll(/\(([a-z-]{2,10}(?:\.[A-Za-z-]{2,10})?)\)/g)].map((match) => match[1] as string)
}

function nextDayOf(elements: readonly ListingElement[]): string | undefined {
  for (const element of elements) {
    if (element.kind !== 'link' || !/continue to the next day/i.test(element.text)) continue
    const day = nextDayLink.exec(element.href)?.[1]
    if (day) return day
  }
  return undefined
}
