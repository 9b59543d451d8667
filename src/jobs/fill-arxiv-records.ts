import { failRequest, queuedPapers, resolveRequests } from '../feed/index.ts'
import { fetchPaperById, fillWanted } from '../sources/index.ts'
import { openArxiv, switchedOff } from './arxiv-gate.ts'
import type { JobOutcome, JobRun, JobTools } from './job.ts'

/** Submitted papers looked for in one run. */
const SUBMITTED_AT_ONCE = 20
/** Nobody waits for a job: it takes the time that arXiv takes. */
const PATIENCE_MS = 5 * 60_000

/** Papers that somebody submitted first, then those that are known from a list only. */
export async function fillArxivRecords(tools: JobTools, run: JobRun): Promise<JobOutcome> {
  const arxiv = await openArxiv(tools, run)
  if (!arxiv) return switchedOff
  const { db, clock } = tools
  let submitted = 0
  for (const identifier of await queuedPapers(db, SUBMITTED_AT_ONCE)) {
    if (identifier.source !== 'arxiv' || run.signal.aborted) continue
    const fetched = await fetchPaperById(arxiv.gate, identifier.id, { withinMs: PATIENCE_MS })
    if (fetched.kind === 'unknown') await failRequest(db, identifier, fetched.message, clock())
    if (fetched.kind === 'queued') break
    submitted += 1
  }
  if (submitted > 0) await resolveRequests(db, clock())
  const { again: _, ...wanted } = await fillWanted(arxiv.gate)
  return { result: { submitted, ...wanted } }
}
