import { type Db, type OutgoingSourceTable, saveSourceHealth, sourceHealth } from '../../db/index.ts'
import { backOffMs } from './back-off.ts'

/** After so many failures in a row nobody waits for a source any more: one probe at the end of each pause. */
export const BREAKER_FAILURES = 5
/** A source that refuses us is probed once a day. Asking a server that said 403 again and again counts as an attack. */
const BLOCK_MS = 24 * 3_600_000

/** `isBroken`: it failed so often that waiting for it is no use. `isBlocked`: it does not want us. */
export type Closed = { until: Date; message: string; status?: number; isBroken: boolean; isBlocked: boolean }

/** Whether a source must not be asked now. */
export async function whyClosed(db: Db, source: string, now: Date): Promise<Closed | undefined> {
  const health = await sourceHealth(db, source)
  if (!health?.closed_until || health.closed_until <= now.toISOString()) return undefined
  return {
    until: new Date(health.closed_until),
    message: health.last_message ?? 'it failed before',
    ...(health.last_status === null ? {} : { status: health.last_status }),
    isBroken: health.failures >= BREAKER_FAILURES,
    isBlocked: health.blocked_at !== null,
  }
}

export async function recordSuccess(db: Db, source: string, at: Date, status: number): Promise<void> {
  await saveSourceHealth(db, {
    ...(await known(db, source)),
    failures: 0,
    closed_until: null,
    blocked_at: null,
    last_ok_at: at.toISOString(),
    last_status: status,
  })
}

/** Closes the source for as long as it asked, or as the back-off says if that is longer. */
export async function recordFailure(
  db: Db,
  source: string,
  at: Date,
  failure: { message: string; status?: number | undefined; askedMs?: number | undefined; random: () => number },
): Promise<Closed> {
  const health = await known(db, source)
  const failures = health.failures + 1
  const until = new Date(at.getTime() + Math.max(failure.askedMs ?? 0, backOffMs(failures, failure.random)))
  const { message, status } = failure
  await saveSourceHealth(db, { ...health, failures, ...closing(at, until, message, status) })
  return {
    until,
    message,
    ...(status === undefined ? {} : { status }),
    isBroken: failures >= BREAKER_FAILURES,
    isBlocked: false,
  }
}

export async function recordBlock(db: Db, source: string, at: Date, status: number): Promise<Closed> {
  const health = await known(db, source)
  const until = new Date(at.getTime() + BLOCK_MS)
  const message = `it refuses the requests of this server (status ${status}); the address may be blocked`
  await saveSourceHealth(db, {
    ...health,
    failures: health.failures + 1,
    ...closing(at, until, message, status),
    blocked_at: health.blocked_at ?? at.toISOString(),
  })
  return { until, message, status, isBroken: true, isBlocked: true }
}

function closing(at: Date, until: Date, message: string, status: number | undefined) {
  return {
    closed_until: until.toISOString(),
    last_failure_at: at.toISOString(),
    last_status: status ?? null,
    last_message: message,
  }
}

async function known(db: Db, source: string): Promise<OutgoingSourceTable> {
  const nothing = { closed_until: null, blocked_at: null, last_ok_at: null, last_failure_at: null }
  return (await sourceHealth(db, source)) ?? { source, failures: 0, ...nothing, last_status: null, last_message: null }
}
