import { type Db, inTransaction } from '../../db/index.ts'
import { listGathered } from '../../feed/index.ts'
import { type Day, type PaperId, type PaperRecord, upsertPapers } from '../../papers/index.ts'
import type { Announced } from './announcement.ts'
import { type DayRow, paperIdsOf, replaceAnnouncements, saveDay, stubsAmong, want } from './queries.ts'

/** Papers to a transaction: pages that are being read wait for one, some tens of milliseconds. */
const BATCH = 200
/** Records known from a list only are wanted one by one if the nightly harvest has not brought them by then. */
const WANTED_AFTER_MS = 12 * 3_600_000

export type DayList = {
  subject: string
  day: Day
  entries: readonly Announced[]
  via: 'listing' | 'catchup'
  firstTriedAt: string
}
/** Which papers of a list go into the edition; the others are stored and counted all the same. */
export type EditionFilter = (record: PaperRecord, kind?: Announced['kind']) => boolean

/**
 * Stores a whole list: its papers, who was announced how, the edition of the day, and last that the day is complete.
 * Killed in between and run again, it ends the same. Returns how many papers are new to us.
 */
export async function storeList(db: Db, list: DayList, isWanted: EditionFilter, now: Date): Promise<{ added: number }> {
  const { day, subject, entries } = list
  const ofDay = entries.filter(({ kind }) => kind === 'new' || kind === 'cross')
  const ids = new Map<string, PaperId>()
  let added = 0
  for (let start = 0; start < ofDay.length; start += BATCH) {
    const batch = ofDay.slice(start, start + BATCH)
    // Only what is new in this subject was announced today for the first time: a cross-list may be years old.
    const records = batch.map(({ kind, record }) => (kind === 'new' ? { ...record, announcedOn: day } : record))
    const outcomes = await upsertPapers(db, records, now)
    outcomes.forEach(({ paperId, outcome }, index) => {
      ids.set(batch[index]!.id, paperId)
      if (outcome === 'added') added += 1
    })
  }
  const known = await paperIdsOf(
    db,
    entries.filter(({ id }) => !ids.has(id)).map(({ id }) => id),
  )
  const stubs = await stubsAmong(db, [...ids.values()])
  await inTransaction(db, async (tx) => {
    const idOf = (id: string) => ids.get(id) ?? known.get(id)
    const announcements = entries.flatMap(({ id, kind, position }) => {
      const paperId = idOf(id)
      return paperId === undefined ? [] : [{ paperId, kind, position }]
    })
    // Two ids of one paper, such as after a merge, are one announcement.
    const distinct = [...new Map(announcements.toReversed().map((one) => [one.paperId, one])).values()].reverse()
    await replaceAnnouncements(tx, subject, day, distinct)
    const replaced = [...known.keys()]
    const unfilled = ofDay.filter(({ id }) => stubs.has(ids.get(id) as PaperId)).map(({ id }) => id)
    const nextAt = new Date(now.getTime() + WANTED_AFTER_MS)
    await want(tx, unfilled, { reason: 'listed', now, nextAt })
    await want(tx, replaced, { reason: 'replaced', now, nextAt })
    const forEdition = ofDay
      .filter(({ record, kind }) => isWanted(record, kind))
      .map(({ id }) => ids.get(id) as PaperId)
    await listGathered(tx, day, forEdition, now)
    const stored = ofDay.filter(({ id }) => ids.has(id)).length
    await saveDay(tx, completeDay(list, ofDay.length, stored, now))
  })
  return { added }
}

function completeDay(list: DayList, declared: number, stored: number, now: Date): DayRow {
  return {
    source: 'arxiv',
    subject: list.subject,
    day: list.day,
    state: declared === 0 ? 'empty' : 'complete',
    declared,
    stored,
    via: list.via,
    message: null,
    first_tried_at: list.firstTriedAt,
    checked_at: now.toISOString(),
    completed_at: now.toISOString(),
  }
}
