import { dayAtOrBefore } from '../feed/index.ts'
import { addDays, authorKey, currentAnnouncementDay, type PaperId } from '../papers/index.ts'
import { randomToken } from './address.ts'
import { type Chosen, choosePapers } from './choose-papers.ts'
import { composeDigest, type DigestMail } from './compose-digest.ts'
import { coverage, type DayRange } from './coverage.ts'
import { insertDelivery } from './delivery-queries.ts'
import { contentOf, tryOutFor } from './digest-content.ts'
import { freezeIssue, freezePapers, type Issue } from './freeze-issue.ts'
import { loadMailPapers } from './mail-paper.ts'
import type { DigestTools } from './mail-site.ts'
import { editionTotals } from './paper-queries.ts'
import { readSubscription, type Subscription } from './subscription.ts'
import { subscriberById, subscriptionById } from './subscription-queries.ts'
import { isShared } from './want.ts'

type PreviewTools = Pick<DigestTools, 'db' | 'site' | 'finder'>
export type Draft = Pick<Subscription, 'want' | 'rhythm' | 'weekdays' | 'hour' | 'zone' | 'length'>

/** The mail that a subscription would get now, made and not kept; undefined when there is nothing for it. */
export async function previewDigest(
  tools: PreviewTools,
  subscriptionId: string,
  now: Date,
): Promise<DigestMail | undefined> {
  const row = await subscriptionById(tools.db, subscriptionId)
  const subscriber = row && (await subscriberById(tools.db, row.subscriber_id))
  if (!row || !subscriber) return undefined
  return previewFor(tools, readSubscription(row), { email: subscriber.email, token: subscriber.token }, now)
}

/** The same for any settings, without anybody who has them. */
export async function previewFor(
  { db, site, finder }: PreviewTools,
  draft: Draft,
  reader: { email: string; token: string; note?: string },
  now: Date,
): Promise<DigestMail | undefined> {
  const subscription: Subscription = {
    ...{ id: 'preview', subscriberId: 'preview', state: 'active', token: 'preview' },
    ...draft,
  }
  const newest = coverage(draft.rhythm, now, { firstSlot: now }) as DayRange
  for (const range of [newest, await lastRange(db, newest)]) {
    const chosen = range && (await choosePapers(db, finder, draft.want, range, now)).slice(0, draft.length)
    if (!chosen || chosen.length === 0) continue
    const papers = await loadMailPapers(
      db,
      chosen.map(([id]) => id),
      range.to,
    )
    const totals = await editionTotals(db, range)
    const issue: Issue = { id: 'preview', kind: draft.want.kind, range, isPartial: false, chosen, totals }
    const followed = new Set(draft.want.kind === 'authors' ? draft.want.authors.map(authorKey) : [])
    const byId = new Map(papers.map((paper) => [paper.id, paper]))
    const parts = { site, subscription, subscriberToken: reader.token, email: reader.email, issue, papers: byId }
    const content = contentOf({ ...parts, chosen, followed, ...(reader.note ? { note: reader.note } : {}) })
    return composeDigest(content, { deliveryId: 'preview', periodKey: range.to, date: now })
  }
  return undefined
}

/** The newest days that have papers, where the current ones have none. */
async function lastRange(db: DigestTools['db'], { from, to }: DayRange): Promise<DayRange | undefined> {
  const day = await dayAtOrBefore(db, to)
  if (!day || day >= to) return undefined
  const length = (Date.parse(to) - Date.parse(from)) / 86_400_000
  return { from: addDays(day, -length), to: day }
}

/**
 * "Send me today's now": plans a mail with what is newest, beside those that are promised. Once an hour; its papers do
 * not come again. False when there is nothing to send. The caller sees to it that what is planned gets sent.
 */
export async function planNow(tools: PreviewTools, subscriptionId: string, now: Date): Promise<boolean> {
  const { db, site, finder } = tools
  const row = await subscriptionById(db, subscriptionId)
  if (row?.state !== 'active') return false
  const subscription = readSubscription(row)
  const { want, rhythm, length } = subscription
  const newest = coverage(rhythm, now, { firstSlot: now }) as DayRange
  for (const range of [newest, await lastRange(db, newest)]) {
    if (!range) continue
    const tryOut = tryOutFor(site)
    const issue = await freezeIssue(
      db,
      { want, range, isPartial: range.to === currentAnnouncementDay(now), slot: now },
      tryOut,
      now,
    )
    const candidates: Chosen[] = isShared(want) ? issue.chosen : await choosePapers(db, finder, want, range, now)
    const chosen = candidates.slice(0, length)
    if (issue.problem || chosen.length === 0) continue
    await freezePapers(
      db,
      issue,
      chosen.map(([id]): PaperId => id),
      tryOut,
    )
    await insertDelivery(db, {
      id: randomToken(),
      subscription_id: row.id,
      period_key: `now ${now.toISOString().slice(0, 13)}`,
      issue_id: issue.id,
      papers: JSON.stringify(chosen),
      covers: null,
      slot_at: now.toISOString(),
      retry_at: now.toISOString(),
      state: 'planned',
    })
    return true
  }
  return false
}
