import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Hono } from 'hono'
import { type ApiParts, createApiApp } from './api/index.ts'
import type { Config } from './config.ts'
import {
  countJobs,
  createFolder,
  type Db,
  databaseFile,
  databaseVersion,
  enqueueJob,
  instanceSecret,
  inTransaction,
  listJobs,
  lockDataFolder,
  migrate,
  openPostgres,
  openSqlite,
  rateStore,
} from './db/index.ts'
import {
  callSite,
  type DigestTools,
  type Finder,
  forgetSubscriber,
  isDayGathered,
  searchFinder,
} from './digest/index.ts'
import { forgetVotes, networkHash } from './discussion/index.ts'
import { AppError } from './errors.ts'
import { dayAtOrBefore, hotness, listPapers, refreshCardsOf } from './feed/index.ts'
import { createWorker, type JobTools, jobReports, jobs, type Worker } from './jobs/index.ts'
import { packageFile, packageUrl, programVersion } from './lib/assets.ts'
import { freeMegabytes } from './lib/free-space.ts'
import { createLog, type Log } from './lib/log.ts'
import type { Mailer } from './lib/mail/index.ts'
import { createPoliteClient, type PoliteClient } from './lib/polite-http/index.ts'
import { countPapers, currentAnnouncementDay, hasPapers, upsertPapers } from './papers/index.ts'
import {
  type Accounts,
  createAccounts,
  instanceSettings,
  keyFor,
  providerLabels,
  providerNames,
  recordAdminAction,
} from './people/index.ts'
import { openEmbedded, openEngineIndex, openSearch, openSearchBeside, type PaperSearch } from './search/index.ts'
import {
  type ArxivSettings,
  adoptSourcesFile,
  arxivSettings,
  gatheringStatus,
  readSourcesFile,
  readStarter,
} from './sources/index.ts'
import { createSocialCards, createWebApp, loadAssets, type Site, type StatusReport } from './web/index.ts'

/** What a command works with. Closing it closes everything it opened, the newest first. */
export type Context = AsyncDisposable & {
  config: Config
  log: Log
  clock: () => Date
  db: Db
  secret: string
  /** For everything that is asked of other servers. */
  http: PoliteClient
  /** Undefined where mail is not set up. */
  mailer: Mailer | undefined
}

export type OpenOptions = {
  /** Named in the message that another program gets when it wants the same data folder. */
  command: string
  /** What the database is tuned for. */
  use?: 'serving' | 'importing'
  /** Share the data folder knowingly with a program that holds it. */
  alongside?: boolean
  /** Refuse to make a new data folder or database: for commands that only look. */
  existing?: boolean
}

/** The only place that constructs: data folder, secret, database at the newest schema, starter papers if it is new. */
export async function openContext(config: Config, options: OpenOptions): Promise<Context> {
  await using stack = new AsyncDisposableStack()
  const clock = () => new Date()
  if (options.existing && !config.databaseUrl && !existsSync(databaseFile(config.dataFolder))) {
    const message = `There are no papers in ${config.dataFolder} yet. Choose another folder with PAPERROUND_DATA, or start with "paperround serve" or "paperround import".`
    throw new AppError('unavailable', message)
  }
  if (options.alongside) createFolder(config.dataFolder)
  else stack.use(lockDataFolder(config.dataFolder, { command: options.command, pid: process.pid, since: clock() }))
  const secret = config.secret ?? instanceSecret(config.dataFolder)
  const db = openDatabase(config, options.use)
  stack.defer(() => db.destroy())
  const { created } = await migrate(db).catch((cause) => {
    throw unreadableDatabase(config, cause)
  })
  if (created && config.starter) await fillStarter(db, clock())
  const log = createLog(config.logLevel)
  const http = stack.use(openHttp(config, db, clock, log))
  const mailer = stack.use(await openMailer(config))
  const opened = stack.move()
  return {
    config,
    log,
    clock,
    db,
    secret,
    http,
    mailer,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

/** The database the configuration names, as it is: nothing is migrated. Throws `unavailable`. */
export function openDatabase(config: Config, use?: OpenOptions['use']): Db {
  try {
    if (config.databaseUrl) return openPostgres(config.databaseUrl)
    return openSqlite(databaseFile(config.dataFolder), use)
  } catch (cause) {
    throw unreadableDatabase(config, cause as Error)
  }
}

function openHttp(config: Config, db: Db, clock: () => Date, log: Log): PoliteClient {
  const reachable = [config.baseUrl && `+${config.baseUrl}`, config.contact && `mailto:${config.contact}`]
  const who = reachable.filter((part) => part).join('; ')
  return createPoliteClient({
    db,
    clock,
    userAgent: `Paperround/${programVersion()}${who ? ` (${who})` : ''}`,
    onProblem: ({ isBlocked, ...problem }) => {
      if (isBlocked) log.error(problem, 'a source refuses our requests')
      else log.info(problem, 'a source could not be read; it is asked again later')
    },
  })
}

/** Mail needs a server, a sender, and the site's address for the links in it. Loaded only where it is set up. */
export async function openMailer(config: Config): Promise<Mailer | undefined> {
  const { smtp, mailFrom, baseUrl, dkimSelector, dataFolder } = config
  if (!smtp || !mailFrom || !baseUrl) return undefined
  const { createMailer, domainOf, loadDkimKey } = await import('./lib/mail/index.ts')
  const dkim = dkimSelector ? loadDkimKey(dataFolder, domainOf(mailFrom), dkimSelector) : undefined
  return createMailer({ smtp, from: mailFrom, ...(dkim ? { dkim } : {}) })
}

/** What the site is called now: by its administrators, else by the configuration. */
export async function siteNameOf({ config, db }: Pick<Context, 'config' | 'db'>): Promise<string> {
  const { name, editor } = config
  return (await instanceSettings(db, { name, editor })).name
}

/** Signing in and everything about accounts. */
function openAccounts({ config, db, clock, log, secret, mailer }: Context): Accounts {
  const providers = providerNames.flatMap((name) => {
    const [clientId, clientSecret, baseUrl] = [config[`${name}Id`], config[`${name}Secret`], config[`${name}Url`]]
    return clientId && clientSecret ? [{ name, label: providerLabels[name], clientId, clientSecret, baseUrl }] : []
  })
  return createAccounts({
    db,
    secret,
    log,
    siteName: () => siteNameOf({ config, db }),
    rules: { isByInvitation: config.signUp === 'invited', domains: config.mailDomains },
    providers,
    sendMail: async (mail) => {
      // Without mail the link is for whoever runs the program, and for nobody else.
      if (!mailer) return console.log(`Mail is not set up, so nobody gets this one to ${mail.to}:\n${mail.text}`)
      const outcome = await mailer.send({ ...mail, date: clock() }, { urgent: true })
      if (outcome.kind !== 'accepted') log.error({ to: mail.to, outcome }, 'a mail for signing in was not accepted')
    },
    isMailSent: mailer !== undefined,
    isWorkAsked: config.captcha,
    onLeaving: [
      async (tx, { personId }, votes) => {
        if (votes === 'remove') await forgetVotes(tx, personId, hotness)
        await refreshCardsOf(tx, personId)
        await forgetSubscriber(tx, personId, 'remove', clock())
      },
    ],
  })
}

/** Search for mail: the site's own index, or, in a program beside it, the one it keeps, as last saved. */
function openFinder(context: Context, search?: PaperSearch): Finder {
  return searchFinder(async (work) => {
    if (search) return work(await search.index())
    const beside = await openSearchBeside({ db: context.db, ...indexOf(context, true) })
    if (!beside) throw new AppError('unavailable', 'The running site has not made its search index yet.')
    await using _closed = beside
    return work(await beside.index())
  })
}

/** Making and sending digests; undefined where mail is not set up. */
export function openDigests(context: Context, search?: PaperSearch): DigestTools | undefined {
  const { config, db, clock, log, mailer, http } = context
  const { name, baseUrl, mailFrom, digestFrom, contact, bounceAddress, timeZone, dataFolder, databaseUrl } = config
  if (!mailer || !baseUrl || !mailFrom) return undefined
  return {
    ...{ db, clock, log, mailer, dataFolder },
    site: { name, baseUrl, digestFrom: digestFrom ?? mailFrom, contact, bounceAddress, timeZone },
    isDayComplete: (day) => isDayGathered(db, day),
    finder: openFinder(context, search),
    mailbox: config.bounceMailbox,
    hooks: {
      secret: config.hookSecret,
      sendgridKey: config.sendgridKey,
      sesTopic: config.sesTopic,
      fetchText: async (url) => {
        const answer = await http.get(url, { source: 'mail hooks' })
        if (answer.kind !== 'ok') throw new AppError('unavailable', `Amazon could not be asked for ${url}.`)
        return answer.body.toString('utf8')
      },
    },
    databaseFile: databaseUrl ? undefined : databaseFile(dataFolder),
  }
}

const SQLITE_CORRUPT = 11
const SQLITE_NOTADB = 26

/** What the driver says of a database that cannot be opened, with the setting that names it. */
function unreadableDatabase(config: Config, cause: Error & { code?: string; errcode?: number }): Error {
  if (cause instanceof AppError) return cause
  if (config.databaseUrl) {
    const { host, pathname } = new URL(config.databaseUrl)
    const reason = cause.message || cause.code
    return new AppError('unavailable', `PostgreSQL at ${host}${pathname} (DATABASE_URL) cannot be used: ${reason}`, {
      cause,
    })
  }
  const file = databaseFile(config.dataFolder)
  // A full disk or a busy file must not make anybody throw a good database away.
  const isDamaged = cause.errcode === SQLITE_CORRUPT || cause.errcode === SQLITE_NOTADB
  const advice = isDamaged ? ' Move it away to start anew, or put a backup in its place.' : ''
  return new AppError('unavailable', `The database ${file} cannot be used: ${cause.message}.${advice}`, { cause })
}

/** The running site: one function from request to answer, for programs and people. */
export type SiteApp = AsyncDisposable & { fetch: Hono['fetch']; search: PaperSearch }

/** Puts the doors of the site together over an open context. */
export function openSite(context: Context): SiteApp {
  const { config, db, clock, log, secret } = context
  const accounts = openAccounts(context)
  const networkKey = keyFor(secret, 'networks')
  const startedAt = clock()
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
    }).fetch,
    {
      replaceRequest: false,
    },
  )
  return {
    fetch: app.fetch,
    search,
    async [Symbol.asyncDispose]() {
      await accounts[Symbol.asyncDispose]()
      await search[Symbol.asyncDispose]()
      await pictures[Symbol.asyncDispose]()
    },
  }
}

/** Search over the papers of an open context. Its index lies in the data folder and may be deleted at any time. */
export function openPaperSearch(context: Context): PaperSearch {
  const { db, log } = context
  return openSearch({
    db,
    ...indexOf(context, false),
    onProblem: (problem, what) => log.error({ err: problem }, what),
  })
}

/** What programs that watch this one are told: `/healthz` and `/metrics`. */
function openMonitoring({ config, db, clock }: Context, search: PaperSearch): ApiParts {
  const version = programVersion()
  const lines = () => jobReports(db, jobs, config.timeZone, clock())
  return {
    metricsToken: config.metricsToken,
    health: async () => {
      const now = clock()
      const newestEdition = await dayAtOrBefore(db, currentAnnouncementDay(now))
      const { days, sources } = await gatheringStatus(db, now)
      const [day] = days
      const { state, documents, behind, progress, model, memoryMb, diskMb, problem } = await search.report()
      return {
        ok: true,
        version,
        ...(newestEdition ? { newestEdition } : {}),
        ...(day ? { day: { day: day.day, state: day.state, words: day.words, ...completeSince(day) } } : {}),
        sources: sources.map(({ received: _, added: __, title: ___, ...source }) => source),
        search: {
          state,
          documents,
          behind,
          ...(progress === undefined ? {} : { progress: Number(progress.toFixed(3)) }),
          model,
          memoryMb,
          diskMb,
          ...(problem ? { problem } : {}),
        },
        lateJobs: (await lines()).filter(({ isLate }) => isLate).map(({ name }) => name),
      }
    },
    metrics: async () => {
      const { days, sources, wanted, incidents, lagMinutes } = await gatheringStatus(db, clock())
      return {
        papers: await countPapers(db),
        subjects: days[0]?.subjects ?? [],
        sources,
        wanted,
        incidents: incidents.length,
        ...(lagMinutes === undefined ? {} : { lagMinutes }),
        jobs: await lines(),
        queue: await countJobs(db),
      }
    },
  }
}

const completeSince = (day: { completeSince?: string }) =>
  day.completeSince ? { completeSince: day.completeSince } : {}

function indexOf({ config, db, log }: Context, readOnly: boolean) {
  const model = packageFile('model')
  const hasModel = existsSync(join(model, 'embedding.bin'))
  const warn = (message: string, cause?: unknown) => log.warn({ err: cause }, message)
  const openWith = (folder: string, embedder: { embedder?: string | { id: string; dims: number } }) =>
    openEngineIndex({ folder, readOnly, ...(readOnly ? { threads: 1 } : {}), ...embedder, onProblem: warn })
  const { embedder: choice, embedderKey: key, dataFolder } = config
  return {
    folder: join(dataFolder, 'search-index'),
    open: (folder: string) =>
      choice
        ? openEmbedded({
            choice,
            ...(key ? { key } : {}),
            dataFolder,
            countPapers: () => countPapers(db),
            open: (outside) => openWith(folder, { embedder: outside }),
            onNotice: warn,
            ...(hasModel ? { sentenceModel: model } : {}),
          })
        : openWith(folder, hasModel ? { embedder: model } : {}),
  }
}

/** Further behind than this, an index is brought up to date before a command searches it. */
const ACCEPTABLY_BEHIND = 500

/**
 * Search for a command. A running site keeps the index in order, and it is read as it was last saved, some seconds ago at
 * most; where nobody does, it is brought up to date first, which `onProgress` hears of. Throws `unavailable`.
 */
export async function openSearchForCommand(
  context: Context,
  onProgress: (share: number) => void,
): Promise<PaperSearch> {
  const { config, db, clock } = context
  await using stack = new AsyncDisposableStack()
  const beside = await openSearchBeside({ db, ...indexOf(context, true) })
  if (beside && beside.behind <= ACCEPTABLY_BEHIND) return beside
  try {
    stack.use(lockDataFolder(config.dataFolder, { command: 'search', pid: process.pid, since: clock() }))
  } catch (cause) {
    if (beside) return beside
    const message = 'The running site is still making its search index. /status says how far it is.'
    throw new AppError('unavailable', message, { cause })
  }
  await beside?.[Symbol.asyncDispose]()
  const search = stack.use(openPaperSearch(context))
  const timer = setInterval(() => onProgress(search.building() ?? 1), 1_000)
  await search.caughtUp().finally(() => clearInterval(timer))
  const opened = stack.move()
  return { ...search, [Symbol.asyncDispose]: () => opened.disposeAsync() }
}

/** Takes over the file of sources, if one is named. Throws `bad_configuration` with all that is wrong in it. */
export async function adoptSources({ config, db, clock }: Context): Promise<void> {
  await adoptSourcesFile(db, config.sourcesFile ? readSources(config.sourcesFile) : undefined, clock())
}

export function readSources(path: string): ReturnType<typeof readSourcesFile> {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    throw new AppError('bad_configuration', `The file ${path} (PAPERROUND_SOURCES) cannot be read (${code}).`, {
      cause,
    })
  }
  return readSourcesFile(text, path)
}

/** The jobs of the schedule, for administrators. */
function jobsOf({ config, db, clock }: Context): Site['jobs'] {
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
  const { config, db, clock, log, http, mailer } = context
  const digests = openDigests(context, search)
  const instanceZone = config.timeZone
  const site = { name: config.name, address: config.baseUrl }
  const alerts = { to: config.contact, site, instanceZone, jobs: () => jobs }
  const arxiv = config.gather ? arxivOf(config) : undefined
  const storageProblem = () => problemOfStorage(config)
  return createWorker({
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
  })
}

/** Below this nothing is gathered: what people do on the site must still fit. */
const MIN_FREE_MB = 200

/** P17: whether the disk is too full to gather. A PostgreSQL server looks after its own. */
export function problemOfStorage({ databaseUrl, dataFolder }: Config): string | undefined {
  const freeMb = databaseUrl ? MIN_FREE_MB : freeMegabytes(dataFolder)
  if (freeMb >= MIN_FREE_MB) return undefined
  return `The disk of ${dataFolder} has ${freeMb} MB left. Nothing is gathered until there are ${MIN_FREE_MB} MB.`
}

export function arxivOf(config: Config): ArxivSettings {
  const { arxivUrl, arxivOaiUrl, arxivApiUrl, arxivFeedUrl, arxivPause } = config
  const urls = { siteUrl: arxivUrl, oaiUrl: arxivOaiUrl, apiUrl: arxivApiUrl, feedUrl: arxivFeedUrl }
  return arxivSettings({ ...urls, pauseSeconds: arxivPause })
}

/** At each start, so that a new site has today's papers in a minute, and one that was away finds what it missed. */
export async function askForToday({ config, db, clock }: Context): Promise<void> {
  if (!config.gather) return
  for (const job of ['gather-arxiv-day', 'resolve-starter'])
    await enqueueJob(db, { kind: job, key: job, hurry: true }, clock())
}

/** A new database gets the starter papers, as the edition of the day it was made. */
export async function fillStarter(db: Db, now: Date): Promise<void> {
  if (await hasPapers(db)) return
  const records = readStarter(readFileSync(packageFile('data/starter.jsonl'), 'utf8'))
  const day = currentAnnouncementDay(now)
  await db.transaction().execute(async (tx) => {
    const outcomes = await upsertPapers(tx, records, now)
    await listPapers(
      tx,
      outcomes.map(({ paperId }) => ({ paperId, day })),
      'starter',
      now,
    )
  })
}
