import { currentAnnouncementDay, type Day } from '../../papers/index.ts'
import { isDone } from './day-state.ts'
import { type ArxivGate, askFeed, whyNothing } from './gate.ts'
import { announcedOn, dayRows, paperIdsOf, saveDay, want } from './queries.ts'
import { type FeedItem, readFeed } from './read-feed.ts'

/** The name under which the second opinion is kept in `gathered_day`: never counted, only an alarm. */
export const FEED_SOURCE = 'arxiv-feed'
/** A feed that lacks more of the list's papers than this share is of another day, or cut. */
const MISSING_SHARE = 0.1
/** arXiv's feeds hold no more items: a longer list cannot be compared. */
const FEED_LIMIT = 2_000

export type FeedReport = { subjects: { subject: string; day: Day; state: string; message: string }[] }

/**
 * Compares arXiv's feeds with the lists we gathered: a second opinion on each, never a source of dates, because a feed
 * carries the date of its making whatever is in it. Papers that only the feed knows are wanted, so that nothing is lost
 * while a list cannot be read. Each subject's verdict is kept under `arxiv-feed`.
 */
export async function compareFeeds(gate: ArxivGate, followed: readonly string[]): Promise<FeedReport> {
  const { db, clock } = gate
  const day = currentAnnouncementDay(clock())
  const rows = await dayRows(db, 'arxiv', day)
  const report: FeedReport = { subjects: [] }
  for (const subject of followed) {
    if (gate.signal?.aborted) break
    const answer = await askFeed(gate, subject)
    const now = clock()
    const read = answer.kind === 'ok' ? readFeed(answer.body) : { ok: false as const, problem: whyNothing(answer) }
    const isListed = isDone(rows.find((row) => row.subject === subject && row.day === day)?.state)
    const listed = isListed ? await announcedOn(db, subject, day) : undefined
    const verdict = read.ok ? compare(read.items, listed) : { state: 'broken', message: read.problem }
    if (read.ok) await wantUnknown(gate, read.items, now)
    const instant = now.toISOString()
    await saveDay(db, {
      source: FEED_SOURCE,
      subject,
      day,
      state: verdict.state,
      declared: listed?.length ?? null,
      stored: read.ok ? read.items.length : null,
      via: 'feed',
      message: verdict.message,
      first_tried_at: instant,
      checked_at: instant,
      completed_at: verdict.state === 'complete' ? instant : null,
    })
    report.subjects.push({ subject, day, ...verdict })
    if (answer.kind === 'blocked' || answer.kind === 'later') break
  }
  return report
}

/** What a feed says about a list, in words: they agree, the feed is stale, or the list is not here to compare with. */
export function compare(
  items: readonly FeedItem[],
  listed: readonly { id: string; kind: string }[] | undefined,
): { state: string; message: string } {
  if (!listed) return { state: 'pending', message: `the feed has ${items.length} papers; the list is not here yet` }
  const inFeed = new Set(items.map(({ id }) => id))
  const ofDay = listed.filter(({ kind }) => kind === 'new' || kind === 'cross')
  const missing = ofDay.filter(({ id }) => !inFeed.has(id)).length
  if (items.length >= FEED_LIMIT) return { state: 'pending', message: 'the feed is cut at its limit' }
  if (missing > ofDay.length * MISSING_SHARE)
    return { state: 'stale', message: `the feed lacks ${missing} of the ${ofDay.length} papers of the list` }
  return {
    state: 'complete',
    message: `the feed has ${ofDay.length - missing} of the ${ofDay.length} papers of the list`,
  }
}

async function wantUnknown({ db }: ArxivGate, items: readonly FeedItem[], now: Date): Promise<void> {
  const ids = items.filter(({ kind }) => kind === 'new' || kind === 'cross').map(({ id }) => id)
  const known = await paperIdsOf(db, ids)
  const unknown = ids.filter((id) => !known.has(id))
  await want(db, unknown, { reason: 'feed', now, nextAt: new Date(now.getTime() + 3_600_000) })
}
