import type { Context as HonoContext } from 'hono'
import type { Db } from '../db/index.ts'
import type { Log } from '../lib/log.ts'
import type { Accounts, Entry, Viewer } from '../people/index.ts'
import type { AssetUrls } from './assets.ts'
import type { CardPicture } from './social-card/index.ts'

/** What every page works with. `compose` makes the parts; a page never constructs anything. */
export type Site = {
  config: SiteConfig
  db: Db
  clock: () => Date
  log: Log
  accounts: Accounts
  assets: AssetUrls
  pictures: { png(picture: CardPicture, size: 'list' | 'share'): Promise<Uint8Array> }
  status: () => Promise<StatusReport>
}

/** The part of the configuration that pages show or obey. */
export type SiteConfig = {
  name: string
  editor: string
  baseUrl?: string | undefined
  contact?: string | undefined
  trustProxy: boolean
}

/** Facts about the running program that no room knows. */
export type StatusReport = { version: string; database: string; startedAt: Date; memoryMb: number; dataMb?: number }

export type Theme = 'auto' | 'light' | 'dark'
export type RequestVariables = {
  theme: Theme
  /** Who is looking; undefined for nobody signed in. */
  viewer?: Viewer | undefined
  /** How the viewer came in: by a session or a token. */
  entry?: Entry | undefined
}
export type Request = HonoContext<{ Variables: RequestVariables }>
export type Page = (request: Request, site: Site) => Promise<Response> | Response
