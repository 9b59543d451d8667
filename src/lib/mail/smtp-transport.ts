import type { NodemailerError } from 'nodemailer/lib/errors'
import { type Outcome, outcomeOf } from './outcome.ts'
import { type Pace, paceOf } from './pace.ts'
import { type BeforeData, type Envelope, SmtpSession } from './smtp-connection.ts'
import type { SmtpSettings } from './smtp-settings.ts'

export type SendOptions = {
  /** Goes before all that waits and is tried even while the host is left alone: somebody waits for it in a browser. */
  urgent?: boolean
  beforeData?: BeforeData
}

export type SmtpTransport = Disposable & {
  settings: SmtpSettings
  /** Hands over a finished message. Never throws. */
  send(envelope: Envelope, message: Buffer, options?: SendOptions): Promise<Outcome>
  /** Connects and signs in, and sends nothing: undefined when all is well, else why not. */
  check(): Promise<string | undefined>
}

/** A session is closed after this many messages: some servers refuse more, and none minds. */
const MESSAGES_PER_SESSION = 100
const IDLE_MS = 15_000

/** Sessions with one server, kept while there is work. All transports to the same server share one pace. */
export function createSmtpTransport(
  settings: SmtpSettings,
  pace: Pace = paceOf(settings.host, settings.port),
): SmtpTransport {
  const idle: { session: SmtpSession; timer: NodeJS.Timeout }[] = []
  const waiting: (() => void)[] = []
  let busy = 0

  async function slot(urgent: boolean): Promise<void> {
    if (busy < settings.connections) {
      busy++
      return
    }
    // The place is handed over by whoever leaves, so the count stays.
    await new Promise<void>((resolve) => (urgent ? waiting.unshift(resolve) : waiting.push(resolve)))
  }

  function leave(): void {
    const next = waiting.shift()
    if (next) next()
    else busy--
  }

  function takeIdle(): SmtpSession | undefined {
    for (let kept = idle.pop(); kept; kept = idle.pop()) {
      clearTimeout(kept.timer)
      if (kept.session.isUsable) return kept.session
    }
    return undefined
  }

  function giveBack(session: SmtpSession): void {
    if (!session.isUsable) return
    if (session.sent >= MESSAGES_PER_SESSION) {
      session.quit()
      return
    }
    const entry = { session, timer: setTimeout(() => discard(entry), IDLE_MS).unref() }
    idle.push(entry)
  }

  function discard(entry: (typeof idle)[number]): void {
    const at = idle.indexOf(entry)
    if (at >= 0) idle.splice(at, 1)
    entry.session.quit()
  }

  async function attempt(envelope: Envelope, message: Buffer, options: SendOptions): Promise<Outcome> {
    const kept = takeIdle()
    if (kept) {
      const outcome = await kept.send(envelope, message, options.beforeData)
      await settle(kept, outcome)
      // A session that lay idle may have been closed by the server: that says nothing about the server.
      if (outcome.kind !== 'unreachable') return outcome
    }
    let session: SmtpSession
    try {
      session = await SmtpSession.open(settings)
    } catch (error) {
      return outcomeOf(error as NodemailerError, false)
    }
    const outcome = await session.send(envelope, message, options.beforeData)
    await settle(session, outcome)
    return outcome
  }

  async function settle(session: SmtpSession, outcome: Outcome): Promise<void> {
    if (outcome.kind !== 'accepted') await session.reset()
    giveBack(session)
  }

  return {
    settings,
    async send(envelope, message, options = {}) {
      const { urgent = false } = options
      await slot(urgent)
      try {
        if (pace.pausedMs > 0 && !urgent)
          return { kind: 'unreachable', reason: 'the mail server could not be used just now', retryInMs: pace.pausedMs }
        await pace.turn(settings.rate)
        const outcome = await attempt(envelope, message, options)
        if (outcome.kind === 'unreachable') return { ...outcome, retryInMs: pace.failed() }
        if (outcome.kind !== 'unknown' && outcome.kind !== 'stopped') pace.succeeded()
        return outcome
      } finally {
        leave()
      }
    },
    async check() {
      try {
        const session = await SmtpSession.open(settings)
        session.quit()
        return undefined
      } catch (error) {
        const outcome = outcomeOf(error as NodemailerError, false)
        return 'reason' in outcome ? outcome.reason : outcome.reply
      }
    },
    [Symbol.dispose]() {
      for (const entry of [...idle]) {
        clearTimeout(entry.timer)
        discard(entry)
      }
    },
  }
}
