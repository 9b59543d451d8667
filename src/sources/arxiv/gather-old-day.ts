import { inTransaction } from '../../db/index.ts'
import { listGathered } from '../../feed/index.ts'
import { addDays, arxivMonth, type Day, estimatedAnnouncementDay } from '../../papers/index.ts'
import { followsAny } from './followed.ts'
import type { ArxivGate } from './gate.ts'
import type { DayReport, GatherOptions } from './gather-day.ts'
import { waitingRow } from './gather-day.ts'
import { harvest } from './harvest.ts'
import { paperIdsOf, saveDay, storedSince } from './queries.ts'

/** Records of a day carry its stamp or the next one's, unless they changed again since. */
const STAMP_DAYS = 2

/**
 * A day whose lists arXiv no longer shows: its records by OAI, listed in the edition that their submission suggests. What
 * changed since carries a later stamp and comes only with a full harvest; nothing is stored as announced that day.
 */
export async function gatherOldDay(
  gate: ArxivGate,
  day: Day,
  { followed, isWanted = () => true, onProgress }: GatherOptions,
): Promise<DayReport['subjects'][number]> {
  const { db, clock } = gate
  const name = `day ${day}`
  const range = { from: addDays(day, -1), until: addDays(day, STAMP_DAYS) }
  const isFollowed = followsAny(followed)
  const subject = followed.join(', ')
  const report = await harvest(gate, {
    name,
    ...range,
    isWanted: isFollowed,
    onPage: ({ records, stored }) => onProgress?.(`${day}: ${records} records, ${stored} of the followed subjects`),
  })
  const nothing = { subject, day, declared: null, added: 0 }
  if (report.state !== 'done') return { ...nothing, state: 'pending', problem: report.message ?? 'it was stopped' }
  const candidates = await storedSince(db, addDays(day, -5), day)
  const ofDay = candidates.filter(
    ({ id, submittedAt, record }) =>
      estimatedAnnouncementDay(new Date(submittedAt)) === day &&
      [day.slice(0, 7), addDays(day, -1).slice(0, 7)].includes(arxivMonth(id)) &&
      isFollowed(record.categories) &&
      isWanted(record),
  )
  const ids = await paperIdsOf(
    db,
    ofDay.map(({ id }) => id),
  )
  const now = clock()
  const added = await inTransaction(db, async (tx) => {
    for (const one of followed) {
      const message = 'arXiv no longer shows this day; its papers are those whose submission suggests it'
      const row = waitingRow({ subject: one, day, state: 'complete', message, firstTriedAt: now.toISOString(), now })
      await saveDay(tx, { ...row, via: 'oai', completed_at: now.toISOString() })
    }
    return await listGathered(tx, day, [...ids.values()], now)
  })
  return { subject, day, state: 'complete', declared: ofDay.length, added }
}
