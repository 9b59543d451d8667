import { findCodeLinks } from '../sources/index.ts'
import type { JobOutcome, JobTools } from './job.ts'

export async function findLinks({ db, clock, enrich }: JobTools): Promise<JobOutcome> {
  if (!enrich?.codeLinks) return { result: { switchedOff: true } }
  const { added, hasMore } = await findCodeLinks(db)
  return { result: { added }, ...(hasMore ? { again: clock() } : {}) }
}
