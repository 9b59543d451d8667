import { type Db, inTransaction } from '../db/index.ts'
import { AppError } from '../errors.ts'
import { describeOutcome, type Outcome } from '../lib/mail/index.ts'
import { currentAnnouncementDay, type Day, dayInWords } from '../papers/index.ts'
import { instanceSettings, recordAdminAction } from '../people/index.ts'
import {
  canaryOf,
  editionReaders,
  issuesWithoutCanary,
  recentCanaries,
  settleCanary,
  takeCanary,
} from './canary-queries.ts'
import { composeDigest } from './compose-digest.ts'
import { issueById } from './delivery-queries.ts'
import { contentOf, tryOutFor } from './digest-content.ts'
import { freezeIssue, type Issue, papersOfIssue, readIssue } from './freeze-issue.ts'
import type { DigestTools } from './mail-site.ts'
import { hasEdition } from './paper-queries.ts'
import type { AdminChange } from './pause.ts'
import { defaultSettings } from './subscription.ts'
import { wakeSender } from './wake-sender.ts'

// Miners took a bird along. The edition of each day goes to one address first, over the same server, made by the same
// templates. Until the server has taken it, no reader gets that edition; if it is refused, nobody gets mail about the day.

/** Not taken for now, or lost on the way: tried again after this long. Twice at one's own address hurts nobody. */
const AGAIN_MS = 5 * 60_000
/** A program that took the canary and said nothing for this long is gone. */
const LEASE_MS = 15 * 60_000
/** So many tries without success are worth a word to the administrator. */
const TRIES_UNTIL_ALERT = 3

/** Where canaries go; undefined where nobody asked for any. */
export async function canaryAddress(db: Db): Promise<string | undefined> {
  return (await instanceSettings(db, {})).canary || undefined
}

/** Whether the day's canary should go now: a cheap look, done every minute. */
export async function isCanaryDue({ db, isDayComplete }: Pick<DigestTools, 'db' | 'isDayComplete'>, now: Date) {
  const day = currentAnnouncementDay(now)
  const known = await canaryOf(db, day)
  if (known) return known.state === 'waiting' && known.try_at <= now.toISOString()
  return (await isDayComplete(day, now)) && (await hasEdition(db, day))
}

/**
 * Sends the canary of the newest day as soon as the day is complete, which freezes its issue, and those of other days
 * that readers wait for. Returns how many were taken by the server.
 */
export async function sendCanaries(tools: DigestTools, address: string): Promise<number> {
  const { db, clock, site } = tools
  const now = clock()
  // Mail that is due is less than twelve hours late, and its issue was frozen at most a day before its hour.
  const since = new Date(now.getTime() - 3 * 86_400_000).toISOString()
  const issues = new Map<Day, Issue>()
  const newest = currentAnnouncementDay(now)
  // Of a day that is not complete, the canary is what readers get at the deadline: their issue, below.
  if ((await isCanaryDue(tools, now)) && (await tools.isDayComplete(newest, now))) {
    const range = { from: newest, to: newest }
    const request = { want: { kind: 'edition' } as const, range, isPartial: false, slot: now }
    issues.set(newest, await freezeIssue(db, request, tryOutFor(site), now))
  }
  for (const { id, day } of await issuesWithoutCanary(db, { now: now.toISOString(), since })) {
    const row = await issueById(db, id)
    if (row && !issues.has(day)) issues.set(day, readIssue(row))
  }
  let taken = 0
  for (const [day, issue] of issues) if (await sendOne(tools, address, day, issue)) taken++
  return taken
}

async function sendOne(tools: DigestTools, address: string, day: Day, issue: Issue): Promise<boolean> {
  const { db, clock, log, mailer } = tools
  const now = clock()
  const until = new Date(now.getTime() + LEASE_MS).toISOString()
  if (!(await takeCanary(db, day, { now: now.toISOString(), until }))) return false
  const outcome = issue.problem
    ? ({ kind: 'unmade', reason: issue.problem } as const)
    : await mailer.send(await compose(tools, address, issue, now), { urgent: true })
  const settled = settledBy(outcome, clock())
  if (settled.state !== 'sent') log.error({ day, reply: settled.reply }, 'the canary of a day did not arrive')
  await settleCanary(db, day, settled)
  return settled.state === 'sent'
}

function settledBy(outcome: Outcome | { kind: 'unmade'; reason: string }, now: Date) {
  const at = now.toISOString()
  const later = (ms: number) => new Date(now.getTime() + Math.max(AGAIN_MS, ms)).toISOString()
  if (outcome.kind === 'unmade')
    return { state: 'failed', reply: `could not be made: ${outcome.reason}`.slice(0, 300), try_at: at, settled_at: at }
  const reply = describeOutcome(outcome).slice(0, 300)
  switch (outcome.kind) {
    case 'accepted':
      return { state: 'sent', reply, try_at: at, settled_at: at }
    case 'recipient':
    case 'refused':
      return { state: 'failed', reply, try_at: at, settled_at: at }
    case 'unreachable':
      return { state: 'waiting', reply, try_at: later(outcome.retryInMs), settled_at: null }
    default:
      return { state: 'waiting', reply, try_at: later(0), settled_at: null }
  }
}

async function compose({ db, site }: DigestTools, address: string, issue: Issue, now: Date) {
  const settings = defaultSettings(site.timeZone)
  const subscription = { ...settings, id: 'canary', subscriberId: 'canary', state: 'active', token: 'canary' } as const
  const { count, firstAt, waiting } = await editionReaders(db, now.toISOString())
  const readers =
    waiting > 0
      ? `${waiting === 1 ? 'One mail waits' : `${waiting} mails wait`} for it now.`
      : `${count === 1 ? 'One subscription waits' : `${count} subscriptions wait`} for this edition${firstAt ? `, the first at ${firstAt.slice(0, 16).replace('T', ' ')} UTC` : ''}.`
  const content = contentOf({
    ...{ site, subscription, subscriberToken: 'canary', email: address, issue },
    chosen: issue.chosen.slice(0, settings.length),
    papers: await papersOfIssue(db, issue.id),
    note: `The canary: this mail goes to you before any reader. ${readers} If something is wrong with it, pause all digests.`,
  })
  return composeDigest(content, { deliveryId: 'canary', periodKey: issue.range.to, date: now })
}

export type Canary = {
  day: Day
  state: 'waiting' | 'sent' | 'failed'
  tries: number
  reply?: string
  settledAt?: string
}

export async function canaries(db: Db, limit: number): Promise<Canary[]> {
  return (await recentCanaries(db, limit)).map(({ day, state, tries, reply, settled_at }) => ({
    ...{ day, state: state as Canary['state'], tries },
    ...(reply ? { reply } : {}),
    ...(settled_at ? { settledAt: settled_at } : {}),
  }))
}

/** What an administrator decides about a canary that did not arrive: try it again, or let the readers' mail go without. */
export function decideCanary(db: Db, day: Day, decision: 'again' | 'go on', change: AdminChange): Promise<void> {
  return inTransaction(db, async (tx) => {
    const known = await canaryOf(tx, day)
    if (!known || known.state === 'sent')
      throw new AppError('conflict', 'This canary is settled: nothing waits for a decision.')
    const at = change.at.toISOString()
    const reply = decision === 'again' ? (known.reply ?? '') : 'an administrator let the mail go without it'
    const state = decision === 'again' ? 'waiting' : 'sent'
    await settleCanary(tx, day, { state, reply, try_at: at, settled_at: decision === 'again' ? null : at })
    await wakeSender(tx, change.at)
    await recordAdminAction(tx, {
      ...change,
      ...{ kind: 'mail.canary', subject: `canary:${day}`, before: known.state, after: decision },
    })
  })
}

/** Canaries that an administrator should know of. */
export async function canaryTroubles(db: Db, now: Date): Promise<{ key: string; words: string }[]> {
  const day = currentAnnouncementDay(now)
  const known = await canaryOf(db, day)
  if (!known || known.state === 'sent') return []
  if (known.state === 'waiting' && known.tries < TRIES_UNTIL_ALERT) return []
  const effect =
    known.state === 'failed'
      ? 'Nobody gets mail about this day until an administrator decides at /admin/digests'
      : 'The edition of this day waits for it'
  return [
    { key: `canary:${day}`, words: `The canary of ${dayInWords(day)} did not arrive: ${known.reply}. ${effect}.` },
  ]
}
