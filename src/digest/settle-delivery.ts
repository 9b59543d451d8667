import type { Db } from '../db/index.ts'
import type { Outcome } from '../lib/mail/index.ts'
import type { PaperId } from '../papers/index.ts'
import { classifyReply } from './classify-return.ts'
import { type ClaimRow, recordMailed, settleClaim } from './delivery-queries.ts'
import { takeReturn } from './suppress.ts'

/** The first wait after a refusal for now; doubled each time. Greylisting usually wants five minutes. */
const FIRST_RETRY_MS = 5 * 60_000
const LONGEST_RETRY_MS = 60 * 60_000
/** The server could not be used: the earliest moment to look again. */
const UNREACHABLE_RETRY_MS = 30_000

export type Settled = { state: 'sent' | 'planned' | 'failed' | 'unknown' | 'lost'; retryAt?: Date }

type Settling = {
  row: ClaimRow
  worker: string
  outcome: Outcome | { kind: 'unmade'; reason: string }
  /** To be remembered as had, if it went out. */
  papers: readonly PaperId[]
}

/** Writes down what became of a delivery that this worker holds. */
export async function settleDelivery(tx: Db, { row, worker, outcome, papers }: Settling, now: Date): Promise<Settled> {
  const settled_at = now.toISOString()
  const mine = { id: row.id, worker }
  const mailed = { subscriptionId: row.subscription_id, at: settled_at, covers: row.covers }
  switch (outcome.kind) {
    case 'accepted': {
      const isMine = await settleClaim(tx, mine, { state: 'sent', reply: outcome.reply.slice(0, 300), settled_at })
      await recordMailed(tx, mailed, papers)
      return { state: isMine ? 'sent' : 'lost' }
    }
    case 'unknown': {
      const reason = `the line was lost while the message was on its way: ${outcome.reason}`.slice(0, 300)
      await settleClaim(tx, mine, { state: 'unknown', reason, settled_at })
      await recordMailed(tx, mailed, papers)
      return { state: 'unknown' }
    }
    case 'temporary': {
      const retryAt = new Date(now.getTime() + Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** row.attempts))
      return again(tx, mine, retryAt, { reply: outcome.reply.slice(0, 300) })
    }
    case 'unreachable': {
      const retryAt = new Date(now.getTime() + Math.max(UNREACHABLE_RETRY_MS, outcome.retryInMs))
      // The mail itself was not even looked at: its own patience is not used up.
      return again(tx, mine, retryAt, { attempts: row.attempts, reply: outcome.reason.slice(0, 300) })
    }
    case 'stopped':
      return again(tx, mine, now, { attempts: row.attempts })
    case 'recipient': {
      const kind = classifyReply(outcome)
      const reason = `refused: ${outcome.reply}`.slice(0, 300)
      await settleClaim(tx, mine, { state: 'failed', reason, reply: outcome.reply.slice(0, 300), settled_at })
      await takeReturn(tx, { kind, deliveryId: row.id, status: outcome.enhanced, evidence: outcome.reply }, now)
      return { state: 'failed' }
    }
    case 'refused': {
      const reason = `refused (${outcome.stage}): ${outcome.reply}`.slice(0, 300)
      await settleClaim(tx, mine, { state: 'failed', reason, reply: outcome.reply.slice(0, 300), settled_at })
      return { state: 'failed' }
    }
    case 'unmade':
      await settleClaim(tx, mine, { state: 'failed', reason: `could not be made: ${outcome.reason}`, settled_at })
      return { state: 'failed' }
  }
}

async function again(
  tx: Db,
  mine: { id: string; worker: string },
  retryAt: Date,
  more: { attempts?: number; reply?: string },
): Promise<Settled> {
  const change = { state: 'planned', worker: null, began_at: null, retry_at: retryAt.toISOString(), ...more }
  await settleClaim(tx, mine, change)
  return { state: 'planned', retryAt }
}
