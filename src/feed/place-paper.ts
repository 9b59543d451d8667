import { type Db, inTransaction, lockForWriting } from '../db/index.ts'
import { placeOnDay, takeOffDay } from '../discussion/index.ts'
import { AppError } from '../errors.ts'
import { addDays, currentAnnouncementDay, dayInWords, expectedOn, isDay, type PaperId } from '../papers/index.ts'
import { recordAdminAction } from '../people/index.ts'
import {
  deleteEntry,
  deleteRemoval,
  type EntryState,
  entryState,
  isStored,
  type Removal,
  removalOf,
  saveRemoval,
} from './editor-queries.ts'
import { hotness } from './hotness.ts'
import { birthOf } from './list-papers.ts'
import type { EditorChange } from './pick-paper.ts'
import { entriesOf, insertEntries, openEdition } from './queries.ts'

/** How far back an editor can place a paper. Older editions are history; their badges are given. */
export const PLACEABLE_DAYS = 31

/** Where a paper stands as editors see it: its entry, or why it must not be listed, or neither. */
export type Place = { entry: EntryState | null; removal: Removal | null }

/**
 * Puts a paper into the edition of today or of a recent day, at its end; one that stands in another edition moves.
 * What an editor had removed comes back. Logged with where it was before.
 */
export function placePaper(db: Db, paperId: PaperId, day: string, change: EditorChange): Promise<void> {
  checkDay(day, currentAnnouncementDay(change.at))
  return changePlace(db, paperId, change, async (tx, { entry }) => {
    if (entry?.day === day) return { entry, removal: null }
    return {
      entry: {
        day,
        placement: await entriesOf(tx, day),
        listedAt: birthOf(day, change.at).toISOString(),
        origin: entry?.origin ?? 'picked',
        submittedBy: entry?.submittedBy ?? null,
        site: entry?.site ?? null,
      },
      removal: null,
    }
  })
}

/** Takes a paper out of its edition. Nothing lists it again but an editor; its page and its votes stay. */
export function removePaper(db: Db, paperId: PaperId, change: EditorChange & { reason: string }): Promise<void> {
  const reason = change.reason.trim()
  if (reason === '')
    throw new AppError('bad_request', 'Say why the paper leaves the edition: the reason is kept in the log.')
  return changePlace(db, paperId, { ...change, reason }, async (_, before) =>
    before.entry ? { entry: null, removal: { day: before.entry.day, reason, at: change.at.toISOString() } } : before,
  )
}

/** Puts a paper exactly where it was: how placing and removing are undone. */
export function restorePlace(db: Db, paperId: PaperId, place: Place, change: EditorChange): Promise<void> {
  return changePlace(db, paperId, change, async () => place)
}

export async function placeOf(db: Db, paperId: PaperId): Promise<Place> {
  return { entry: await entryState(db, paperId), removal: (await removalOf(db, paperId)) ?? null }
}

function changePlace(
  db: Db,
  paperId: PaperId,
  change: EditorChange,
  next: (tx: Db, before: Place) => Promise<Place>,
): Promise<void> {
  return inTransaction(db, async (tx) => {
    await lockForWriting(tx, 'editions')
    if (!(await isStored(tx, paperId))) throw new AppError('paper_not_found', 'This paper is not stored any more.')
    const before = await placeOf(tx, paperId)
    const after = await next(tx, before)
    if (JSON.stringify(before) === JSON.stringify(after)) return
    await saveEntry(tx, paperId, before.entry, after.entry, change.at)
    if (after.removal) await saveRemoval(tx, paperId, after.removal)
    else await deleteRemoval(tx, paperId)
    await recordAdminAction(tx, {
      ...change,
      kind: after.entry ? 'edition.place' : 'edition.remove',
      subject: `paper:${paperId}`,
      before,
      after,
    })
  })
}

async function saveEntry(
  tx: Db,
  paperId: PaperId,
  before: EntryState | null,
  after: EntryState | null,
  now: Date,
): Promise<void> {
  if (before) await deleteEntry(tx, paperId)
  if (!after) {
    await takeOffDay(tx, paperId)
    return
  }
  await openEdition(tx, after.day, false, now)
  const entry = { paperId, day: after.day, placement: after.placement, listedAt: new Date(after.listedAt) }
  const elsewhere = {
    ...(after.submittedBy === null ? {} : { submittedBy: after.submittedBy }),
    ...(after.site === null ? {} : { site: after.site }),
  }
  await insertEntries(tx, [{ ...entry, ...elsewhere }], after.origin)
  await placeOnDay(tx, [entry], hotness)
}

function checkDay(day: string, today: string): void {
  if (!isDay(day)) throw new AppError('bad_date', `"${day.slice(0, 20)}" is no day; expected YYYY-MM-DD.`)
  const oldest = addDays(today, -PLACEABLE_DAYS)
  if (day > today || day < oldest)
    throw new AppError(
      'bad_date',
      `Papers can be placed from ${dayInWords(oldest)} to ${dayInWords(today)}, not on ${dayInWords(day)}.`,
    )
  if (expectedOn(day) === 'weekend')
    throw new AppError('bad_date', `${dayInWords(day)} has no edition: choose a day from Monday to Friday.`)
}
