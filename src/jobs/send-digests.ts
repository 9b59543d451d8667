import { randomBytes } from 'node:crypto'
import { runDigests } from '../digest/index.ts'
import type { JobOutcome, JobRun, JobTools } from './job.ts'

/** Plans what was promised for now and sends it. Safe to run twice and beside itself: the database says what is done. */
export async function sendDigests({ digests, clock }: JobTools, { signal }: JobRun): Promise<JobOutcome> {
  if (!digests) return { result: { sent: 0, problem: 'mail is not set up' } }
  const worker = `${process.pid}-${randomBytes(6).toString('hex')}`
  const { stopped, ...report } = await runDigests(digests, { worker, signal })
  if (stopped) return { result: { ...report, stopped: stopped.reason }, again: stopped.goOnAt }
  return { result: { ...report, at: clock().toISOString() } }
}
