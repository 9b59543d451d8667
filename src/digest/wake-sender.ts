import { type Db, enqueueJob } from '../db/index.ts'

/** Has the job that sends digests run as soon as a worker is free, in place of within a minute. */
export const wakeSender = (tx: Db, now: Date): Promise<unknown> =>
  enqueueJob(tx, { kind: 'send-digests', key: 'send-digests', hurry: true }, now)
