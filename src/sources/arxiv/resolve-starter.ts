import { foldForKey } from '../../lib/tex/index.ts'
import { upsertPapers } from '../../papers/index.ts'
import { type ArxivGate, askAgainAt, askApi, whyNothing } from './gate.ts'
import { type StarterPaper, saveLookup, unresolvedStarters, want } from './queries.ts'
import { type ApiEntry, readApi } from './read-api.ts'

export type StarterReport = { resolved: number; missing: number; left: number; message?: string; again?: Date }

/** Ids in one request; arXiv allows far more. */
const IDS_AT_ONCE = 100
/** A title is one phrase; of so many papers that hold it, those of exactly this title are looked for. */
const RESULTS = 10
/** arXiv asks to leave its API alone while it announces. */
const QUIET_MS = 3_600_000

/**
 * Fetches the abstracts of the starter papers, once: by id where it is known, else by title, which must be exactly the
 * same when folded, and of one paper only. Our summaries stay beside them. Each paper is looked for once; killed in
 * between, it goes on with those that are left.
 */
export async function resolveStarter(gate: ArxivGate): Promise<StarterReport> {
  const { db, clock } = gate
  const starters = await unresolvedStarters(db)
  const report: StarterReport = { resolved: 0, missing: 0, left: starters.length }
  const quietUntil = starters.length > 0 ? quietTime(clock()) : undefined
  if (quietUntil) return { ...report, message: 'arXiv announces papers; its API is left alone', again: quietUntil }
  const take = async (paper: StarterPaper, entry: ApiEntry | undefined) => {
    const now = clock()
    if (entry) {
      // Both names, so that it becomes known of this very paper, however short its title is.
      const identifiers = [...entry.record.identifiers, paper.identifier]
      await upsertPapers(db, [{ ...entry.record, identifiers }], now)
      await want(db, [entry.id], { reason: 'listed', now, nextAt: now })
    }
    await saveLookup(db, paper.paperId, entry ? `found ${entry.id}` : 'no paper of this title', now)
    report[entry ? 'resolved' : 'missing'] += 1
    report.left -= 1
  }
  const ask = async (parameters: Record<string, string>): Promise<ApiEntry[] | { message: string; again?: Date }> => {
    const answer = await askApi(gate, parameters)
    if (answer.kind !== 'ok') {
      const again = askAgainAt(answer)
      return { message: whyNothing(answer), ...(again ? { again } : {}) }
    }
    const read = readApi(answer.body)
    if (read.kind === 'entries') return read.entries
    return { message: read.kind === 'error' ? read.message : read.problem }
  }
  const withId = starters.filter(({ arxivId }) => arxivId !== undefined)
  for (let start = 0; start < withId.length; start += IDS_AT_ONCE) {
    const batch = withId.slice(start, start + IDS_AT_ONCE)
    const ids = batch.map(({ arxivId }) => arxivId).join(',')
    const entries = await ask({ id_list: ids, max_results: String(batch.length) })
    if (!Array.isArray(entries)) return { ...report, ...entries }
    for (const paper of batch)
      await take(
        paper,
        entries.find(({ id }) => id === paper.arxivId),
      )
  }
  for (const paper of starters) {
    if (paper.arxivId !== undefined) continue
    if (gate.signal?.aborted) break
    const entries = await ask({ search_query: `ti:"${phraseOf(paper.title)}"`, max_results: String(RESULTS) })
    if (!Array.isArray(entries)) return { ...report, ...entries }
    const key = foldForKey(paper.title)
    const same = entries.filter(({ record }) => foldForKey(record.title) === key)
    await take(paper, same.length === 1 ? same[0] : undefined)
  }
  return report
}

/** The words of a title as the API's search takes a phrase: no quotes, no operators, no TeX. */
function phraseOf(title: string): string {
  return foldForKey(title)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

/** Between 20:00 and 21:00 in New York: when it is over. */
function quietTime(now: Date): Date | undefined {
  const hour = Number(
    new Intl.DateTimeFormat('en-US', { timeZone: 'America/New_York', hourCycle: 'h23', hour: 'numeric' }).format(now),
  )
  return hour === 20 ? new Date(Math.ceil((now.getTime() + 1) / QUIET_MS) * QUIET_MS) : undefined
}
