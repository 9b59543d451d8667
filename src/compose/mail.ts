// Mail and digests, where they are set up.
import type { Config } from '../config.ts'
import { databaseFile } from '../db/index.ts'
import { type DigestTools, type Finder, isDayGathered, searchFinder } from '../digest/index.ts'
import { AppError } from '../errors.ts'
import type { Mailer } from '../lib/mail/index.ts'
import { instanceSettings } from '../people/index.ts'
import { openSearchBeside, type PaperSearch } from '../search/index.ts'
import type { Context } from './context.ts'
import { indexOf } from './search.ts'

/** Mail needs a server, a sender, and the site's address for the links in it. Loaded only where it is set up. */
export async function openMailer(config: Config): Promise<Mailer | undefined> {
  const { smtp, mailFrom, baseUrl, dkimSelector, dataFolder } = config
  if (!smtp || !mailFrom || !baseUrl) return undefined
  const { createMailer, domainOf, loadDkimKey } = await import('../lib/mail/index.ts')
  const dkim = dkimSelector ? loadDkimKey(dataFolder, domainOf(mailFrom), dkimSelector) : undefined
  return createMailer({ smtp, from: mailFrom, ...(dkim ? { dkim } : {}) })
}

/** What the site is called now: by its administrators, else by the configuration. */
export async function siteNameOf({ config, db }: Pick<Context, 'config' | 'db'>): Promise<string> {
  const { name, editor } = config
  return (await instanceSettings(db, { name, editor })).name
}

/** Search for mail: the site's own index, or, in a program beside it, the one it keeps, as last saved. */
export function openFinder(context: Context, search?: PaperSearch): Finder {
  return searchFinder(async (work) => {
    if (search) return work(await search.index())
    const beside = await openSearchBeside({ db: context.db, ...indexOf(context, 'look') })
    if (!beside) throw new AppError('unavailable', 'The running site has not made its search index yet.')
    await using _closed = beside
    // Awaited here: what is only returned would be closed before it has answered.
    return await work(await beside.index())
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
