import { canaryAddress, isCanaryDue, sendCanaries } from './canary.ts'
import { hasDueMail } from './delivery-queries.ts'
import { tryOutFor } from './digest-content.ts'
import { guardMail } from './mail-guard.ts'
import type { DigestTools } from './mail-site.ts'
import { mailPausedSince } from './pause.ts'
import { type PlanReport, planDeliveries } from './plan-deliveries.ts'
import { type SendReport, sendDeliveries } from './send-deliveries.ts'

/** Sending stops this often to plan what has come due meanwhile: a long run must not make others late. */
const PLAN_AGAIN_MS = 30_000

export type DigestReport = PlanReport & SendReport & { restored: boolean; canaries: number; paused?: boolean }

/**
 * Plans and sends until nothing is due: what the job does every minute, and `paperround digest send`. Any number of
 * programs may run it at once.
 */
export async function runDigests(
  tools: DigestTools,
  { worker, signal }: { worker: string; signal?: AbortSignal },
): Promise<DigestReport> {
  const { db, clock, log } = tools
  const report: DigestReport = {
    ...{ planned: 0, skipped: 0, sent: 0, failed: 0, retried: 0, unknown: 0 },
    restored: false,
    canaries: 0,
  }
  const isPaused = (await mailPausedSince(db)) !== undefined
  const canary = isPaused ? undefined : await canaryAddress(db)
  const isDue =
    (await hasDueMail(db, clock().toISOString())) || (canary !== undefined && (await isCanaryDue(tools, clock())))
  if (!isDue) return report
  report.restored = await guardMail(tools, clock())
  if (report.restored)
    log.error({}, 'the database was restored or moved: mail promised before now counts as sent, and is not sent again')
  while (!signal?.aborted) {
    const planned = await planDeliveries({ ...tools, tryOut: tryOutFor(tools.site) }, clock(), signal)
    if (isPaused) {
      report.planned += planned.planned
      report.skipped += planned.skipped
      report.paused = true
      break
    }
    if (canary) report.canaries += await sendCanaries(tools, canary)
    const until = new Date(clock().getTime() + PLAN_AGAIN_MS)
    const options = { worker, until, hasCanary: canary !== undefined, ...(signal ? { signal } : {}) }
    const sent = await sendDeliveries(tools, options)
    add(report, planned, sent)
    if (sent.stopped) {
      log.error({ reason: sent.stopped.reason, goOnAt: sent.stopped.goOnAt }, 'digests wait for the mail server')
      report.stopped = sent.stopped
      break
    }
    // Nothing was left when the time was not up.
    if (clock() < until) break
  }
  return report
}

function add(report: DigestReport, planned: PlanReport, sent: SendReport): void {
  report.planned += planned.planned
  report.skipped += planned.skipped + sent.skipped
  report.sent += sent.sent
  report.failed += sent.failed
  report.retried += sent.retried
  report.unknown += sent.unknown
}
