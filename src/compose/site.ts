// The running site: its doors put together.
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { Hono } from 'hono'
import { createApiApp } from '../api/index.ts'
import { databaseFile, databaseVersion, rateStore } from '../db/index.ts'
import { networkHash } from '../discussion/index.ts'
import { jobReports, jobs, workerReport } from '../jobs/index.ts'
import { packageFile, packageUrl, programVersion } from '../lib/assets.ts'
import { keyFor } from '../people/index.ts'
import type { PaperSearch } from '../search/index.ts'
import { createSocialCards, createWebApp, loadAssets, type StatusReport } from '../web/index.ts'
import { openAccounts } from './accounts.ts'
import type { Context } from './context.ts'
import { openLookUp } from './gathering.ts'
import { jobsOf } from './jobs.ts'
import { openDigests, openFinder } from './mail.ts'
import { openMonitoring } from './monitoring.ts'
import { openPaperSearch } from './search.ts'

/** The running site: one function from request to answer, for programs and people. */
export type SiteApp = AsyncDisposable & { fetch: Hono['fetch']; search: PaperSearch }

/** Puts the doors of the site together over an open context. */
export function openSite(context: Context): SiteApp {
  const { config, db, clock, log, secret } = context
  const accounts = openAccounts(context)
  const networkKey = keyFor(secret, 'networks')
  const startedAt = clock()
  const closing = new AbortController()
  const pictures = createSocialCards({
    assetsFolder: packageFile('dist/assets'),
    cacheFolder: join(config.dataFolder, 'pictures'),
    workerUrl: packageUrl('dist/social-card-worker.js'),
    onProblem: (problem) => log.warn({ err: problem }, 'a picture could not be drawn or kept'),
  })
  const search = openPaperSearch(context)
  const digests = openDigests(context, search)
  const version = programVersion()
  const jobLines = () => jobReports(db, jobs, config.timeZone, clock())
  const status = async (): Promise<StatusReport> => ({
    version,
    startedAt,
    database: await databaseVersion(db),
    memoryMb: Math.round(process.memoryUsage.rss() / 1e6),
    ...(config.databaseUrl ? {} : { dataMb: Math.round(statSync(databaseFile(config.dataFolder)).size / 1e5) / 10 }),
    search: await search.report(),
    jobs: await jobLines(),
    worker: await workerReport(db, clock()),
  })
  const app = new Hono().route('/', createApiApp(openMonitoring(context, search))).mount(
    '/',
    createWebApp({
      config,
      db,
      clock,
      log,
      accounts,
      search,
      finder: openFinder(context, search),
      rateStore: rateStore(db),
      assets: loadAssets(),
      pictures,
      status,
      digests,
      networkHash: (address) => networkHash(address, networkKey),
      settingDefaults: { name: config.name, editor: config.editor },
      jobs: jobsOf(context),
      lookUp: openLookUp(context, closing.signal),
    }).fetch,
    {
      replaceRequest: false,
    },
  )
  return {
    fetch: app.fetch,
    search,
    async [Symbol.asyncDispose]() {
      closing.abort()
      await accounts[Symbol.asyncDispose]()
      await search[Symbol.asyncDispose]()
      await pictures[Symbol.asyncDispose]()
    },
  }
}
