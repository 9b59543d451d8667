import type { Db } from '../db/index.ts'
import type { Log } from '../lib/log.ts'
import type { MailboxUrl } from '../lib/mail/imap-url.ts'
import { domainOf, type Mailer } from '../lib/mail/index.ts'
import type { Finder } from './choose-papers.ts'
import type { HookSettings } from './webhooks.ts'

/** What mail says about the site it comes from. */
export type MailSite = {
  name: string
  /** Where links lead; no slash at the end. */
  baseUrl: string
  /** From of digests. */
  digestFrom: string
  /** Somebody to write to. */
  contact?: string | undefined
  /** `bounce@papers.example.org`: what comes back goes to `bounce+TOKEN@…`. Unset, to the sender. */
  bounceAddress?: string | undefined
  timeZone: string
}

/** Whether the edition of an announcement day has all it is going to get. Whoever gathers papers says so. */
export type IsDayComplete = (day: string, now: Date) => Promise<boolean>

/** What making and sending digests works with; `compose` puts it together. */
export type DigestTools = {
  db: Db
  clock: () => Date
  log: Log
  mailer: Mailer
  site: MailSite
  isDayComplete: IsDayComplete
  finder?: Finder | undefined
  /** Where returned mail is read; absent where nobody reads it. */
  mailbox?: MailboxUrl | undefined
  /** What proves the calls of relays. */
  hooks?: HookSettings | undefined
  /** The data folder, where the mark lies that tells a restored database from one that ran on. */
  dataFolder: string
  /** The file of the database, where there is one. */
  databaseFile?: string | undefined
}

/** The same tools for a site that has been given another name. */
export const callSite = (tools: DigestTools, name: string): DigestTools =>
  tools.site.name === name ? tools : { ...tools, site: { ...tools.site, name } }

/** `papers.example.org`, without a port: ends up in headers that identify the list. */
export const hostOf = ({ baseUrl }: Pick<MailSite, 'baseUrl'>): string => new URL(baseUrl).hostname

/** `bounce+TOKEN@papers.example.org`; undefined where nothing that comes back is read. */
export function returnAddress(
  { bounceAddress }: MailSite,
  what: 'bounce' | 'unsub',
  token: string,
): string | undefined {
  if (!bounceAddress) return undefined
  const [local] = bounceAddress.split('@')
  return `${local}+${what === 'unsub' ? 'unsub-' : ''}${token}@${domainOf(bounceAddress)}`
}
