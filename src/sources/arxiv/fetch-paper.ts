import { setTimeout as sleep } from 'node:timers/promises'
import { type PaperId, parseArxivId, upsertPapers } from '../../papers/index.ts'
import { readArxivRaw } from './arxiv-raw.ts'
import { type ArxivGate, askAgainAt, askApi, askOai, whyNothing } from './gate.ts'
import { storeRecords } from './harvest.ts'
import { paperIdsOf, postponeWanted, want, wantedDue, wantedNoMore } from './queries.ts'
import { readApi } from './read-api.ts'
import { readOai } from './read-oai.ts'

/** What became of a wish for one paper. `queued`: arXiv was too slow or is not to be asked now; it comes by itself. */
export type FetchedPaper =
  | { kind: 'found'; paperId: PaperId; isNew: boolean }
  | { kind: 'unknown'; message: string }
  | { kind: 'queued'; message: string }

const WITHIN_MS = 10_000
/** arXiv's own record of a paper that the API gave is fetched when the nightly harvest has not brought it. */
const RECORD_AFTER_MS = 12 * 3_600_000
/** Single records fetched in one run, at three seconds each. */
const MAX_SINGLE = 60
/** A wish that failed is tried again after this, doubled each time. */
const FIRST_PAUSE_MS = 15 * 60_000
const MAX_TRIES = 8
/** What arXiv says it has is never given up, only asked for less and less often. */
const LONGEST_PAUSE_MS = 7 * 86_400_000

/**
 * Gets a paper that somebody names, by any form of its id or address. Answers within ten seconds: if arXiv takes longer,
 * the wish is kept and the answer stored whenever it comes.
 */
export async function fetchPaperById(
  gate: ArxivGate,
  text: string,
  { withinMs = WITHIN_MS }: { withinMs?: number } = {},
): Promise<FetchedPaper> {
  const id = parseArxivId(text)?.id
  if (!id) return { kind: 'unknown', message: 'This is no id or address of a paper of arXiv.' }
  const known = (await paperIdsOf(gate.db, [id])).get(id)
  if (known !== undefined) return { kind: 'found', paperId: known, isNew: false }
  const now = gate.clock()
  await want(gate.db, [id], { reason: 'submitted', now, nextAt: now })
  const queued: FetchedPaper = {
    kind: 'queued',
    message: `arXiv takes its time; ${id} will be here as soon as it answers.`,
  }
  const stop = new AbortController()
  const tooLong = sleep(withinMs, queued, { signal: stop.signal, ref: false }).catch(() => queued)
  const work = fetchFromApi(gate, id, withinMs)
  // When the time is up the answer is still stored as soon as it comes; a failure then leaves the wish in the queue.
  work.catch((error: Error) => gate.log?.warn({ err: error, id }, 'a paper that was asked for could not be stored'))
  try {
    return await Promise.race([work, tooLong])
  } finally {
    stop.abort()
  }
}

async function fetchFromApi(gate: ArxivGate, id: string, patienceMs: number): Promise<FetchedPaper> {
  const answer = await askApi(gate, { id_list: id, max_results: '1' }, { patienceMs, tries: 1 })
  const now = gate.clock()
  if (answer.kind !== 'ok' && !(answer.kind === 'refused' && answer.status === 400))
    return { kind: 'queued', message: whyNothing(answer) }
  const read = readApi(answer.body)
  if (read.kind === 'broken') return { kind: 'queued', message: read.problem }
  const gone = `arXiv has no paper ${id}.`
  if (read.kind === 'error') {
    await wantedNoMore(gate.db, [id])
    return { kind: 'unknown', message: gone }
  }
  const entry = read.entries.find((one) => one.id === id)
  if (!entry) {
    // Its index lags: what was announced a moment ago may be missing, so the record itself is asked for before giving up.
    return await fetchRecord(gate, id)
  }
  const [outcome] = await upsertPapers(gate.db, [entry.record], now)
  await wantedNoMore(gate.db, [id])
  await want(gate.db, [id], { reason: 'listed', now, nextAt: new Date(now.getTime() + RECORD_AFTER_MS) })
  return { kind: 'found', paperId: outcome!.paperId, isNew: outcome!.outcome === 'added' }
}

/** arXiv's own record of one paper, by OAI. */
async function fetchRecord(gate: ArxivGate, id: string): Promise<FetchedPaper & { again?: Date }> {
  const { db, clock } = gate
  const parameters = { verb: 'GetRecord', metadataPrefix: 'arXivRaw', identifier: `oai:arXiv.org:${id}` }
  const answer = await askOai(gate, parameters)
  if (answer.kind !== 'ok') {
    const again = askAgainAt(answer)
    return { kind: 'queued', message: whyNothing(answer), ...(again ? { again } : {}) }
  }
  const read = readOai(answer.body)
  if (read.kind === 'broken') return { kind: 'queued', message: read.problem }
  if (read.kind === 'error') {
    if (read.code !== 'idDoesNotExist') return { kind: 'queued', message: `arXiv answered ${read.code}` }
    await wantedNoMore(db, [id])
    return { kind: 'unknown', message: `arXiv has no paper ${id}.` }
  }
  const record = readArxivRaw(read.records[0]!)
  if (record.kind === 'bad') return { kind: 'queued', message: `its record cannot be read: ${record.problem}` }
  await storeRecords(db, [record], { isWanted: () => true }, clock())
  const paperId = (await paperIdsOf(db, [id])).get(id)
  if (paperId === undefined) return { kind: 'unknown', message: `arXiv removed ${id}.` }
  return { kind: 'found', paperId, isNew: true }
}

export type WantedReport = { found: number; gone: number; postponed: number; again?: Date }

/** Fetches the records that are wanted and due: papers known from a list only, replaced ones, and submitted ones. */
export async function fillWanted(gate: ArxivGate): Promise<WantedReport> {
  const report: WantedReport = { found: 0, gone: 0, postponed: 0 }
  for (const { base_id, tries, reason } of await wantedDue(gate.db, gate.clock(), MAX_SINGLE)) {
    if (gate.signal?.aborted) break
    const result = await fetchRecord(gate, base_id)
    if (result.kind === 'found') report.found += 1
    else if (result.kind === 'unknown') report.gone += 1
    else {
      report.postponed += 1
      if (result.again) report.again = result.again
      if (tries + 1 >= MAX_TRIES && reason !== 'hole') await wantedNoMore(gate.db, [base_id])
      else {
        const pause = Math.min(FIRST_PAUSE_MS * 2 ** tries, LONGEST_PAUSE_MS)
        await postponeWanted(gate.db, base_id, new Date(gate.clock().getTime() + pause), result.message)
      }
      if (result.again) break
    }
  }
  return report
}
