import { setImmediate as breathe } from 'node:timers/promises'
import type { Db } from '../../db/index.ts'
import { addDays, categoryGroups } from '../../papers/index.ts'
import { followsAny } from './followed.ts'
import { type ArxivGate, askAgainAt, askOai, whyNothing } from './gate.ts'
import { beginning, harvest } from './harvest.ts'
import { firstGathered, type HarvestRow, harvestRow, paperIdsOf, saveHarvest, want } from './queries.ts'
import { readOai } from './read-oai.ts'

/** Its place and its counts are kept in `harvest` under this and the category: seen, here, missing. */
export const COMPARED = 'identifiers '
/** More than this are not fetched one by one: a list of the days they changed on brings them in fewer requests. */
const MOST_SINGLE = 200
/** Ids looked up at a time; in between whoever waits for a page has a turn. */
const AT_ONCE = 1_000
const MAX_PAGES = 500
const MAX_BROKEN = 3

export type Comparison = {
  subjects: { subject: string; listed: number; missing: number }[]
  /** Why it stopped before its end; it goes on there. */
  problem?: string
  again?: Date
}

/**
 * Compares arXiv's lists of identifiers with what is here, for each followed subject, over all days that were harvested
 * since it is followed (all days, where all of arXiv was). What arXiv has and we lack is wanted, under the reason `hole`:
 * nights were seen in which its server left out records, and what no list shows nobody would ever ask for.
 */
export async function compareIdentifiers(gate: ArxivGate, followed: readonly string[]): Promise<Comparison> {
  const result: Comparison = { subjects: [] }
  const until = await harvestedUntil(gate.db)
  if (until === undefined) return { ...result, problem: 'nothing was harvested yet' }
  const isWhole = (await harvestRow(gate.db, 'all'))?.state === 'done'
  for (const subject of followed) {
    const set = setOf(subject)
    const first = isWhole ? undefined : await firstGathered(gate.db, subject)
    if (set === undefined || (!isWhole && (first === undefined || first > until))) continue
    const compared = await compareSubject(gate, { subject, set, from: first ?? null, until })
    if ('problem' in compared) return { ...result, ...compared }
    result.subjects.push(compared)
  }
  return result
}

/** The last day of change whose records must be here: the night before the last good harvest. */
async function harvestedUntil(db: Db): Promise<string | undefined> {
  const last = (await harvestRow(db, 'changes'))?.last_good_response
  return last ? addDays(last.slice(0, 10), -1) : undefined
}

/** `cs.LG` is `cs:cs:LG` here, `hep-lat` is `physics:hep-lat`, all of `math` is `math`. */
export function setOf(subject: string): string | undefined {
  for (const group of categoryGroups()) {
    if (group.id === subject && group.archives.length === 1) return group.id
    for (const archive of group.archives) {
      if (archive.id === subject) return `${group.id}:${archive.id}`
      if (archive.categories.some(({ id }) => id === subject))
        return `${group.id}:${archive.id}:${subject.slice(archive.id.length + 1)}`
    }
  }
  return undefined // of an archive that is no more: nothing new comes there
}

type Asked = { subject: string; set: string; from: string | null; until: string }

async function compareSubject(
  gate: ArxivGate,
  { subject, set, from, until }: Asked,
): Promise<Comparison['subjects'][number] | { problem: string; again?: Date }> {
  const { db, clock } = gate
  const name = `${COMPARED}${subject}`
  const known = await harvestRow(db, name)
  const fresh = () => beginning({ name, until, ...(from === null ? {} : { from }) }, undefined, clock())
  let row = known?.state === 'running' ? known : fresh()
  const days: { first?: string; last?: string } = {}
  for (let broken = 0; row.state === 'running'; ) {
    if (gate.signal?.aborted) return { problem: 'it was stopped' }
    const answer = await askOai(gate, parametersOf(row, set))
    if (answer.kind !== 'ok') {
      const again = askAgainAt(answer)
      return { problem: whyNothing(answer), ...(again ? { again } : {}) }
    }
    const read = readOai(answer.body)
    if (read.kind === 'broken' || (read.kind === 'error' && read.code === 'badResumptionToken')) {
      broken += 1
      if (broken >= MAX_BROKEN) return { problem: read.kind === 'broken' ? read.problem : read.message }
      if (read.kind === 'error') row = fresh()
      continue
    }
    if (read.kind === 'error' && read.code !== 'noRecordsMatch')
      return { problem: `arXiv answered ${read.code}: ${read.message}` }
    const headers = read.kind === 'list' ? read.records.filter(({ isDeleted }) => !isDeleted) : []
    const missing = await missingOf(db, headers)
    for (const { datestamp } of missing) {
      const day = datestamp.slice(0, 10)
      if (days.first === undefined || day < days.first) days.first = day
      if (days.last === undefined || day > days.last) days.last = day
    }
    const now = clock()
    const ids = missing.map(({ id }) => id)
    await want(db, ids, { reason: 'hole', now, nextAt: now })
    const token = read.kind === 'list' ? (read.token ?? null) : null
    const isEnd = token === null || row.pages >= MAX_PAGES
    row = {
      ...row,
      state: isEnd ? 'done' : 'running',
      token,
      pages: row.pages + 1,
      records: row.records + headers.length,
      stored: row.stored + headers.length - ids.length,
      bad: row.bad + ids.length,
      updated_at: now.toISOString(),
      finished_at: isEnd ? now.toISOString() : null,
    }
    await saveHarvest(db, row)
  }
  if (row.bad > MOST_SINGLE && days.first !== undefined && days.last !== undefined)
    await harvest(gate, {
      name: `holes ${subject}`,
      from: days.first,
      until: days.last,
      isWanted: followsAny([subject]),
    })
  return { subject, listed: row.records, missing: row.bad }
}

async function missingOf(
  db: Db,
  headers: readonly { identifier: string; datestamp: string }[],
): Promise<{ id: string; datestamp: string }[]> {
  const missing: { id: string; datestamp: string }[] = []
  for (let start = 0; start < headers.length; start += AT_ONCE) {
    const some = headers
      .slice(start, start + AT_ONCE)
      .map(({ identifier, datestamp }) => ({ id: identifier.replace(/^oai:arXiv\.org:/, ''), datestamp }))
    const known = await paperIdsOf(
      db,
      some.map(({ id }) => id),
    )
    missing.push(...some.filter(({ id }) => !known.has(id)))
    await breathe()
  }
  return missing
}

function parametersOf({ token, range_from, range_until }: HarvestRow, set: string): Record<string, string> {
  if (token) return { verb: 'ListIdentifiers', resumptionToken: token }
  return {
    verb: 'ListIdentifiers',
    metadataPrefix: 'arXivRaw',
    set,
    ...(range_from ? { from: range_from } : {}),
    ...(range_until ? { until: range_until } : {}),
  }
}
