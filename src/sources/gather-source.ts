import { type Db, inTransaction } from '../db/index.ts'
import { type Listing, listPapers } from '../feed/index.ts'
import type { PoliteClient } from '../lib/polite-http/index.ts'
import { currentAnnouncementDay, upsertPapers } from '../papers/index.ts'
import { findSource } from './configure-sources.ts'
import { saveState, sourceState } from './queries.ts'
import {
  type Answer,
  type Ask,
  type CommonSettings,
  type SourceItem,
  type SourcePage,
  SourceTrouble,
} from './source.ts'
import { createFilter } from './source-filter.ts'
import { findKind } from './source-kinds.ts'

/** Pages taken in one run; a longer list goes on at once in the next, so that stopping never waits long. */
const MAX_PAGES = 40
/** Older papers are stored but do not come into the edition: a first poll must not flood the day. */
const FRESH_DAYS = 7
const DAY_MS = 86_400_000
const BAD_SHOWN = 3

export type SourceGate = { db: Db; http: PoliteClient; clock: () => Date }
export type GatherResult = { received: number; added: number; listed: number; bad: number; hasMore: boolean }

/**
 * Asks one source for what is new and stores it, page by page, each with the place it stands at. Safe to run twice and to
 * be cut off anywhere. Throws `SourceTrouble` when the source failed; how it went is kept in `source_state` either way.
 * Undefined when there is no such source or it is switched off.
 */
export async function gatherSource(
  { db, http, clock }: SourceGate,
  name: string,
  signal?: AbortSignal,
): Promise<GatherResult | undefined> {
  const source = await findSource(db, name)
  const kind = source && findKind(source.kind)
  if (!source?.enabled || !kind) return undefined
  const ask = askAs(name, http)
  const state = await sourceState(db, name)
  const isFirst = !state?.succeeded_at
  const result: GatherResult = { received: 0, added: 0, listed: 0, bad: 0, hasMore: false }
  const notes: string[] = []
  try {
    const cursor = state?.cursor ? JSON.parse(state.cursor) : undefined
    let pages = 0
    for await (const page of kind.poll({ settings: source.settings, ask, cursor, now: clock() })) {
      const { added, listed } = await storePage(db, source, page, isFirst, clock())
      await page.answer?.remember?.()
      result.received += page.items.length
      result.added += added
      result.listed += listed
      result.bad += page.bad.length
      notes.push(...page.bad.slice(0, BAD_SHOWN).map(({ record, reason }) => `${record}: ${reason}`))
      pages += 1
      result.hasMore = pages >= MAX_PAGES
      if (result.hasMore || signal?.aborted) break
    }
    signal?.throwIfAborted()
  } catch (error) {
    if (signal?.aborted) throw error
    await noteFailure(db, name, error, (state?.failures ?? 0) + 1, clock())
    throw error
  }
  const now = clock().toISOString()
  await saveState(db, {
    name,
    outcome: 'ok',
    message: notes.length > 0 ? `${result.bad} records could not be read, such as ${notes[0]}`.slice(0, 500) : null,
    polled_at: now,
    succeeded_at: now,
    failures: 0,
    received: result.received,
    added: result.added,
    bad: result.bad,
  })
  return result
}

async function storePage(
  db: Db,
  source: CommonSettings,
  page: SourcePage,
  isFirst: boolean,
  now: Date,
): Promise<{ added: number; listed: number }> {
  const passes = createFilter(source.filters)
  const items = page.items.filter(passes)
  return inTransaction(db, async (tx) => {
    const outcomes = await upsertPapers(
      tx,
      items.map(({ record }) => record),
      now,
    )
    const listings = source.edition
      ? items.flatMap((item, index) => {
          const listing = listingOf(item, isFirst, now)
          const paperId = outcomes[index]?.paperId
          return listing && paperId !== undefined ? [{ ...listing, paperId } satisfies Listing] : []
        })
      : []
    const listed = await listPapers(tx, listings, 'gathered', now)
    await saveState(tx, { name: source.name, cursor: JSON.stringify(page.cursor ?? null) })
    return { added: outcomes.filter(({ outcome }) => outcome === 'added').length, listed }
  })
}

/** The day an item comes into: the one its source lists it on, else the current one, if the paper itself is new. */
function listingOf({ record, listing }: SourceItem, isFirst: boolean, now: Date): Omit<Listing, 'paperId'> | undefined {
  if (listing) return listing
  const day = currentAnnouncementDay(now)
  const dated = record.announcedOn ?? record.datedOn ?? record.submittedAt?.slice(0, 10)
  if (dated === undefined) return isFirst ? undefined : { day }
  const age = (Date.parse(day) - Date.parse(dated)) / DAY_MS
  return age <= FRESH_DAYS ? { day } : undefined
}

/** Requests in the name of a source: what is no answer to be read becomes `SourceTrouble`. */
export function askAs(source: string, http: PoliteClient): Ask {
  return async (url, { conditional, timeoutMs, headers } = {}) => {
    const got = await http.get(url, {
      source,
      ...(conditional === undefined ? {} : { conditional }),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      ...(headers === undefined ? {} : { headers }),
    })
    if (got.kind === 'unchanged') return undefined
    if (got.kind === 'ok') {
      const { body, contentType } = got
      return {
        kind: 'ok',
        body,
        contentType,
        url: got.url,
        remember: () => http.rememberValidators(got),
      } satisfies Answer
    }
    if (got.kind === 'refused') throw new SourceTrouble('refused', `${url} was refused: ${got.message}`)
    throw new SourceTrouble(got.kind, got.message, got.until)
  }
}

async function noteFailure(db: Db, name: string, error: unknown, failures: number, now: Date): Promise<void> {
  const outcome = error instanceof SourceTrouble ? error.kind : 'broken'
  const message = ((error as Error)?.message ?? String(error)).slice(0, 500)
  await saveState(db, { name, outcome, message, polled_at: now.toISOString(), failures })
}
