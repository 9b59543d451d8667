import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { z } from 'zod'
import { AppError } from './errors.ts'
import { addressOf } from './lib/mail/address.ts'
import { parseImapUrl } from './lib/mail/imap-url.ts'
import { parseSmtpUrl } from './lib/mail/smtp-settings.ts'
import { parseEmbedder } from './search/embedders/outside-embedder.ts'

/** One setting: where it comes from, what it may be, what it is when unset, and one line for the reader of `doctor`. */
type Setting<T> = { env: string; about: string; type: z.ZodType<T>; fallback: string; secret?: true }

const setting = <T>(env: string, fallback: string, type: z.ZodType<T>, about: string, secret?: true): Setting<T> =>
  secret ? { env, fallback, type, about, secret } : { env, fallback, type, about }

const truth = z
  .enum(['true', 'false', '1', '0', 'yes', 'no'], { error: 'expected true or false' })
  .transform((text) => ['true', '1', 'yes'].includes(text))
const wholeNumber = (from: number, to: number) =>
  z.string().regex(/^\d+$/, 'expected a whole number').transform(Number).pipe(z.number().min(from).max(to))
const optional = <T>(type: z.ZodType<T, string>) => z.union([z.literal('').transform(() => undefined), type])
function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false // a RangeError says that there is no such zone
  }
}
/** What can be added to papers after they are stored; each by itself, and none of it needed. */
const enrichments = ['code-links', 'stars', 'artifacts'] as const
const httpUrl = z.url({ protocol: /^https?$/, error: 'expected an address such as https://papers.example.org' })

const embedder = z.string().transform((text, context) => {
  const choice = parseEmbedder(text)
  if (choice) return choice
  context.addIssue({
    code: 'custom',
    message: 'expected openai:https://host/v1#model, transformers:hub-id or transformers:/folder',
  })
  return z.NEVER
})
const smtpUrl = z.string().transform((text, context) => {
  try {
    return parseSmtpUrl(text)
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message })
    return z.NEVER
  }
})
const imapUrl = z.string().transform((text, context) => {
  try {
    return parseImapUrl(text)
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message })
    return z.NEVER
  }
})
/** `papers@example.org` or `Lab Papers <papers@example.org>`. */
const mailbox = z
  .string()
  .trim()
  .refine(
    (text) => !/[\r\n]/.test(text) && z.email().safeParse(addressOf(text)).success,
    'expected Name <papers@example.org> or papers@example.org',
  )

/** A site that people can sign in with: its button is shown once it has both keys. */
function provider<const N extends string>(name: N, env: string, url: string) {
  return {
    [`${name}Id`]: setting(`PAPERROUND_${env}_ID`, '', optional(z.string()), `client id for signing in with ${url}`),
    [`${name}Secret`]: setting(`PAPERROUND_${env}_SECRET`, '', optional(z.string()), 'its client secret', true),
    [`${name}Url`]: setting(
      `PAPERROUND_${env}_URL`,
      url,
      httpUrl.transform((text) => text.replace(/\/+$/, '')),
      'another address of it, such as a sandbox or an installation of your own',
    ),
  } as Record<`${N}Id` | `${N}Secret`, Setting<string | undefined>> & Record<`${N}Url`, Setting<string>>
}

/** Every setting there is. Nothing else in the program reads the environment. */
export const settings = {
  port: setting('PORT', '3000', wholeNumber(0, 65_535), 'port of the site; 0 takes any free one'),
  host: setting('HOST', 'localhost', z.string().min(1), 'address to listen on; 0.0.0.0 for every network'),
  dataFolder: setting(
    'PAPERROUND_DATA',
    'paperround-data',
    z
      .string()
      .min(1)
      .transform((path) => resolve(path)),
    'folder for the database, pictures and secrets',
  ),
  databaseUrl: setting(
    'DATABASE_URL',
    '',
    optional(z.url({ protocol: /^postgres(ql)?$/, error: 'expected postgres://user:password@host/name' })),
    'PostgreSQL to use in place of the embedded SQLite',
    true,
  ),
  smtp: setting(
    'SMTP_URL',
    '',
    optional(smtpUrl),
    'mail server: smtps://user:password@host (TLS) or smtp://user:password@host:587 (STARTTLS required)',
    true,
  ),
  mailFrom: setting(
    'PAPERROUND_MAIL_FROM',
    '',
    optional(mailbox),
    'sender of sign-in and confirmation mail, such as "Lab Papers <papers@example.org>"; needed for any mail',
  ),
  digestFrom: setting(
    'PAPERROUND_DIGEST_FROM',
    '',
    optional(mailbox),
    'sender of digests, best another address than PAPERROUND_MAIL_FROM; unset, the same',
  ),
  bounceAddress: setting(
    'PAPERROUND_BOUNCE_ADDRESS',
    '',
    optional(z.email('expected an address such as bounce@papers.example.org')),
    'where undeliverable mail comes back to, as bounce+TOKEN@...; unset, to the sender',
  ),
  bounceMailbox: setting(
    'PAPERROUND_BOUNCE_MAILBOX',
    '',
    optional(imapUrl),
    'mailbox of that address: imaps://user:password@host/INBOX; read every five minutes',
    true,
  ),
  hookSecret: setting(
    'PAPERROUND_HOOK_SECRET',
    '',
    optional(z.string().min(16, 'expected at least 16 characters')),
    'proves calls to /hooks/mail/generic (HMAC) and /hooks/mail/postmark (password)',
    true,
  ),
  sendgridKey: setting(
    'PAPERROUND_SENDGRID_KEY',
    '',
    optional(z.string()),
    'verification key of SendGrid for calls to /hooks/mail/sendgrid',
  ),
  sesTopic: setting(
    'PAPERROUND_SES_TOPIC',
    '',
    optional(z.string().startsWith('arn:', 'expected an ARN, such as arn:aws:sns:eu-west-1:123456789012:bounces')),
    'SNS topic whose notices to /hooks/mail/ses count',
  ),
  dkimSelector: setting(
    'PAPERROUND_DKIM',
    '',
    optional(z.string().regex(/^[a-z0-9-]{1,40}$/, 'expected a selector of small letters, digits and hyphens')),
    'selector under which mail is signed with a key of ours; unset, the mail server signs',
  ),
  name: setting(
    'PAPERROUND_NAME',
    'Daily Papers',
    z.string().trim().min(1).max(60),
    'name of this site, in its header and titles',
  ),
  editor: setting(
    'PAPERROUND_EDITOR',
    'the editors',
    z.string().trim().min(1).max(60),
    'who edits, as in "by EDITOR and the research community"',
  ),
  baseUrl: setting(
    'PAPERROUND_BASE_URL',
    '',
    optional(httpUrl.transform((url) => url.replace(/\/+$/, ''))),
    'public address of the site; unset, the address of each request',
  ),
  contact: setting(
    'PAPERROUND_CONTACT',
    '',
    optional(z.email('expected an e-mail address')),
    'address of the administrator, shown on /about',
  ),
  starter: setting('PAPERROUND_STARTER', 'true', truth, 'fill a new database with the 75 starter papers'),
  embedder: setting(
    'PAPERROUND_EMBEDDER',
    '',
    optional(embedder),
    'model for search by meaning in place of the shipped one',
  ),
  embedderKey: setting(
    'PAPERROUND_EMBEDDER_KEY',
    '',
    optional(z.string()),
    'key for the server named in PAPERROUND_EMBEDDER',
    true,
  ),
  trustProxy: setting(
    'PAPERROUND_TRUST_PROXY',
    'false',
    truth,
    'believe X-Forwarded-For and -Proto: only behind a proxy of yours',
  ),
  worker: setting(
    'PAPERROUND_WORKER',
    'true',
    truth,
    'do the background work (gathering, mail) inside "serve"; false leaves it to "paperround work"',
  ),
  metricsToken: setting(
    'PAPERROUND_METRICS_TOKEN',
    '',
    optional(z.string().min(16, 'expected at least 16 characters')),
    'token that /metrics asks for; unset, only this machine may read it',
    true,
  ),
  enrich: setting(
    'PAPERROUND_ENRICH',
    'code-links',
    z
      .string()
      .transform((text) => text.split(/[\s,]+/).filter((one) => one !== '' && one !== 'none'))
      .pipe(z.array(z.enum(enrichments, { error: `expected some of: ${enrichments.join(', ')}, or none` }))),
    'what is added to papers: code-links (from their texts), stars (asks GitHub), artifacts (asks the Hub); or none',
  ),
  githubToken: setting(
    'PAPERROUND_GITHUB_TOKEN',
    '',
    optional(z.string()),
    'for more than 60 questions an hour about stars; none is needed',
    true,
  ),
  githubApiUrl: setting('PAPERROUND_GITHUB_API_URL', 'https://api.github.com', httpUrl, 'where stars are asked for'),
  hubUrl: setting('PAPERROUND_HUB_URL', 'https://huggingface.co', httpUrl, 'where models and datasets are asked for'),
  sourcesFile: setting(
    'PAPERROUND_SOURCES',
    '',
    optional(z.string().transform((path) => resolve(path))),
    'file that says what is gathered (JSON with comments); unset, /admin/sources decides',
  ),
  gather: setting(
    'PAPERROUND_GATHER',
    'true',
    truth,
    "ask arXiv for each day's papers; false asks no other server for papers by itself",
  ),
  arxivUrl: setting(
    'PAPERROUND_ARXIV_URL',
    '',
    optional(httpUrl.transform((url) => url.replace(/\/+$/, ''))),
    'address of a mirror of arXiv, with /list, /catchup, /oai, /api/query and /rss; unset, arXiv itself',
  ),
  arxivOaiUrl: setting('PAPERROUND_ARXIV_OAI_URL', '', optional(httpUrl), "address of arXiv's OAI-PMH server"),
  arxivApiUrl: setting('PAPERROUND_ARXIV_API_URL', '', optional(httpUrl), "address of arXiv's API"),
  arxivFeedUrl: setting(
    'PAPERROUND_ARXIV_RSS_URL',
    '',
    optional(httpUrl.transform((url) => url.replace(/\/+$/, ''))),
    "address of arXiv's feeds, without /rss",
  ),
  arxivPause: setting(
    'PAPERROUND_ARXIV_PAUSE',
    '',
    optional(wholeNumber(0, 3_600)),
    'seconds between requests to a mirror; arXiv itself always gets 3, and 15 between pages',
  ),
  timeZone: setting(
    'PAPERROUND_TIME_ZONE',
    'UTC',
    z.string().refine(isTimeZone, 'expected a time zone such as Europe/Berlin'),
    "time zone of this instance, for what runs at an hour of its day; arXiv's days are always New York's",
  ),
  signUp: setting(
    'PAPERROUND_SIGN_UP',
    'open',
    z.enum(['open', 'invited'], { error: 'expected open or invited' }),
    'who may make an account: anybody, or only people with an invitation of an administrator',
  ),
  mailDomains: setting(
    'PAPERROUND_MAIL_DOMAINS',
    '',
    z
      .string()
      .transform((text) =>
        text
          .toLowerCase()
          .split(/[\s,]+/)
          .filter(Boolean),
      )
      .pipe(z.array(z.string().regex(/^[a-z0-9.-]+\.[a-z]{2,}$/, 'expected domains such as lab.example.org'))),
    'domains whose addresses may make an account, with those below them; empty for all',
  ),
  captcha: setting(
    'PAPERROUND_CAPTCHA',
    'false',
    truth,
    'let the browser of somebody who asks for a sign-in link do some work first, which costs robots more than people',
  ),
  ...provider('orcid', 'ORCID', 'https://orcid.org'),
  ...provider('github', 'GITHUB', 'https://github.com'),
  ...provider('huggingface', 'HUGGINGFACE', 'https://huggingface.co'),
  secret: setting(
    'PAPERROUND_SECRET',
    '',
    optional(z.string()),
    'secret of this instance; unset, one is generated in the data folder',
    true,
  ),
  production: setting(
    'NODE_ENV',
    '',
    z.string().transform((value) => value === 'production'),
    'production refuses weak secrets',
  ),
  logLevel: setting(
    'PAPERROUND_LOG',
    'warn',
    z.enum(['silent', 'error', 'warn', 'info', 'debug'], { error: 'expected silent, error, warn, info or debug' }),
    'how much is logged to standard error',
  ),
}

type Settings = typeof settings
type SettingName = keyof Settings
export type Config = { readonly [Name in SettingName]: z.output<Settings[Name]['type']> }
export type Environment = Readonly<Record<string, string | undefined>>
export type SettingReport = { env: string; about: string; shown: string; isDefault: boolean; problem?: string }

const MIN_SECRET_LENGTH = 32
const WELL_KNOWN_SECRETS = /^(secret|changeme|change-me|default|devkey|password|test)/i

/** Reads every setting and reports each with its problem, if any. Secrets are never shown. */
export function inspectConfig(environment: Environment): { config: Config; report: SettingReport[] } {
  const values: Record<string, unknown> = {}
  const report = (Object.entries(settings) as [SettingName, Setting<unknown>][]).map(
    ([name, { env, about, type, fallback, secret }]) => {
      const { given, problem: unreadable } = givenValue(environment, env)
      const result = type.safeParse(given ?? fallback)
      values[name] = result.success ? result.data : type.parse(fallback)
      const problem =
        unreadable ?? (result.success ? undefined : result.error.issues.map((issue) => issue.message).join('; '))
      const shown = given === undefined ? fallback || 'not set' : secret ? 'set (not shown)' : given
      return { env, about, shown, isDefault: given === undefined, ...(problem ? { problem } : {}) }
    },
  )
  const config = Object.freeze(values) as Config
  const weak = weakSecret(config)
  const secretRow = report.find((row) => row.env === settings.secret.env)
  if (weak && secretRow) secretRow.problem = weak
  for (const env of unknownNames(environment)) {
    report.push({
      env,
      about: '',
      shown: environment[env] ?? '',
      isDefault: false,
      problem: 'there is no such setting; see the names above',
    })
  }
  return { config, report }
}

/** The configuration, or one error that names every mistake at once. */
export function readConfig(environment: Environment): Config {
  const { config, report } = inspectConfig(environment)
  const problems = report.filter((row) => row.problem)
  if (problems.length > 0) {
    const lines = problems.map((row) => `  ${row.env} is "${row.shown}": ${row.problem}`)
    throw new AppError('bad_configuration', `The configuration has ${problems.length} mistake(s):\n${lines.join('\n')}`)
  }
  return config
}

/** `NAME`, or the content of the file that `NAME_FILE` points to. Empty counts as unset. */
function givenValue(environment: Environment, env: string): { given?: string; problem?: string } {
  const file = env.startsWith('PAPERROUND_') || env.endsWith('_URL') ? environment[`${env}_FILE`] : undefined
  if (!file) return environment[env] ? { given: environment[env] } : {}
  try {
    return { given: readFileSync(file, 'utf8').trim() }
  } catch (error) {
    return { problem: `the file ${file} cannot be read (${(error as NodeJS.ErrnoException).code})` }
  }
}

function weakSecret(config: Config): string | undefined {
  if (!config.secret || !config.production) return undefined
  if (config.secret.length >= MIN_SECRET_LENGTH && !WELL_KNOWN_SECRETS.test(config.secret)) return undefined
  return `too weak for production: unset it to have one generated, or give ${MIN_SECRET_LENGTH} random characters`
}

function unknownNames(environment: Environment): string[] {
  const known = new Set(Object.values(settings).flatMap(({ env }) => [env, `${env}_FILE`]))
  return Object.keys(environment).filter(
    (name) =>
      name.startsWith('PAPERROUND_') &&
      !known.has(name) &&
      !name.startsWith('PAPERROUND_TEST_') &&
      name !== 'PAPERROUND_CHROMIUM',
  )
}
