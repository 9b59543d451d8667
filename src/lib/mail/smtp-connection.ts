import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { Readable } from 'node:stream'
import type { NodemailerError } from 'nodemailer/lib/errors'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import { type Outcome, outcomeOf, replyOf } from './outcome.ts'
import type { SmtpSettings } from './smtp-settings.ts'

/** To one recipient: what is refused then concerns nobody else. */
export type Envelope = { from: string; to: string }

/** Says, after the server agreed to take the message and before a byte of it flows, whether it may. */
export type BeforeData = () => Promise<boolean>

/** Ready-made replies wait this long for the server's side of closing. */
const CLOSE_GRACE_MS = 500

/** One session with the server: connected, encrypted as asked for, signed in. */
export class SmtpSession {
  #connection: SMTPConnection
  #settings: SmtpSettings
  #problem: NodemailerError | undefined
  /** Messages handed to this session. */
  sent = 0
  isUsable = true

  private constructor(settings: SmtpSettings) {
    this.#settings = settings
    this.#connection = new SMTPConnection(connectionOptions(settings))
    this.#connection.on('error', (error: NodemailerError) => {
      this.#problem ??= error
      this.isUsable = false
    })
    this.#connection.on('end', () => {
      this.isUsable = false
    })
  }

  /** Throws what stood in the way, as nodemailer tells it. Nothing but a greeting has been said then. */
  static async open(settings: SmtpSettings): Promise<SmtpSession> {
    const session = new SmtpSession(settings)
    const connection = session.#connection
    try {
      await new Promise<void>((resolve, reject) => {
        connection.once('error', reject)
        connection.once('end', () => reject(new Error('The server closed the connection.')))
        connection.connect((error) => (error ? reject(error) : resolve()))
      })
      const { user, password } = settings
      if (user !== undefined) {
        await new Promise<void>((resolve, reject) => {
          connection.once('error', reject)
          connection.once('end', () => reject(new Error('The server closed the connection during sign-in.')))
          connection.login({ credentials: { user, pass: password ?? '' } }, (error) =>
            error ? reject(error) : resolve(),
          )
        })
      }
      return session
    } catch (error) {
      session.close()
      throw error
    }
  }

  /** Hands one message over. Never throws: every way this can end is an outcome. */
  async send(envelope: Envelope, message: Buffer, beforeData?: BeforeData): Promise<Outcome> {
    this.sent++
    let hasBegun = false
    let isStopped = false
    // Nodemailer reads from here only after the server's 354: what happens before has not begun.
    const stream = new Readable({
      read: () => {
        if (hasBegun || isStopped) return
        const begin = () => {
          hasBegun = true
          stream.push(message)
          stream.push(null)
        }
        if (!beforeData) return begin()
        beforeData().then(
          (may) => {
            if (may) return begin()
            isStopped = true
            stream.destroy(new Error('stopped before the message'))
          },
          (error: Error) => {
            isStopped = true
            stream.destroy(error)
          },
        )
      },
    })
    stream.on('error', () => {}) // told through the callback of `send`
    return new Promise((resolve) => {
      const deadline = setTimeout(() => this.close(), this.#settings.timeoutSeconds * 1000)
      const finish = (outcome: Outcome) => {
        clearTimeout(deadline)
        // The session is in the middle of a message, or of something worse: only a clean ending may be used again.
        if (!['accepted', 'temporary', 'recipient', 'refused'].includes(outcome.kind)) this.close()
        resolve(outcome)
      }
      const onClose = () => {
        const reason = `the connection ended: ${this.#problem?.message ?? 'the server did not answer in time'}`
        finish(hasBegun ? { kind: 'unknown', reason } : { kind: 'unreachable', reason, retryInMs: 0 })
      }
      this.#connection.once('end', onClose)
      const done = (error: NodemailerError | null, info?: { response: string }) => {
        this.#connection.off('end', onClose)
        if (!error) return finish({ kind: 'accepted', ...replyOf(info?.response ?? '') })
        if (isStopped) return finish({ kind: 'stopped', reason: error.message })
        finish(outcomeOf(error, hasBegun))
      }
      const size = message.length
      this.#connection.send({ from: envelope.from, to: [envelope.to], size }, stream, done)
    })
  }

  /** Makes the session ready for the next message after one that was refused half-way. */
  async reset(): Promise<void> {
    if (!this.isUsable) return
    await new Promise<void>((resolve) => {
      const give = () => {
        this.isUsable = false
        resolve()
      }
      this.#connection.once('end', give)
      this.#connection.reset((error) => {
        this.#connection.off('end', give)
        if (error) this.isUsable = false
        resolve()
      })
    })
  }

  close(): void {
    this.isUsable = false
    this.#connection.close()
  }

  /** Says goodbye first. */
  quit(): void {
    if (this.isUsable) this.#connection.quit()
    this.isUsable = false
    setTimeout(() => this.#connection.close(), CLOSE_GRACE_MS).unref()
  }
}

function connectionOptions(settings: SmtpSettings) {
  const { host, port, security, timeoutSeconds, caFile, name } = settings
  const timeout = timeoutSeconds * 1000
  return {
    host,
    port,
    secure: security === 'tls',
    // Either way there is no "unless": a server that cannot do what was asked for gets no password and no mail.
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    connectionTimeout: Math.min(timeout, 30_000),
    greetingTimeout: Math.min(timeout, 30_000),
    socketTimeout: timeout,
    ...(name ? { name } : {}),
    tls: {
      minVersion: 'TLSv1.2' as const,
      ...(isIP(host) ? {} : { servername: host }),
      ...(caFile ? { ca: readFileSync(caFile) } : {}),
    },
  }
}
