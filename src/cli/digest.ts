import { writeFileSync } from 'node:fs'
import { openContext, openDigests, openFinder, siteNameOf } from '../compose/index.ts'
import { readConfig } from '../config.ts'
import {
  callSite,
  type DigestTools,
  defaultSettings,
  digestStatus,
  mailPausedSince,
  planNow,
  previewFor,
  runDigests,
  settingsSchema,
  subscriptionsOfAddress,
  wantKinds,
  wantSentence,
} from '../digest/index.ts'
import { AppError } from '../errors.ts'

type Options = {
  to?: string
  kind?: string
  about?: string
  length?: string
  html?: string
  json?: boolean
  alongside?: boolean
}

/** `paperround digest preview | send | status`. */
export async function run([action = '', ...rest]: string[], options: Options): Promise<number> {
  if (rest.length > 0 || !['preview', 'send', 'status'].includes(action))
    throw new AppError('bad_request', `"digest" takes preview, send or status, not "${[action, ...rest].join(' ')}".`)
  const config = readConfig(process.env)
  // Deliveries are claimed one by one, so a site may run beside this.
  await using context = await openContext(config, { command: `digest ${action}`, alongside: true })
  if (action === 'status') {
    const status = await digestStatus(context.db, context.clock())
    console.log(options.json ? JSON.stringify(status, null, 2) : status.lines.join('\n'))
    return status.isWell ? 0 : 1
  }
  const name = await siteNameOf(context)
  const opened = openDigests(context)
  const digests = opened && callSite(opened, name)
  if (action === 'preview') {
    const { baseUrl = 'http://localhost:3000', mailFrom = 'papers@localhost', timeZone } = config
    return await preview(
      digests ?? {
        db: context.db,
        site: { name, baseUrl, digestFrom: mailFrom, timeZone },
        finder: openFinder(context),
      },
      context.clock(),
      timeZone,
      options,
    )
  }
  if (!digests)
    throw new AppError(
      'bad_configuration',
      'Mail is not set up: set SMTP_URL, PAPERROUND_MAIL_FROM and PAPERROUND_BASE_URL.',
    )
  return await send(digests, context.clock(), options)
}

async function preview(
  tools: Pick<DigestTools, 'db' | 'site' | 'finder'>,
  now: Date,
  zone: string,
  { to, kind = 'edition', about = '', length = '20', html }: Options,
): Promise<number> {
  const drafts = to ? await ownDrafts(tools.db, to) : [draftOf(kind, about, length, zone)]
  if (html && drafts.length > 1)
    throw new AppError('bad_request', `${to} has ${drafts.length} subscriptions; --html writes one mail only.`)
  for (const draft of drafts) {
    const mail = await previewFor(tools, draft, { email: to ?? 'reader@example.org', token: 'preview' }, now)
    if (!mail) {
      console.log(`There is nothing to send for ${wantSentence(draft.want)}.`)
      continue
    }
    if (html) writeFileSync(html, mail.html ?? '')
    console.log(`Subject: ${mail.subject}\n${html ? `HTML part: ${html}\n` : ''}\n${mail.text}`)
  }
  return 0
}

async function ownDrafts(db: DigestTools['db'], to: string) {
  const own = await subscriptionsOfAddress(db, to)
  if (own.length === 0) throw new AppError('not_found', `No active subscription is sent to ${to}.`)
  return own
}

function draftOf(kind: string, about: string, length: string, zone: string) {
  const examples: Record<string, string> = {
    ...{ categories: '"cs.CL, cs.LG"', authors: '"Ada Byron, Ben Okri"' },
    ...{ search: '"speculative decoding"', similar: '1706.03762' },
  }
  const example = examples[kind]
  if (example && about.trim() === '')
    throw new AppError('bad_request', `--kind ${kind} needs --about, such as --about ${example}.`)
  const parsed = settingsSchema.safeParse({
    ...defaultSettings(zone),
    want: wantOf(kind, about),
    length: Number(length),
  })
  if (parsed.success) return parsed.data
  const [problem] = parsed.error.issues
  throw new AppError(
    'bad_request',
    problem?.path[0] === 'length'
      ? `--length takes a whole number from 1 to 50, not "${length}".`
      : `--kind takes ${wantKinds.join(', ')}, not "${kind}".`,
  )
}

function wantOf(kind: string, about: string): unknown {
  const list = about.split(',').map((one) => one.trim())
  const key: Record<string, object> = {
    categories: { categories: list },
    authors: { authors: list },
    search: { query: about },
    similar: { papers: list },
    picks: { who: about || 'editors' },
  }
  return { kind, ...key[kind] }
}

async function send(digests: DigestTools, now: Date, { to, json }: Options): Promise<number> {
  if (to) {
    let planned = 0
    for (const { id } of await ownDrafts(digests.db, to)) if (await planNow(digests, id, now)) planned++
    if (planned === 0) console.log(`There is nothing new for ${to} just now.`)
  }
  const paused = await mailPausedSince(digests.db)
  if (paused)
    console.log(`All digests are paused since ${paused}; nothing is sent before they go on at /admin/digests.`)
  const report = await runDigests(digests, { worker: `command-${process.pid}` })
  const { sent, skipped, failed, retried, unknown, stopped } = report
  console.log(
    json
      ? JSON.stringify(report)
      : `Sent ${sent}, skipped ${skipped}, failed ${failed}, to be tried again ${retried}, unknown ${unknown}.${stopped ? ` Stopped: ${stopped.reason}` : ''}`,
  )
  return stopped || failed > 0 ? 1 : 0
}
