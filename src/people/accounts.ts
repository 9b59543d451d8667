import type { Db } from '../db/index.ts'
import type { Log } from '../lib/log.ts'
import type { Visit } from './arriving.ts'
import type { AuthFor, Step } from './call-auth.ts'
import { newAddressLink } from './change-address.ts'
import type { Arrival, Entry } from './entry.ts'
import { findEntry } from './find-entry.ts'
import { becomeFirstAdministrator } from './first-administrator.ts'
import { formToken, isFormToken } from './form-token.ts'
import type { JoinRules } from './join-rules.ts'
import { leave, type OnLeaving, type VotesOfLeaver } from './leave.ts'
import { passkeyCeremonies } from './passkeys.ts'
import type { Provider, ProviderName } from './providers.ts'
import { readAddress } from './read-address.ts'
import { keyFor } from './session-cookie.ts'
import { type LinkOptions, linkMail, linkOwner, type Mail, signInByLink } from './sign-in-by-link.ts'
import { finishAtProvider, startAtProvider } from './sign-in-by-provider.ts'
import { createTokenUses } from './token-uses.ts'
import { createWork, type Work } from './work.ts'

/** What accounts are made of. `secret` is the instance's; every use gets a key of its own from it. */
export type AccountsOptions = {
  db: Db
  secret: string
  log: Log
  /** Read anew for each mail: administrators change it while the site runs. */
  siteName: () => Promise<string>
  rules: JoinRules
  providers: readonly Provider[]
  /** Sends a mail, or, where no mail is set up, shows it to whoever reads the server's log. Never throws. */
  sendMail: (mail: Mail) => Promise<void>
  /** Whether browsers work before they get a link. */
  isWorkAsked: boolean
  /** Whether that mail reaches people: pages say where to look. */
  isMailSent: boolean
  onLeaving: readonly OnLeaving[]
}

/** Everything about accounts that needs the instance's secret or its configuration. */
export type Accounts = AsyncDisposable & {
  rules: JoinRules
  isMailSent: boolean
  /** Undefined where no work is asked for. */
  work: Work | undefined
  providers: readonly Pick<Provider, 'name' | 'label' | 'baseUrl'>[]
  entry(arrival: Arrival, now: Date): Promise<Entry | 'refused' | undefined>
  formToken(sessionId: string): string
  isFormToken(sessionId: string, given: unknown): boolean
  /** Mails a sign-in link, if the address may come in. Throws `bad_email` for what is no address, and tells nothing else. */
  sendLink(visit: Visit, wanted: { email: string; back: string; inviteSecret?: string | undefined }, now: Date): void
  linkOwner(token: string, now: Date): ReturnType<typeof linkOwner>
  signInByLink(
    visit: Visit,
    given: { token: string; name?: string | undefined; inviteSecret?: string | undefined },
    now: Date,
  ): Promise<Step>
  startAtProvider(visit: Visit, wanted: { provider: ProviderName; back: string; link: boolean }): Promise<Step>
  finishAtProvider(
    visit: Visit,
    given: { provider: ProviderName; query: Record<string, string>; inviteSecret?: string | undefined },
    now: Date,
  ): Promise<Step>
  passkeys: ReturnType<typeof passkeyCeremonies>
  becomeFirstAdministrator(
    visit: Visit,
    given: { secret: string; name: string; email: string },
    now: Date,
  ): Promise<string>
  /** Mails a link to a new address of somebody signed in. */
  sendAddressLink(visit: Visit, person: { personId: string; name: string }, email: string, now: Date): void
  leave(personId: string, votes: VotesOfLeaver, now: Date): Promise<void>
  /** Signs the token of a session for its cookie. */
  sessionKey: string
}

/** Uses of tokens are written this often, and when the program stops. */
const SAVE_USES_MS = 60_000
/** Without a configured address the site may be reached under several; more than this is somebody playing with names. */
const MAX_ORIGINS = 8

export function createAccounts(options: AccountsOptions): Accounts {
  const { db, secret, log, siteName, rules, providers, sendMail, isMailSent, isWorkAsked, onLeaving } = options
  const sessionKey = keyFor(secret, 'sessions')
  const formKey = keyFor(secret, 'forms')
  const uses = createTokenUses(db)
  const timer = setInterval(() => {
    uses.save().catch((err) => log.warn({ err }, 'when tokens were last used could not be saved'))
  }, SAVE_USES_MS).unref()

  // Mail is written after the answer: how long that takes must not tell whether there was anything to send.
  const pending = new Set<Promise<void>>()
  const later = (work: () => Promise<void>) => {
    const running = work()
      .catch((err) => log.error({ err }, 'a mail for signing in could not be made'))
      .finally(() => pending.delete(running))
    pending.add(running)
  }

  const instances = new Map<string, ReturnType<AuthFor>>()
  const authFor: AuthFor = (origin) => {
    let instance = instances.get(origin)
    if (!instance) {
      if (instances.size >= MAX_ORIGINS) instances.clear()
      // Loaded at the first sign-in: pages for readers never need it, and starting is quicker without.
      instance = import('./auth.ts').then(async ({ createAuth }) =>
        createAuth({ db, log, key: sessionKey, siteName: await siteName(), origin, providers }),
      )
      instances.set(origin, instance)
    }
    return instance
  }
  const linkOptions: LinkOptions = { db, authFor, rules, siteName }

  return {
    rules,
    isMailSent,
    work: isWorkAsked ? createWork(keyFor(secret, 'work')) : undefined,
    providers,
    sessionKey,
    async entry(arrival, now) {
      const entry = await findEntry(db, sessionKey, arrival, now)
      if (typeof entry === 'object' && entry.by === 'token') uses.note(entry.tokenId, now)
      return entry
    },
    formToken: (sessionId) => formToken(formKey, sessionId),
    isFormToken: (sessionId, given) => isFormToken(formKey, sessionId, given),
    sendLink(visit, wanted, now) {
      readAddress(wanted.email)
      later(async () => {
        const mail = await linkMail(linkOptions, visit, wanted, now)
        if (mail) await sendMail(mail)
      })
    },
    linkOwner: (token, now) => linkOwner(db, token, now),
    signInByLink: (visit, given, now) => signInByLink(linkOptions, visit, given, now),
    startAtProvider: (visit, wanted) => startAtProvider(linkOptions, visit, wanted),
    finishAtProvider: (visit, given, now) => finishAtProvider(linkOptions, visit, given, now),
    passkeys: passkeyCeremonies(authFor),
    becomeFirstAdministrator: (visit, given, now) => becomeFirstAdministrator(db, authFor, visit, given, now),
    sendAddressLink(visit, person, email, now) {
      readAddress(email)
      later(async () => {
        const mail = await newAddressLink(db, person, { email, origin: visit.origin, siteName: await siteName() }, now)
        if (mail) await sendMail(mail)
      })
    },
    leave: (personId, votes, now) => leave(db, personId, votes, onLeaving, now),
    async [Symbol.asyncDispose]() {
      clearInterval(timer)
      await Promise.all(pending)
      await uses.save()
    },
  }
}
