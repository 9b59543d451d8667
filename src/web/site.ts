import type { Context as HonoContext } from 'hono'
import type { Db } from '../db/index.ts'
import type { DigestTools, Finder } from '../digest/index.ts'
import type { Log } from '../lib/log.ts'
import type { Accounts, Entry, InstanceSettings, SettingDefaults, Viewer } from '../people/index.ts'
import type { PaperSearch, SearchReport } from '../search/index.ts'
import type { FetchedPaper } from '../sources/index.ts'
import type { AssetUrls } from './assets.ts'
import type { LimitSubject, RateStore } from './rate-limits.ts'
import type { CardPicture } from './social-card/index.ts'

/** What every page works with. `compose` makes the parts; a page never constructs anything. */
export type Site = {
  config: SiteConfig
  db: Db
  clock: () => Date
  log: Log
  accounts: Accounts
  search: PaperSearch
  /** Counts rates for all programs of a PostgreSQL instance; undefined on SQLite. */
  rateStore?: RateStore | undefined
  assets: AssetUrls
  pictures: { png(picture: CardPicture, size: 'list' | 'share'): Promise<Uint8Array> }
  status: () => Promise<StatusReport>
  /** A short keyed hash of the network of an address: kept with a vote, to find rings of accounts. */
  networkHash: (address: string) => string | undefined
  /** Making and sending digests; undefined where mail is not set up. */
  digests: DigestTools | undefined
  /** Search for saved searches. */
  finder: Finder
  /** What the configuration says where no administrator has said anything. */
  settingDefaults: SettingDefaults
  jobs: {
    list: () => Promise<JobReport[]>
    /** Puts a job of the schedule at the head of the queue, and says in the log who did. */
    run: (name: string, actorId: string) => Promise<void>
    /** Somebody waits for a paper that is not stored: single papers are fetched next. */
    fetchSoon: () => Promise<void>
  }
  /**
   * Asks arXiv for a paper that is not stored, within ten seconds; if that is too short it is stored whenever it comes.
   * Undefined where nothing is gathered.
   */
  lookUp: ((arxivId: string) => Promise<FetchedPaper>) | undefined
}

/** A job of the schedule, as administrators see it. Instants are ISO 8601 in UTC. */
export type JobReport = {
  name: string
  about: string
  state: 'waiting' | 'running' | 'done' | 'failed'
  runAfter: string
  attempts: number
  succeededAt?: string
  lastResult?: string
  lastError?: string
}

/** The site as a request finds it: with what administrators have set, in this process or another. */
export type CurrentSite = Site & { settings: InstanceSettings }

/** The part of the configuration that pages show or obey. */
export type SiteConfig = {
  name: string
  editor: string
  baseUrl?: string | undefined
  contact?: string | undefined
  trustProxy: boolean
  timeZone: string
  /** The model that search by meaning uses in place of the shipped one. */
  embedder?: { kind: 'openai' | 'transformers' } | undefined
}

/** Facts about the running program that no room knows. */
export type StatusReport = {
  version: string
  database: string
  startedAt: Date
  memoryMb: number
  dataMb?: number
  search: SearchReport
  /** Whether this program, or another one at the same database, does the background work. */
  jobs: readonly JobLine[]
  /** `lastSeen`: an instant; left out when nobody ever did it. */
  worker: { isWorking: boolean; lastSeen?: string }
}
export type JobLine = {
  name: string
  about: string
  lastSuccess?: string
  nextRun?: string
  failures: number
  isLate: boolean
  isRunning: boolean
}

export type Theme = 'auto' | 'light' | 'dark'
export type RequestVariables = {
  theme: Theme
  /** Counts something that a page names, such as mails to one address; false when that is too much. */
  limitSubject: LimitSubject
  /** Who is looking; undefined for nobody signed in. */
  viewer?: Viewer | undefined
  /** How the viewer came in: by a session or a token. */
  entry?: Entry | undefined
  /** Seconds, for somebody who asked too often. */
  retryAfter?: number
  /** Where the request comes from, as far as we know. */
  address?: string
  /** Absent for what asks no database, such as styles. */
  site?: CurrentSite
}
export type Request = HonoContext<{ Variables: RequestVariables }>
export type Page = (request: Request, site: CurrentSite) => Promise<Response> | Response
