// The worker that runs the table of jobs, and what administrators see of it.
import type { Config } from '../config.ts'
import { enqueueJob, inTransaction, listJobs } from '../db/index.ts'
import { callSite } from '../digest/index.ts'
import { createWatchdog, createWorker, type JobTools, jobs, type Worker, type WorkerOptions } from '../jobs/index.ts'
import { recordAdminAction } from '../people/index.ts'
import type { PaperSearch } from '../search/index.ts'
import type { Site } from '../web/index.ts'
import type { Context } from './context.ts'
import { arxivOf, problemOfStorage } from './gathering.ts'
import { openDigests, siteNameOf } from './mail.ts'

/** The jobs of the schedule, for administrators. */
export function jobsOf({ config, db, clock }: Context): Site['jobs'] {
  return {
    list: async () =>
      (await listJobs(db)).flatMap((row) => {
        const definition = jobs.find((job) => job.name === row.kind)
        if (!definition || row.key !== row.kind) return []
        return [
          {
            name: row.kind,
            about: definition.about,
            state: row.state,
            runAfter: row.run_after,
            attempts: row.attempts,
            ...(row.succeeded_at === null ? {} : { succeededAt: row.succeeded_at }),
            ...(row.last_result === null ? {} : { lastResult: row.last_result }),
            ...(row.last_error === null ? {} : { lastError: row.last_error }),
          },
        ]
      }),
    fetchSoon: async () => {
      if (!config.gather) return
      await enqueueJob(db, { kind: 'fill-arxiv-records', key: 'fill-arxiv-records', hurry: true }, clock())
    },
    run: (name, actorId) =>
      inTransaction(db, async (tx) => {
        await enqueueJob(tx, { kind: name, key: name, hurry: true }, clock())
        const subject = `job:${name}`
        await recordAdminAction(tx, { kind: 'job.run', subject, before: null, after: null, actorId, at: clock() })
      }),
  }
}

/** What is added to papers later: only what the configuration names. */
function enrichmentOf({ enrich, githubApiUrl, githubToken, hubUrl }: Config): JobTools['enrich'] {
  return {
    codeLinks: enrich.includes('code-links'),
    ...(enrich.includes('stars') ? { stars: { url: githubApiUrl, token: githubToken } } : {}),
    ...(enrich.includes('artifacts') ? { artifacts: { url: hubUrl } } : {}),
  }
}

/** The worker that runs the table of jobs; `start` it. */
export function openWorker(context: Context, search?: PaperSearch): Worker {
  return createWorker(workerOptions(context, search))
}

/** Tells the administrator when nobody works, here or elsewhere; `start` it in a program that serves. */
export function openWatchdog(context: Context): ReturnType<typeof createWatchdog> {
  return createWatchdog(workerOptions(context))
}

function workerOptions(context: Context, search?: PaperSearch): WorkerOptions {
  const { config, db, clock, log, http, mailer } = context
  const digests = openDigests(context, search)
  const instanceZone = config.timeZone
  const site = { name: config.name, address: config.baseUrl }
  const alerts = { to: config.contact, site, instanceZone, jobs: () => jobs }
  const arxiv = config.gather ? arxivOf(config) : undefined
  const storageProblem = () => problemOfStorage(config)
  return {
    jobs,
    tools: { enrich: enrichmentOf(config), db, clock, log, http, arxiv, storageProblem, mailer, alerts, digests },
    toolsNow: async (tools) => {
      const name = await siteNameOf(context)
      return {
        ...tools,
        alerts: { ...tools.alerts, site: { ...tools.alerts.site, name } },
        ...(tools.digests ? { digests: callSite(tools.digests, name) } : {}),
      }
    },
    instanceZone,
  }
}
