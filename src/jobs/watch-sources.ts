import { digestTroubles } from '../digest/index.ts'
import { describeOutcome } from '../lib/mail/index.ts'
import { alertMail, noteIncidents, noticesSent } from '../sources/index.ts'
import type { JobOutcome, JobRun, JobTools } from './job.ts'
import { jobReports } from './job-reports.ts'
import { workerIncident, workerReport } from './worker-report.ts'

/** Notes what is wrong and mails the administrator: once when something begins, once when it is over. */
export async function watchSources(tools: JobTools, _run: JobRun): Promise<JobOutcome> {
  const { db, clock, log, mailer, alerts } = tools
  const now = clock()
  const late = (await jobReports(db, alerts.jobs(), alerts.instanceZone, now))
    .filter(({ isLate }) => isLate)
    .map(({ name, about }) => ({ key: `job:${name}`, words: `The job "${name}" is late: it ${about}.` }))
  const full = tools.storageProblem?.()
  const disk = full ? [{ key: 'storage', words: full }] : []
  const mail = tools.digests ? await digestTroubles(db, now) : []
  const others = [...disk, ...mail]
  // Where no worker runs, the watchdog of the site runs this job: all jobs are late then, and one line says why.
  const silence = workerIncident(await workerReport(db, now))
  const notices = silence
    ? await noteIncidents(db, [silence, ...others], now, late)
    : await noteIncidents(db, [...late, ...others], now)
  for (const { kind, words } of notices) log.warn({ kind, words }, 'gathering needs a look, or does no longer')
  if (notices.length === 0) return { result: { told: 0 } }
  if (!mailer || !alerts.to) return { result: { told: 0, untold: notices.length } }
  const words = alertMail(notices, alerts.site)
  const outcome = await mailer.send({ to: alerts.to, ...words, date: now }, { urgent: true })
  // Lost after it was sent: it may have arrived, and twice is worse than once.
  if (outcome.kind !== 'accepted' && outcome.kind !== 'unknown')
    throw new Error(`the alert could not be mailed: ${describeOutcome(outcome)}`)
  await noticesSent(db, notices, now)
  return { result: { told: notices.length } }
}
