import { type Db, inDurableTransaction, inTransaction } from '../db/index.ts'
import { bootId } from '../lib/boot-id.ts'
import {
  type ClaimRow,
  changeDeliveries,
  claim,
  type DeliveryRow,
  dueDeliveries,
  expiredClaims,
  recordMailed,
} from './delivery-queries.ts'
import { LATEST_MS } from './plan-deliveries.ts'
import { takeReturn } from './suppress.ts'

/** A claim must outlast the slowest way a message can end, or it is taken for dead while it is not. */
export const LEASE_MS = 15 * 60_000

export type Claims = { claimed: ClaimRow[]; skipped: number }

/**
 * Takes due deliveries for a worker. All that may have changed since they were planned is looked at again here: ended,
 * paused, suppressed, too late. Those come out as skipped, each with its reason.
 */
export async function claimDeliveries(
  db: Db,
  worker: string,
  now: Date,
  limit: number,
  { hasCanary = false } = {},
): Promise<Claims> {
  await settleExpired(db, now)
  const hold = { lateBefore: new Date(now.getTime() - LATEST_MS).toISOString() }
  const due = await dueDeliveries(db, now.toISOString(), limit, hasCanary ? hold : undefined)
  if (due.length === 0) return { claimed: [], skipped: 0 }
  return inDurableTransaction(db, async (tx) => {
    const good: ClaimRow[] = []
    let skipped = 0
    for (const row of due) {
      const reason = whyNot(row, now)
      if (reason === undefined) {
        good.push(row)
        continue
      }
      const change = { state: 'skipped', reason, settled_at: now.toISOString() }
      skipped += await changeDeliveries(tx, [row.id], 'planned', change)
      // Refused for now until the end: the mailbox may be full, or gone. Counted as a bounce that may pass.
      if (reason.startsWith('too late') && /^4\d\d/.test(row.reply ?? ''))
        await takeReturn(tx, { kind: 'soft', deliveryId: row.id, evidence: row.reply ?? '' }, now)
    }
    const lease = { worker, leaseUntil: new Date(now.getTime() + LEASE_MS).toISOString() }
    const mine = await claim(
      tx,
      good.map(({ id }) => id),
      lease,
    )
    return { claimed: good.filter(({ id }) => mine.has(id)), skipped }
  })
}

function whyNot(row: ClaimRow, now: Date): string | undefined {
  if (row.subscription_state === 'ended') return 'unsubscribed'
  if (row.subscription_state === 'paused') return 'paused'
  if (row.subscription_state !== 'active' || row.confirmed_at === null) return 'not confirmed'
  if (row.suppressed !== null) return `suppressed: ${row.suppressed}`
  if (row.issue_state === 'failed') return 'the issue could not be made'
  if (now.getTime() - Date.parse(row.slot_at) > LATEST_MS) {
    const why = row.canary_state === 'failed' ? 'the canary was refused' : row.reply
    return `too late${why ? `: ${why}` : ''}`.slice(0, 300)
  }
  return undefined
}

const EXPIRED_AT_ONCE = 500

/**
 * Claims whose worker is gone. Where the message had begun to flow, the server may have it: unknown, and not sent again.
 * Where it had not, it is planned again; but not where the machine itself went down since: a power cut may have taken the
 * mark back.
 */
async function settleExpired(db: Db, now: Date): Promise<void> {
  const expired = await expiredClaims(db, now.toISOString(), EXPIRED_AT_ONCE)
  if (expired.length === 0) return
  await inTransaction(db, async (tx) => {
    const isBegun = (row: DeliveryRow) => row.began_at !== null || row.worker?.split('/')[0] !== bootId()
    const [begun, fresh] = [expired.filter(isBegun), expired.filter((row) => !isBegun(row))]
    await changeDeliveries(
      tx,
      fresh.map(({ id }) => id),
      'claimed',
      { state: 'planned', worker: null, lease_until: null },
    )
    for (const row of begun) await settleUnknown(tx, row, 'the program ended while the message was on its way', now)
  })
}

/** The reader may have it: its days and papers count as had. */
export async function settleUnknown(
  tx: Db,
  row: Pick<ClaimRow, 'id' | 'subscription_id' | 'covers' | 'papers'>,
  reason: string,
  now: Date,
): Promise<void> {
  const settled_at = now.toISOString()
  const changed = await changeDeliveries(tx, [row.id], 'claimed', {
    state: 'unknown',
    reason,
    settled_at,
    lease_until: null,
  })
  if (changed === 0) return
  const papers = row.papers === null ? [] : (JSON.parse(row.papers) as [number, string][])
  const mailed = { subscriptionId: row.subscription_id, at: settled_at, covers: row.covers }
  await recordMailed(
    tx,
    mailed,
    papers.map(([paper]) => paper),
  )
}
