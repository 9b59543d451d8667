import type { Db } from '../db/index.ts'
import { bootId } from '../lib/boot-id.ts'
import type { Outcome } from '../lib/mail/index.ts'
import { authorKey, type PaperId } from '../papers/index.ts'
import type { Chosen } from './choose-papers.ts'
import { claimDeliveries } from './claim-deliveries.ts'
import { composeDigest, type DigestMail } from './compose-digest.ts'
import { type ClaimRow, issueById, markBegun } from './delivery-queries.ts'
import { contentOf } from './digest-content.ts'
import { type Issue, papersOfIssue, readIssue } from './freeze-issue.ts'
import { GroupCommit } from './group-commit.ts'
import type { MailPaper } from './mail-paper.ts'
import type { DigestTools } from './mail-site.ts'
import { settleDelivery } from './settle-delivery.ts'
import { readSubscription, type Subscription } from './subscription.ts'
import { authorWantsOf, subscribersByIds, subscriptionsByIds } from './subscription-queries.ts'
import { readWant } from './want.ts'

/** Claimed at once: enough to keep the sessions busy, few enough that a crash leaves little to sort out. */
const CLAIM = 48
/** This many refusals of different mails in a row are about us, not about them: stop and let somebody look. */
const REFUSALS_IN_A_ROW = 5
const PAUSE_AFTER_REFUSALS_MS = 15 * 60_000

/** Results of mails that end within this time share a commit: a crash makes at most these `unknown`. */
const RESULTS_GATHER_MS = 15
/** Sending waits while the results of so many mails are not on the disk yet: no more of them are lost with the program. */
const MOST_UNSETTLED = 16

export type SendReport = {
  sent: number
  skipped: number
  failed: number
  retried: number
  unknown: number
  /** Why the run ended before everything was sent, and when to go on. */
  stopped?: { reason: string; goOnAt: Date }
}

export type SendOptions = { worker: string; signal?: AbortSignal; until?: Date; hasCanary?: boolean }

/**
 * Sends what is due, several mails at once, until nothing is due, the time is up or the server cannot be used. Whatever
 * happens, every delivery ends in a state that says what became of it.
 */
export async function sendDeliveries(tools: DigestTools, options: SendOptions): Promise<SendReport> {
  const run = new SendRun(tools, options)
  await run.go()
  return run.report
}

class SendRun {
  report: SendReport = { sent: 0, skipped: 0, failed: 0, retried: 0, unknown: 0 }
  #tools: DigestTools
  #options: SendOptions
  /** Survive the end of the program. */
  #marks: GroupCommit
  /** Survive a power cut as well: what went out must never go out again. */
  #results: GroupCommit
  #settling: Promise<void>[] = []
  #unsettled = 0
  #issues = new Map<string, { issue: Issue; papers: Map<PaperId, MailPaper> }>()
  #refusalsInARow = 0

  constructor(tools: DigestTools, options: SendOptions) {
    this.#tools = tools
    // A claim says in which run of the operating system it was made.
    this.#options = { ...options, worker: `${bootId()}/${options.worker}` }
    this.#marks = new GroupCommit(tools.db, { isDurable: bootId() === '', gatherMs: 0 })
    this.#results = new GroupCommit(tools.db, { isDurable: true, gatherMs: RESULTS_GATHER_MS })
  }

  async go(): Promise<void> {
    const { db, clock } = this.#tools
    while (!this.#mustStop()) {
      const { worker, hasCanary = false } = this.#options
      const { claimed, skipped } = await claimDeliveries(db, worker, clock(), CLAIM, { hasCanary })
      this.report.skipped += skipped
      if (claimed.length === 0 && skipped === 0) return
      await this.#sendAll(claimed)
    }
  }

  #mustStop(): boolean {
    const { signal, until } = this.#options
    return (
      this.report.stopped !== undefined ||
      signal?.aborted === true ||
      (until !== undefined && this.#tools.clock() >= until)
    )
  }

  async #sendAll(claimed: ClaimRow[]): Promise<void> {
    const batch = await this.#load(claimed)
    const queue = [...claimed]
    // One more than there are sessions: the next mail is being made while these are on their way.
    const width = this.#tools.mailer.transport.settings.connections + 2
    await Promise.all(
      Array.from({ length: width }, async () => {
        for (let row = queue.shift(); row; row = queue.shift()) await this.#sendOne(row, batch)
      }),
    )
    await Promise.all(this.#settling.splice(0))
  }

  async #sendOne(row: ClaimRow, batch: Batch): Promise<void> {
    if (this.#mustStop()) return this.#settle(row, { kind: 'stopped', reason: 'the run ended' }, batch)
    let mail: DigestMail
    try {
      mail = this.#compose(row, batch)
    } catch (error) {
      this.#tools.log.error({ err: error, delivery: row.id }, 'a digest could not be made')
      return this.#settle(row, { kind: 'unmade', reason: (error as Error).message }, batch)
    }
    const outcome = await this.#tools.mailer.send(mail, { beforeData: () => this.#mayBegin(row) })
    // Several results wait for the disk together; the next mail need not.
    this.#unsettled++
    const settling = this.#settle(row, outcome, batch).finally(() => this.#unsettled--)
    this.#settling.push(settling)
    if (this.#unsettled > MOST_UNSETTLED) await settling
  }

  /** Committed before the first byte: after a crash this tells what may have arrived from what cannot have. */
  #mayBegin({ id }: ClaimRow): Promise<boolean> {
    const { worker } = this.#options
    return this.#marks.write((tx) => markBegun(tx, { id, worker, now: this.#tools.clock().toISOString() }))
  }

  async #settle(row: ClaimRow, outcome: Outcome | { kind: 'unmade'; reason: string }, batch: Batch): Promise<void> {
    const now = this.#tools.clock()
    const { worker } = this.#options
    const settled = await this.#results.write((tx) =>
      settleDelivery(tx, { row, worker, outcome, papers: this.#papersToRemember(row, batch) }, now),
    )
    if (settled.state === 'sent') this.report.sent++
    else if (settled.state === 'planned') this.report.retried++
    else if (settled.state === 'unknown') this.report.unknown++
    else this.report.failed++
    if (outcome.kind === 'unreachable' && settled.retryAt)
      this.report.stopped ??= { reason: outcome.reason, goOnAt: settled.retryAt }
    this.#refusalsInARow = outcome.kind === 'refused' ? this.#refusalsInARow + 1 : 0
    if (outcome.kind === 'refused' && this.#refusalsInARow >= REFUSALS_IN_A_ROW) {
      const goOnAt = new Date(now.getTime() + PAUSE_AFTER_REFUSALS_MS)
      this.report.stopped ??= { reason: `the mail server refuses our mail: ${outcome.reply}`, goOnAt }
    }
  }

  /** Where the days a mail covers do not tell which papers it had. */
  #papersToRemember(row: ClaimRow, batch: Batch): PaperId[] {
    const { issue, papers } = (row.issue_id === null ? undefined : this.#issues.get(row.issue_id)) ?? {}
    if (!issue || (issue.kind === 'edition' && !issue.isPartial && row.papers === null)) return []
    const chosen = chosenOf(row, issue, batch.subscriptions.get(row.subscription_id))
    // Under the id it has now: a paper may have been joined to another since its mail was planned.
    return chosen.map(([paper]) => papers?.get(paper)?.id ?? paper)
  }

  #compose(row: ClaimRow, batch: Batch): DigestMail {
    const { site } = this.#tools
    const kept = row.issue_id === null ? undefined : this.#issues.get(row.issue_id)
    const subscription = batch.subscriptions.get(row.subscription_id)
    const subscriberToken = batch.subscriberTokens.get(row.subscriber_id)
    if (!kept || !subscription || !subscriberToken) throw new Error('a delivery without its issue or subscription')
    const content = contentOf({
      site,
      subscription,
      subscriberToken,
      email: row.email,
      issue: kept.issue,
      chosen: chosenOf(row, kept.issue, subscription),
      papers: kept.papers,
      followed: batch.followed.get(row.subscriber_id) ?? new Set(),
    })
    return composeDigest(content, { deliveryId: row.id, periodKey: row.period_key, date: this.#tools.clock() })
  }

  async #load(claimed: readonly ClaimRow[]): Promise<Batch> {
    const { db } = this.#tools
    await this.#loadIssues(new Set(claimed.flatMap(({ issue_id }) => (issue_id ? [issue_id] : []))), claimed)
    return loadBatch(db, claimed)
  }

  /** Few issues are under way at once; papers that single readers get are read again when some are missing. */
  async #loadIssues(ids: ReadonlySet<string>, claimed: readonly ClaimRow[]): Promise<void> {
    const { db } = this.#tools
    for (const id of this.#issues.keys()) if (!ids.has(id)) this.#issues.delete(id)
    for (const id of ids) {
      const kept = this.#issues.get(id)
      const wanted = claimed.filter((row) => row.issue_id === id).flatMap((row) => ownPapers(row) ?? [])
      if (kept && wanted.every(([paper]) => kept.papers.has(paper))) continue
      const row = await issueById(db, id)
      if (row) this.#issues.set(id, { issue: readIssue(row), papers: await papersOfIssue(db, id) })
    }
  }
}

type Batch = {
  subscriptions: Map<string, Subscription>
  subscriberTokens: Map<string, string>
  followed: Map<string, Set<string>>
}

async function loadBatch(db: Db, claimed: readonly ClaimRow[]): Promise<Batch> {
  const subscriberIds = [...new Set(claimed.map(({ subscriber_id }) => subscriber_id))]
  const rows = await subscriptionsByIds(
    db,
    claimed.map(({ subscription_id }) => subscription_id),
  )
  const subscribers = await subscribersByIds(db, subscriberIds)
  const followed = new Map<string, Set<string>>()
  for (const { id, want } of await authorWantsOf(db, subscriberIds)) {
    const keys = followed.get(id) ?? new Set<string>()
    const wish = readWant(want)
    if (wish.kind === 'authors') for (const name of wish.authors) keys.add(authorKey(name))
    followed.set(id, keys)
  }
  return {
    subscriptions: new Map(rows.map((row) => [row.id, readSubscription(row)])),
    subscriberTokens: new Map(subscribers.map(({ id, token }) => [id, token])),
    followed,
  }
}

const ownPapers = ({ papers }: ClaimRow): Chosen[] | undefined =>
  papers === null ? undefined : (JSON.parse(papers) as Chosen[])

function chosenOf(row: ClaimRow, issue: Issue, subscription: Subscription | undefined): Chosen[] {
  return ownPapers(row) ?? issue.chosen.slice(0, subscription?.length ?? 0)
}
