import { type Db, inTransaction } from '../../db/index.ts'
import { addDays, upsertPapers } from '../../papers/index.ts'
import { type ArxivRecord, readArxivRaw } from './arxiv-raw.ts'
import { followsAny } from './followed.ts'
import { type ArxivGate, askAgainAt, askOai, whyNothing } from './gate.ts'
import { type HarvestRow, harvestRow, paperIdsOf, saveHarvest, wantedNoMore } from './queries.ts'
import { type OaiAnswer, readOai } from './read-oai.ts'

/** Overlap of two runs: OAI stamps are days, and nights were seen in which arXiv's server left records out. */
const OVERLAP_DAYS = 3
/** Records to a transaction: pages that are being read wait for one. */
const BATCH = 250
/** The same where no site runs in this process: a page of arXiv is one, which writes each page of the indexes once. */
const LARGE_BATCH = 2_500
/** A list that has to be begun anew this often without getting further has something wrong with it. */
const MAX_RESTARTS = 3
/** All of arXiv has some 2,300 pages; a list without end is a fault of the server. */
const MAX_PAGES = 20_000
/** An answer that is no OAI answer is asked for again as often as this in one run. */
const MAX_BROKEN = 3

export type HarvestReport = {
  name: string
  /** `done`, or why it stopped before; a later run goes on where this one stopped. */
  state: 'done' | 'paused' | 'failed'
  pages: number
  records: number
  stored: number
  bad: number
  message?: string
  again?: Date
}
export type HarvestOptions = {
  /** The place it has reached is kept under this name. */
  name: string
  /** Days of change, both ends in. Only used when a new run begins. */
  from?: string | undefined
  until?: string | undefined
  /** Which records are stored; papers we have are always kept up to date. */
  isWanted: (categories: readonly string[]) => boolean
  /** Nobody else wants to write meanwhile. */
  isAlone?: boolean
  onPage?: (row: HarvestRow) => void
  onBad?: (bad: { id: string; problem: string }) => void
}

/**
 * The changes of the last days, all of arXiv in one list: what is followed, and every paper we have. Never asks from
 * today on: such an answer may be "nothing" and stay in arXiv's caches until midnight.
 */
export async function harvestChanges(
  gate: ArxivGate,
  followed: readonly string[],
  more: Pick<HarvestOptions, 'onPage' | 'onBad'> = {},
): Promise<HarvestReport> {
  const name = 'changes'
  const last = (await harvestRow(gate.db, name))?.last_good_response
  const yesterday = addDays(gate.clock().toISOString().slice(0, 10), -1)
  const newest = last && last.slice(0, 10) < yesterday ? last.slice(0, 10) : yesterday
  return await harvest(gate, {
    name,
    from: addDays(newest, -OVERLAP_DAYS + 1),
    isWanted: followsAny(followed),
    ...more,
  })
}

/** Whether the changes were ever harvested to their end. */
export async function hasHarvested(db: Db): Promise<boolean> {
  return (await harvestRow(db, 'changes'))?.last_good_response != null
}

/** All of arXiv, up to yesterday: what changes meanwhile comes with the changes. Takes hours, goes on after any stop. */
export function harvestAll(
  gate: ArxivGate,
  more: Pick<HarvestOptions, 'onPage' | 'onBad' | 'isAlone'> & { isWanted?: HarvestOptions['isWanted'] } = {},
): Promise<HarvestReport> {
  const until = addDays(gate.clock().toISOString().slice(0, 10), -1)
  return harvest(gate, { name: 'all', until, isWanted: () => true, ...more })
}

/**
 * Reads a list of arXiv's records to its end, page by page, each stored together with the place it was reached at. What
 * was begun under the same name and not finished is finished first.
 */
export async function harvest(gate: ArxivGate, options: HarvestOptions): Promise<HarvestReport> {
  const { db, clock } = gate
  const known = await harvestRow(db, options.name)
  let row = known?.state === 'running' ? known : beginning(options, known, clock())
  let restarts = 0
  let broken = 0
  const report = (state: HarvestReport['state'], message?: string, again?: Date): HarvestReport => {
    const { pages, records, stored, bad } = row
    return {
      name: row.name,
      state,
      pages,
      records,
      stored,
      bad,
      ...(message ? { message } : {}),
      ...(again ? { again } : {}),
    }
  }
  const stop = async (state: 'paused' | 'failed', message: string, again?: Date) => {
    row = { ...row, message, updated_at: clock().toISOString(), ...(state === 'failed' ? { state } : {}) }
    await saveHarvest(db, row)
    return report(state, message, again)
  }
  while (true) {
    if (gate.signal?.aborted) return report('paused', 'it was stopped')
    const answer = await askOai(gate, parametersOf(row))
    if (answer.kind !== 'ok') return await stop('paused', whyNothing(answer), askAgainAt(answer))
    const read = readOai(answer.body)
    if (read.kind === 'broken') {
      broken += 1
      if (broken >= MAX_BROKEN)
        return await stop('paused', `arXiv's answer cannot be read: ${read.problem}`, later(clock()))
      continue
    }
    if (read.kind === 'error' && read.code === 'badResumptionToken') {
      restarts += 1
      if (restarts > MAX_RESTARTS) return await stop('failed', 'arXiv refuses its own resumption tokens')
      row = { ...row, token: null, range_from: restartOf(row, clock()) }
      continue
    }
    if (read.kind === 'error' && read.code !== 'noRecordsMatch')
      return await stop('failed', `arXiv answered ${read.code}: ${read.message}`)
    const before = row.reached
    const isEndless = row.pages >= MAX_PAGES || (read.kind === 'list' && read.token === row.token && row.token !== null)
    if (isEndless) return await stop('failed', 'arXiv gave the same page again and again')
    row = await storePage(db, row, read, options, clock())
    if (row.reached !== before) restarts = 0
    broken = 0
    options.onPage?.(row)
    if (row.state === 'done') return report('done')
  }
}

/** Where to begin anew after what was stored: a day before, and never today. */
function restartOf({ reached, range_from }: HarvestRow, now: Date): string | null {
  if (reached === null) return range_from
  const yesterday = addDays(now.toISOString().slice(0, 10), -1)
  const before = addDays(reached, -1)
  const from = before < yesterday ? before : yesterday
  return range_from !== null && range_from > from ? range_from : from
}

const later = (now: Date) => new Date(now.getTime() + 10 * 60_000)

/** A list that is about to be read from its start. */
export function beginning(
  { name, from, until }: Pick<HarvestOptions, 'name' | 'from' | 'until'>,
  known: HarvestRow | undefined,
  now: Date,
): HarvestRow {
  const instant = now.toISOString()
  return {
    name,
    state: 'running',
    range_from: from ?? null,
    range_until: until ?? null,
    token: null,
    reached: null,
    pages: 0,
    records: 0,
    stored: 0,
    bad: 0,
    response_date: null,
    last_good_response: known?.last_good_response ?? null,
    message: null,
    started_at: instant,
    updated_at: instant,
    finished_at: null,
  }
}

/** A token goes alone, and as it came: URLSearchParams encodes it once. */
function parametersOf({ token, range_from, range_until }: HarvestRow): Record<string, string> {
  if (token) return { verb: 'ListRecords', resumptionToken: token }
  return {
    verb: 'ListRecords',
    metadataPrefix: 'arXivRaw',
    ...(range_from ? { from: range_from } : {}),
    ...(range_until ? { until: range_until } : {}),
  }
}

async function storePage(
  db: Db,
  row: HarvestRow,
  read: Exclude<OaiAnswer, { kind: 'broken' }>,
  options: HarvestOptions,
  now: Date,
): Promise<HarvestRow> {
  const records = read.kind === 'list' ? read.records.map(readArxivRaw) : []
  const token = read.kind === 'list' ? (read.token ?? null) : null
  let stored = 0
  let bad = 0
  const size = options.isAlone ? LARGE_BATCH : BATCH
  for (let start = 0; start < records.length; start += size) {
    const counts = await storeRecords(db, records.slice(start, start + size), options, now)
    stored += counts.stored
    bad += counts.bad
  }
  const responseDate = row.response_date ?? new Date(read.responseDate).toISOString()
  const next: HarvestRow = {
    ...row,
    state: token ? 'running' : 'done',
    token,
    reached: records.reduce<string | null>((max, one) => laterDay(max, one), row.reached),
    pages: row.pages + 1,
    records: row.records + records.length,
    stored: row.stored + stored,
    bad: row.bad + bad,
    response_date: responseDate,
    last_good_response: token ? row.last_good_response : responseDate,
    message: null,
    updated_at: now.toISOString(),
    finished_at: token ? null : now.toISOString(),
  }
  // Everything of the page is stored: from here on it is not asked for again. Killed before, it is, and changes nothing.
  await saveHarvest(db, next)
  return next
}

/** Stores what is wanted of some records; bad ones are named and left out. */
export async function storeRecords(
  db: Db,
  records: readonly ArxivRecord[],
  { isWanted, onBad }: Pick<HarvestOptions, 'isWanted' | 'onBad'>,
  now: Date,
): Promise<{ stored: number; bad: number }> {
  const papers = records.filter((one) => one.kind === 'paper')
  const unasked = papers.filter(({ record }) => !isWanted(record.categories)).map(({ id }) => id)
  const known = await paperIdsOf(db, unasked)
  const unknown = new Set(unasked.filter((id) => !known.has(id)))
  const kept = papers.filter(({ id }) => !unknown.has(id))
  await inTransaction(db, async (tx) => {
    await upsertPapers(
      tx,
      kept.map(({ record }) => record),
      now,
    )
    await wantedNoMore(
      tx,
      records.flatMap((one) => (one.kind === 'bad' ? [] : [one.id])),
    )
  })
  const bad = records.filter((one) => one.kind === 'bad')
  for (const one of bad) onBad?.(one)
  return { stored: kept.length, bad: bad.length }
}

function laterDay(max: string | null, record: ArxivRecord): string | null {
  if (record.kind === 'bad') return max
  const day = record.datestamp.slice(0, 10)
  return max === null || day > max ? day : max
}
