import { addressOf } from './address.ts'
import { type DkimKey, signMessage } from './dkim.ts'
import { buildMessage, type Mail } from './message.ts'
import type { Outcome } from './outcome.ts'
import type { Pace } from './pace.ts'
import type { SmtpSettings } from './smtp-settings.ts'
import { createSmtpTransport, type SendOptions, type SmtpTransport } from './smtp-transport.ts'

export type MailerOptions = {
  smtp: SmtpSettings
  /** From of everything that does not say otherwise. */
  from: string
  /** Our own signature; left out where the relay signs. */
  dkim?: DkimKey
  /** In place of the one that all mail to this server shares. */
  pace?: Pace
}

export type Mailer = Disposable & {
  from: string
  dkim?: DkimKey
  transport: SmtpTransport
  /**
   * Builds, signs and hands over one message, and tells what became of it. Throws only when the message cannot be
   * built, which is a fault of ours.
   */
  send(mail: Mail, options?: SendOptions): Promise<Outcome>
  /** The bytes that `send` would hand over. */
  build(mail: Mail): Promise<Buffer>
}

export function createMailer({ smtp, from, dkim, pace }: MailerOptions): Mailer {
  const transport = createSmtpTransport(smtp, pace)
  const build = async (mail: Mail) => {
    const message = await buildMessage({ ...mail, from: mail.from ?? from })
    return dkim ? signMessage(message, dkim) : message
  }
  return {
    from,
    ...(dkim ? { dkim } : {}),
    transport,
    build,
    async send(mail, options) {
      const message = await build(mail)
      const sender = mail.envelopeFrom ?? addressOf(mail.from ?? from)
      return transport.send({ from: sender, to: addressOf(mail.to) }, message, options)
    },
    [Symbol.dispose]: () => transport[Symbol.dispose](),
  }
}
