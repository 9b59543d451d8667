import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { ImapFlow } from 'imapflow'
import { AppError } from '../../errors.ts'
import type { MailboxUrl } from './imap-url.ts'

/** Messages taken in one visit; what is left is for the next. */
const MOST_AT_ONCE = 200
/** A bounce carries a copy of the mail; its first part is what counts. */
const MAX_BYTES = 200_000
const CONNECT_MS = 30_000
/** A server silent for longer than this is given up. */
const SILENCE_MS = 60_000

export type MailboxVisit = {
  taken: number
  /** Unread messages that are left for the next visit. */
  left: number
}

type VisitOptions = { signal?: AbortSignal | undefined; timeoutMs?: number }

/**
 * Hands every unread message to `take`, oldest first, and marks it read once taken; one that `take` throws on stays
 * unread for the next visit, and does not keep those behind it waiting. Throws `unavailable` with the server's own words
 * when the mailbox cannot be read, and when messages could not be taken in.
 */
export async function readMailbox(
  mailbox: MailboxUrl,
  take: (source: string) => Promise<void>,
  { signal, timeoutMs }: VisitOptions = {},
): Promise<MailboxVisit> {
  const client = new ImapFlow(clientOptions(mailbox, timeoutMs))
  // Told through whatever is being waited for; without somebody to listen it would end the program.
  client.on('error', () => {})
  let failed = 0
  let firstFailure: unknown
  try {
    await client.connect()
    await client.mailboxOpen(mailbox.folder)
    const unread = (await client.search({ seen: false }, { uid: true })) || []
    const wanted = unread.slice(0, MOST_AT_ONCE)
    let taken = 0
    for (const uid of wanted) {
      if (signal?.aborted) break
      const message = await client.fetchOne(String(uid), { source: { maxLength: MAX_BYTES } }, { uid: true })
      try {
        const source = message ? message.source : undefined
        if (source) await take(source.toString('latin1'))
      } catch (error) {
        failed++
        firstFailure ??= error
        continue
      }
      await client.messageFlagsAdd(String(uid), ['\\Seen'], { uid: true })
      taken++
    }
    if (failed === 0) return { taken, left: unread.length - taken }
  } catch (cause) {
    throw new AppError('unavailable', `The mailbox ${describeMailbox(mailbox)} cannot be read: ${wordsOf(cause)}`, {
      cause,
    })
  } finally {
    // Says goodbye where somebody still listens; the reason why nobody does was told above.
    await client.logout().catch(() => client.close())
  }
  throw new AppError(
    'unavailable',
    `${failed} messages of ${describeMailbox(mailbox)} could not be taken in; the first because: ${wordsOf(firstFailure)}`,
    { cause: firstFailure },
  )
}

/** The mailbox without its secrets, for logs and `doctor`. */
export function describeMailbox({ host, port, security, user, folder }: MailboxUrl): string {
  const how = { tls: 'TLS from the start', starttls: 'STARTTLS required', none: 'not encrypted, this machine' }
  return `${folder} at ${host}:${port} (${how[security]}, as ${user})`
}

/** Signs in and looks, takes nothing: undefined when all is well, else why not. */
export async function checkMailbox(mailbox: MailboxUrl, timeoutMs?: number): Promise<string | undefined> {
  const client = new ImapFlow(clientOptions(mailbox, timeoutMs))
  client.on('error', () => {})
  try {
    await client.connect()
    await client.mailboxOpen(mailbox.folder, { readOnly: true })
    return undefined
  } catch (error) {
    return wordsOf(error)
  } finally {
    await client.logout().catch(() => client.close())
  }
}

function clientOptions(mailbox: MailboxUrl, timeoutMs: number | undefined) {
  const { host, port, security, user, password, caFile } = mailbox
  return {
    ...{ host, port, auth: { user, pass: password }, logger: false as const },
    secure: security === 'tls',
    // True is "or nothing", false "never": left out, it would be "if the server can". TLS from the start needs neither.
    ...(security === 'tls' ? {} : { doSTARTTLS: security === 'starttls' }),
    connectionTimeout: timeoutMs ?? CONNECT_MS,
    greetingTimeout: timeoutMs ?? CONNECT_MS,
    socketTimeout: timeoutMs ?? SILENCE_MS,
    disableAutoIdle: true,
    tls: {
      minVersion: 'TLSv1.2' as const,
      ...(isIP(host) ? {} : { servername: host }),
      ...(caFile ? { ca: readFileSync(caFile) } : {}),
    },
  }
}

/** What a server says of a refusal is in `responseText`; the message alone says "Command failed". */
function wordsOf(error: unknown): string {
  const { message, code, responseText, authenticationFailed } = error as {
    message?: string
    code?: string
    responseText?: string
    authenticationFailed?: boolean
  }
  const words = authenticationFailed ? `wrong user or password (${responseText ?? message})` : (responseText ?? message)
  return [words || 'the connection ended', code && !words?.includes(code) ? `(${code})` : ''].join(' ').trim()
}
