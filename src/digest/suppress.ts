import { createHash } from 'node:crypto'
import { type Db, inTransaction } from '../db/index.ts'
import { addressHash, normalAddress } from './address.ts'
import {
  addressOfDelivery,
  deleteSuppression,
  forgetSuppressed,
  insertReturn,
  insertSuppression,
  softReturnDays,
  suppressionOf,
} from './suppression-queries.ts'

export type ReturnKind = 'hard' | 'soft' | 'other' | 'complaint'

/** Mail that came back, or a complaint about it: from a bounce, a webhook, or the server's own reply. */
export type MailReturn = {
  kind: ReturnKind
  /** The address, or the delivery that went to it; with both, the delivery decides. */
  address?: string | undefined
  deliveryId?: string | undefined
  /** Enhanced status code, such as 5.1.1. */
  status?: string | undefined
  /** What was said, for the administrator. */
  evidence: string
  /** What makes the report one: told again, it counts once. Its content, when left out. */
  reportId?: string | undefined
}

/** Soft bounces on this many different days of the window, and nobody seems to read there any more. */
const SOFT_DAYS = 4
const SOFT_WINDOW_MS = 14 * 86_400_000
const MAX_EVIDENCE = 500

export type ReturnEffect = 'suppressed' | 'counted' | 'known' | 'nobody'

/** Takes a return in. Accounts and sign-in mail are not concerned: only mail that was subscribed to ends. */
export function takeReturn(db: Db, report: MailReturn, now: Date): Promise<ReturnEffect> {
  return inTransaction(db, async (tx) => {
    const sentTo = report.deliveryId ? await addressOfDelivery(tx, report.deliveryId) : undefined
    const address = sentTo ?? (report.address ? normalAddress(report.address) : undefined)
    if (!address) return 'nobody'
    const hash = addressHash(address)
    const { kind, status, deliveryId } = report
    const evidence = report.evidence.replaceAll(/\s+/g, ' ').trim().slice(0, MAX_EVIDENCE)
    const identity = report.reportId ?? `${deliveryId ?? now.toISOString()} ${evidence}`
    const isNew = await insertReturn(tx, {
      id: createHash('sha256').update(`${kind} ${hash} ${identity}`).digest('hex'),
      address_hash: hash,
      delivery_id: deliveryId ?? null,
      kind,
      status: status ?? null,
      evidence,
      received_at: now.toISOString(),
    })
    if (!isNew) return 'known'
    if (kind === 'other') return 'counted'
    if (kind === 'soft') {
      const since = new Date(now.getTime() - SOFT_WINDOW_MS).toISOString()
      if ((await softReturnDays(tx, hash, since)) < SOFT_DAYS) return 'counted'
    }
    await insertSuppression(tx, {
      address_hash: hash,
      address,
      reason: kind,
      evidence,
      created_at: now.toISOString(),
    })
    return 'suppressed'
  })
}

export async function isSuppressed(db: Db, address: string): Promise<boolean> {
  return (await suppressionOf(db, addressHash(address))) !== undefined
}

/** After a complaint nothing is sent to an address, not even a question, until an administrator says so. */
export async function isSuppressedForGood(db: Db, address: string): Promise<boolean> {
  return (await suppressionOf(db, addressHash(address)))?.reason === 'complaint'
}

/** The person confirmed again, so the address works; a complaint is released by an administrator only. */
export async function releaseSuppression(tx: Db, address: string, by: 'reader' | 'admin' = 'reader'): Promise<void> {
  const hash = addressHash(address)
  const known = await suppressionOf(tx, hash)
  if (known && (by === 'admin' || known.reason !== 'complaint')) await deleteSuppression(tx, hash)
}

/** The address goes, that it must get no mail stays. */
export async function forgetSuppressedAddress(tx: Db, address: string): Promise<void> {
  await forgetSuppressed(tx, addressHash(address))
}
