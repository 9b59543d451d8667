import type { NodemailerError } from 'nodemailer/lib/errors'

/** What a reply says: three digits, the enhanced code where the server gave one (RFC 3463), and the text. */
export type SmtpReply = { reply: string; code: number; enhanced?: string }

/**
 * What became of one message to one recipient.
 * - `accepted`: the server's final 250. From here on it is the server's to deliver.
 * - `temporary`: this message was refused for now (4xx). Try again later.
 * - `recipient`: this recipient was refused for good (5xx to RCPT). Others are not concerned.
 * - `refused`: the sender or the message was refused for good (5xx elsewhere): policy, size, content.
 * - `unreachable`: nothing was handed over, and the server cannot be used now: no connection, no TLS, bad password, 421.
 *   Concerns every message; `retryInMs` tells when it makes sense to come back.
 * - `unknown`: the connection was lost after the message began to flow. The server may have taken it: do not send again.
 * - `stopped`: our own `beforeData` said no. Nothing was handed over.
 */
export type Outcome =
  | ({ kind: 'accepted' } & SmtpReply)
  | ({ kind: 'temporary' } & SmtpReply)
  | ({ kind: 'recipient' } & SmtpReply)
  | ({ kind: 'refused'; stage: string } & SmtpReply)
  | { kind: 'unreachable'; reason: string; retryInMs: number }
  | { kind: 'unknown'; reason: string }
  | { kind: 'stopped'; reason: string }

const SERVICE_CLOSING = 421
const BAD_SEQUENCE = 503

/** Reads a reply. Several lines of one reply are joined. */
export function replyOf(text: string): SmtpReply {
  const lines = text.split(/\r?\n/).map((line) => line.replace(/^\d{3}[ -]?/, ''))
  const code = Number(/^\d{3}/.exec(text)?.[0] ?? 0)
  const enhanced = /\b([245]\.\d{1,3}\.\d{1,3})\b/.exec(text)?.[1]
  return { reply: `${code} ${lines.join(' ').trim()}`.trim(), code, ...(enhanced ? { enhanced } : {}) }
}

/** What an error of the connection means. `hasBegun`: whether any of the message had flowed when it came. */
export function outcomeOf(
  error: NodemailerError,
  hasBegun: boolean,
): Exclude<Outcome, { kind: 'accepted' | 'stopped' }> {
  const { command = '', responseCode, response } = error
  if (!responseCode || !response) {
    // Nodemailer knows before asking that a server without SMTPUTF8 cannot take such an address, or such a size.
    if (command === 'API' && error.code === 'EENVELOPE') return { kind: 'recipient', reply: error.message, code: 553 }
    if (error.code === 'EMESSAGE') return { kind: 'refused', stage: command, reply: error.message, code: 552 }
    if (hasBegun) return { kind: 'unknown', reason: reasonOf(error) }
    return { kind: 'unreachable', reason: reasonOf(error), retryInMs: 0 }
  }
  const reply = replyOf(response)
  const isAboutSession = responseCode === SERVICE_CLOSING || responseCode === BAD_SEQUENCE || error.code === 'EAUTH'
  const isBeforeMail = !['MAIL FROM', 'RCPT TO', 'DATA'].includes(command)
  // A reply that ends the session before the message flowed is about the server, not about this message.
  if (!hasBegun && (isAboutSession || isBeforeMail))
    return { kind: 'unreachable', reason: `${reasonOf(error)}`, retryInMs: 0 }
  if (responseCode < 500 || responseCode === BAD_SEQUENCE) return { kind: 'temporary', ...reply }
  if (command === 'RCPT TO') return { kind: 'recipient', ...reply }
  return { kind: 'refused', stage: command === 'MAIL FROM' ? 'sender' : 'message', ...reply }
}

function reasonOf(error: NodemailerError): string {
  const code = error.originalCode ?? error.code
  const text = error.message.replaceAll(/\s+/g, ' ').trim()
  return code && !text.includes(code) ? `${text} (${code})` : text
}

/** One line for a log or a person. */
export function describeOutcome(outcome: Outcome): string {
  return 'reply' in outcome ? outcome.reply : outcome.reason
}
