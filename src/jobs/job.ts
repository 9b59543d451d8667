import type { Db } from '../db/index.ts'
import type { DigestTools } from '../digest/index.ts'
import type { Log } from '../lib/log.ts'
import type { Mailer } from '../lib/mail/index.ts'
import type { PoliteClient } from '../lib/polite-http/index.ts'
import type { ArxivSettings, StarsSettings } from '../sources/index.ts'

/** What every job works with; `compose` makes it. A room's services are added here by whoever needs them. */
export type JobTools = {
  db: Db
  clock: () => Date
  log: Log
  http: PoliteClient
  /** Undefined where gathering is switched off. */
  arxiv?: ArxivSettings | undefined
  /** Why nothing more should be stored, such as a disk that is nearly full; undefined when all is well. */
  storageProblem?: () => string | undefined
  /** What is added to papers later; nothing where left out. */
  enrich?: { codeLinks: boolean; stars?: StarsSettings; artifacts?: { url: string } }
  /** Undefined where mail is not set up. */
  mailer: Mailer | undefined
  /** Undefined where mail is not set up. */
  digests?: DigestTools | undefined
  alerts: Alerts
}

/** Who is told when gathering fails, and what the mail says of this site. */
export type Alerts = {
  to: string | undefined
  site: { name: string; address: string | undefined }
  instanceZone: string
  /** All jobs, for the late ones among them; a function, because the table names the job that asks. */
  jobs: () => readonly JobDefinition[]
}

export type JobRun = {
  /** What the request said, plain JSON: check it before use. */
  payload: unknown
  /** 1 for the first try. */
  attempt: number
  /** Aborted when the program stops, the time is up or the lease is lost: end at the next safe point. */
  signal: AbortSignal
}

/** `result` is kept as the job's last result, plain JSON. `again`: run once more then, such as while a day is pending. */
// biome-ignore lint/suspicious/noConfusingVoidType: a job without anything to tell just ends
export type JobOutcome = { result?: unknown; again?: Date } | void

/**
 * Jobs of one lane run one after the other (or `laneWidths` at a time), those of different lanes beside each other: a
 * slow source never delays arXiv's day, and neither delays mail.
 */
export const lanes = ['day', 'mail', 'digests', 'index', 'sources', 'upkeep'] as const
export type Lane = (typeof lanes)[number]
export const laneWidths: Record<Lane, number> = { day: 1, mail: 1, digests: 1, index: 1, sources: 3, upkeep: 1 }

/** A job, as one row of the table: small, named by a verb, safe to run twice, resuming from what the database says. */
export type JobDefinition = {
  name: string
  /** One line for the status page. */
  about: string
  lane: Lane
  run: (tools: JobTools, run: JobRun) => Promise<JobOutcome>
  /** When it runs by itself. `zone` is an IANA name; `instance` is the time zone of the instance's settings. */
  schedule?: { cron: string; zone: 'America/New_York' | 'instance' }
  /** Without a success for this long after the time it was due, it is late: the status page says so and mail is sent. */
  lateAfterMinutes?: number
  /** Longest a run may take, in minutes; 30 when left out. Then it counts as failed and is tried again. */
  timeLimitMinutes?: number
  /** Runs before it is given up until its next scheduled time; 8 when left out. */
  maxAttempts?: number
}

/** A failure that knows when trying again makes sense, such as after `Retry-After`. Any error with a `retryAt` counts. */
export function retryAtOf(error: unknown): Date | undefined {
  const at = (error as { retryAt?: unknown } | null)?.retryAt
  return at instanceof Date && !Number.isNaN(at.getTime()) ? at : undefined
}
