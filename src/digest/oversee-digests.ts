import { type Db, inTransaction } from '../db/index.ts'
import { AppError } from '../errors.ts'
import { describeOutcome } from '../lib/mail/index.ts'
import { recordAdminAction } from '../people/index.ts'
import { addressHash, normalAddress } from './address.ts'
import { countsByIssue, deliveriesOf, issueById, lastSentAt } from './delivery-queries.ts'
import { tryOutFor } from './digest-content.ts'
import { type Draft, previewFor } from './draft-digest.ts'
import { papersOfIssue, readIssue } from './freeze-issue.ts'
import type { DigestTools, MailSite } from './mail-site.ts'
import {
  countSubscriptions,
  countWaiting,
  type IssueRow,
  issuesBefore,
  mendIssue,
  nextPromise,
  planFailedAgain,
  reasonsOfIssue,
  reasonsWithoutIssue,
  returnsOfAddress,
} from './oversight-queries.ts'
import { type AdminChange, mailPausedSince } from './pause.ts'
import { LATEST_MS } from './plan-deliveries.ts'
import { readSubscription, type Subscription } from './subscription.ts'
import { countOverdue, subscriberByEmail, subscriptionsOf } from './subscription-queries.ts'
import {
  countReturns,
  deleteSuppression,
  insertSuppression,
  suppressionOf,
  suppressions,
} from './suppression-queries.ts'
import { wakeSender } from './wake-sender.ts'

// What administrators see of the mail, and what they can do about it. Addresses are never listed, only looked up.

const OVERDUE_MS = 4 * 3_600_000
const WINDOW_MS = 14 * 86_400_000
const REASONS_SHOWN = 30
/** Servers say the same of each mail in other words: read more than is shown, and joined. */
const REASONS_READ = 500

/** What became of promised mails, in the words of the page for administrators. */
export const outcomes = [
  'sent',
  'waiting',
  'empty',
  'failed',
  'unknown',
  'suppressed',
  'late',
  'ended',
  'unmade',
] as const
export type DeliveryOutcome = (typeof outcomes)[number]
export type OutcomeCounts = Partial<Record<DeliveryOutcome, number>>

/** Which of them a delivery is; a skipped one is told by the beginning of its reason. */
export function outcomeOf(state: string, reason: string | null): DeliveryOutcome {
  if (state === 'planned' || state === 'claimed') return 'waiting'
  if (state !== 'skipped') return state as DeliveryOutcome
  if (reason?.startsWith('no papers')) return 'empty'
  if (reason?.startsWith('suppressed')) return 'suppressed'
  if (reason?.startsWith('too late')) return 'late'
  return /^(unsubscribed|paused|not confirmed)/.test(reason ?? '') ? 'ended' : 'unmade'
}

/** Servers like to repeat the address they refuse. */
export const withoutAddresses = (text: string): string => text.replaceAll(/[^\s<>@:,;"]+@[^\s<>@,;"]+/g, '(address)')

export type IssueReport = {
  id: string
  kind: string
  from: string
  to: string
  frozenAt: string
  papers: number
  isPartial: boolean
  problem?: string
  counts: OutcomeCounts
}

const reportOf = (row: IssueRow, counts: OutcomeCounts): IssueReport => ({
  ...{ id: row.id, kind: row.kind, from: row.from_day, to: row.day, frozenAt: row.frozen_at, counts },
  papers: (JSON.parse(row.papers) as unknown[]).length,
  isPartial: row.is_partial === 1,
  ...(row.problem ? { problem: row.problem.split('\n')[0] as string } : {}),
})

/** Issues with what became of their mails, newest first. */
export async function issueReports(
  db: Db,
  { limit, before }: { limit: number; before?: string },
): Promise<{ issues: IssueReport[]; next?: string }> {
  const rows = await issuesBefore(db, limit + 1, before)
  const shown = rows.slice(0, limit)
  const ids = shown.map(({ id }) => id)
  const counts = new Map<string | null, OutcomeCounts>()
  for (const { issue_id, state, reason, count } of ids.length > 0 ? await countsByIssue(db, ids) : []) {
    const ofIssue = counts.get(issue_id) ?? {}
    const outcome = outcomeOf(state, reason)
    ofIssue[outcome] = (ofIssue[outcome] ?? 0) + count
    counts.set(issue_id, ofIssue)
  }
  const issues = shown.map((row) => reportOf(row, counts.get(row.id) ?? {}))
  const last = issues.at(-1)
  return { issues, ...(rows.length > limit && last ? { next: last.frozenAt } : {}) }
}

export type Reason = { outcome: DeliveryOutcome; state: string; why: string; count: number }

const reasonsIn = (rows: readonly { state: string; reason: string | null; count: number }[]): Reason[] => {
  const merged = new Map<string, Reason>()
  for (const { state, reason, count } of rows) {
    const why = withoutAddresses(reason ?? '')
    const known = merged.get(`${state} ${why}`)
    if (known) known.count += count
    else merged.set(`${state} ${why}`, { outcome: outcomeOf(state, reason), state, why, count })
  }
  return [...merged.values()]
}

/** One issue with the reasons why mails did not go out; `isRecent`: some may be tried again. */
export async function issueInDetail(
  db: Db,
  id: string,
  now: Date,
): Promise<{ issue: IssueReport; reasons: Reason[]; isRecent: boolean } | undefined> {
  const row = await issueById(db, id)
  if (!row) return undefined
  const reasons = reasonsIn(await reasonsOfIssue(db, id, REASONS_READ))
  const counts: OutcomeCounts = {}
  for (const { state, reason, count } of await countsByIssue(db, [id])) {
    const outcome = outcomeOf(state, reason)
    counts[outcome] = (counts[outcome] ?? 0) + count
  }
  const isRecent = now.getTime() - Date.parse(row.frozen_at) < 2 * LATEST_MS
  return { issue: reportOf(row, counts), reasons, isRecent }
}

export type MailOverview = {
  pausedSince?: string
  lastSent?: string
  nextPromise?: string
  waiting: number
  overdue: number
  returns: Record<string, number>
  subscriptions: { kind: string; rhythm: string; state: string; count: number }[]
  /** Promised mails of two weeks that no issue was made for. */
  withoutIssue: Reason[]
}

export async function mailOverview(db: Db, now: Date): Promise<MailOverview> {
  const since = new Date(now.getTime() - WINDOW_MS).toISOString()
  const pausedSince = await mailPausedSince(db)
  const lastSent = await lastSentAt(db)
  const next = await nextPromise(db)
  return {
    ...(pausedSince ? { pausedSince } : {}),
    ...(lastSent ? { lastSent } : {}),
    ...(next ? { nextPromise: next } : {}),
    waiting: await countWaiting(db, now.toISOString()),
    overdue: await countOverdue(db, new Date(now.getTime() - OVERDUE_MS).toISOString()),
    returns: await countReturns(db, since),
    subscriptions: await countSubscriptions(db),
    withoutIssue: reasonsIn(await reasonsWithoutIssue(db, since, REASONS_SHOWN)),
  }
}

/** An address that gets no mail, as the page shows it: enough to recognise, too little to write to. */
export type Suppressed = { hash: string; hint: string; reason: string; evidence: string; since: string }

export async function suppressedAddresses(db: Db, limit: number): Promise<Suppressed[]> {
  return (await suppressions(db, limit)).map(({ address_hash, address, reason, evidence, created_at }) => ({
    ...{ hash: address_hash, reason, since: created_at },
    hint: address ? hintOf(address) : 'an address that was forgotten',
    evidence: withoutAddresses(evidence),
  }))
}

const hintOf = (address: string) => `${address.slice(0, 1)}…@${address.split('@')[1]}`

export type AddressReport = {
  email: string
  confirmedAt?: string
  askedAt?: string
  subscriptions: Subscription[]
  deliveries: { subscriptionId: string; period: string; state: string; reason?: string; at: string }[]
  returns: { kind: string; evidence: string; at: string }[]
  suppression?: Suppressed
}

/** Everything about the mail to one address, for somebody who asks why none comes. Throws `bad_email`. */
export async function lookUpAddress(db: Db, text: string): Promise<AddressReport> {
  const email = normalAddress(text)
  const hash = addressHash(email)
  const subscriber = await subscriberByEmail(db, email)
  const rows = subscriber ? await subscriptionsOf(db, subscriber.id) : []
  const deliveries = await deliveriesOf(
    db,
    rows.map(({ id }) => id),
    20,
  )
  const suppressed = await suppressionOf(db, hash)
  return {
    email,
    ...(subscriber?.confirmed_at ? { confirmedAt: subscriber.confirmed_at } : {}),
    ...(subscriber?.asked_at ? { askedAt: subscriber.asked_at } : {}),
    subscriptions: rows.map(readSubscription),
    deliveries: deliveries.map(({ subscription_id, period_key, state, reason, reply, slot_at }) => ({
      ...{ subscriptionId: subscription_id, period: period_key, state, at: slot_at },
      ...((reason ?? reply) ? { reason: (reason ?? reply) as string } : {}),
    })),
    returns: (await returnsOfAddress(db, hash, 10)).map(({ kind, evidence, received_at }) => ({
      ...{ kind, evidence, at: received_at },
    })),
    ...(suppressed
      ? {
          suppression: {
            ...{ hash, hint: email, reason: suppressed.reason, evidence: suppressed.evidence },
            since: suppressed.created_at,
          },
        }
      : {}),
  }
}

/**
 * Lets mail go to an address again. Readers release everything but complaints themselves, by confirming again; this is
 * for the rest, and for whoever asks the administrator. Throws `not_found`.
 */
export function releaseByHand(db: Db, hash: string, change: AdminChange): Promise<void> {
  return inTransaction(db, async (tx) => {
    const known = await suppressionOf(tx, hash)
    if (!known) throw new AppError('not_found', 'Mail to this address is not suppressed, or not any more.')
    await deleteSuppression(tx, hash)
    const before = { reason: known.reason, since: known.created_at }
    await recordAdminAction(tx, {
      ...change,
      ...{ kind: 'mail.release', subject: `address:${hash.slice(0, 16)}`, before, after: null },
    })
  })
}

/** No more mail to an address, because its owner asked in another way. Throws `bad_email`, `conflict`. */
export function suppressByHand(db: Db, text: string, change: AdminChange): Promise<void> {
  const address = normalAddress(text)
  const hash = addressHash(address)
  return inTransaction(db, async (tx) => {
    if (await suppressionOf(tx, hash)) throw new AppError('conflict', 'Mail to this address is suppressed already.')
    const evidence = change.reason || 'by an administrator'
    await insertSuppression(tx, {
      ...{ address_hash: hash, address, reason: 'by hand', evidence, created_at: change.at.toISOString() },
    })
    await recordAdminAction(tx, {
      ...change,
      ...{ kind: 'mail.suppress', subject: `address:${hash.slice(0, 16)}`, before: null, after: { reason: 'by hand' } },
    })
  })
}

/**
 * Tries the refused mails of an issue again, and those that were never made because the issue could not be; if it still
 * cannot, throws `conflict` with the reason. Mails of unknown fate, and those promised too long ago, are left alone.
 */
export function retryIssue(db: Db, site: MailSite, id: string, change: AdminChange): Promise<number> {
  return inTransaction(db, async (tx) => {
    const row = await issueById(tx, id)
    if (!row) throw new AppError('not_found', 'There is no such issue.')
    if (row.state === 'failed') {
      const { problem: _, ...issue } = readIssue(row)
      try {
        tryOutFor(site)(issue, await papersOfIssue(tx, id))
      } catch (error) {
        throw new AppError('conflict', `The issue still cannot be made: ${(error as Error).message}`, { cause: error })
      }
      await mendIssue(tx, id)
    }
    const promisedSince = new Date(change.at.getTime() - LATEST_MS).toISOString()
    const again = await planFailedAgain(tx, id, { promisedSince, now: change.at.toISOString() })
    const log = { kind: 'mail.retry', subject: `issue:${id}`, before: null, after: again } as const
    if (again > 0 || row.state === 'failed') await recordAdminAction(tx, { ...change, ...log })
    if (again > 0) await wakeSender(tx, change.at)
    return again
  })
}

/** Sends an administrator what readers would get, now, and to nobody else. Returns the server's answer in words. */
export async function sendTest(
  tools: DigestTools,
  { draft, to }: { draft: Draft; to: string },
  change: AdminChange,
): Promise<{ isSent: boolean; words: string }> {
  const note = 'A test that an administrator asked for: it was sent to this address alone.'
  const mail = await previewFor(tools, draft, { email: to, token: 'test', note }, change.at)
  if (!mail) return { isSent: false, words: 'There are no papers for such a mail just now.' }
  // Another one each time, or the mailbox takes the second test for a copy of the first.
  const messageId = mail.messageId?.replace('@', `.${change.at.getTime()}@`)
  const test = { ...mail, subject: `Test: ${mail.subject}`, ...(messageId ? { messageId } : {}) }
  const outcome = await tools.mailer.send(test, { urgent: true })
  const after = outcome.kind
  await recordAdminAction(tools.db, { ...change, kind: 'mail.test', subject: 'mail:test', before: null, after })
  return { isSent: outcome.kind === 'accepted', words: describeOutcome(outcome) }
}
