import { classifyStatus } from './classify-return.ts'
import type { MailReturn } from './suppress.ts'

/** What a message in the mailbox for returns turned out to be. */
export type ReadReturn =
  | { kind: 'return'; report: MailReturn }
  | { kind: 'unsubscribe'; token: string }
  /** A vacation notice, a delay that is not over, anything not for us. */
  | { kind: 'nothing'; why: string }

/** Longer than any bounce; the copy of our own mail at its end is of no interest. */
const MAX_READ = 200_000
/** Words for people stand at the beginning, before the report and the copy of our mail. */
const MAX_NOTICE = 5_000

/** Reports in the same form that are not a reader's complaint: of failed DKIM or DMARC, or taken back. */
const noComplaints = ['auth-failure', 'not-spam', 'virus']

/**
 * Reads a message as it lies in the mailbox. Which delivery it is about is told by the address it came to
 * (`bounce+TOKEN@…`), never by what it claims about itself; what happened, by the report inside (RFC 3464, RFC 5965).
 */
export function readReturn(source: string, bounceAddress: string): ReadReturn {
  const text = source.slice(0, MAX_READ).replaceAll('\r\n', '\n')
  const end = text.indexOf('\n\n')
  const headers = unfold(end < 0 ? text : text.slice(0, end))
  const body = end < 0 ? '' : text.slice(end + 2)
  const feedback = /^feedback-type:\s*([\w-]+)/im.exec(body)?.[1]?.toLowerCase()
  const isComplaint = feedback !== undefined || /^content-type:[^\n]*feedback-report/im.test(headers)
  const token = tokenIn(headers, bounceAddress, addressed) ?? (isComplaint && tokenIn(body, bounceAddress, returned))
  if (!token) return { kind: 'nothing', why: 'no address of a delivery' }
  if (token.startsWith('unsub-')) return { kind: 'unsubscribe', token: token.slice('unsub-'.length) }
  if (feedback && noComplaints.includes(feedback)) return { kind: 'nothing', why: `a report of ${feedback}` }
  if (isComplaint)
    return { kind: 'return', report: { kind: 'complaint', deliveryId: token, evidence: evidenceOf(body, headers) } }
  const isReport = /^content-type:[^\n]*delivery-status/im.test(headers) || /^final-recipient:/im.test(body)
  if (!isReport && /^auto-submitted:\s*auto-replied/im.test(headers))
    return { kind: 'nothing', why: 'an automatic reply' }
  const fields = unfold(body)
  if (/^action:\s*(delayed|relayed|delivered|expanded)/im.test(fields))
    return { kind: 'nothing', why: 'not given up yet' }
  const diagnostic = diagnosticIn(fields)
  const status = statusIn(fields, diagnostic)
  if (!isReport && !status) return { kind: 'nothing', why: 'no report of a delivery' }
  // Lines such as "Content-Type:" say nothing about why.
  const words = diagnostic || body.slice(0, 2_000).replaceAll(/^[\w-]+:.*$/gm, '')
  const kind = classifyStatus(status, words)
  return {
    kind: 'return',
    report: { kind, deliveryId: token, status, evidence: diagnostic || evidenceOf(body, headers) },
  }
}

/** What the server said that did not take the mail: in its field, or in the words for people, as OpenSMTPD has it. */
function diagnosticIn(fields: string): string {
  const told = /^diagnostic-code:\s*(.+)$/im.exec(fields)?.[1]
  const [, recipient] = /^final-recipient:\s*(?:[^;\n]*;)?\s*<?([^\s<>]+)/im.exec(fields) ?? []
  if (told !== undefined || !recipient) return told ?? ''
  const line = new RegExp(`^[^\\n]*${literal(recipient)}>?:?\\s+([^\\n]*\\b[45]\\d\\d[ -][^\\n]+)$`, 'im')
  return line.exec(fields.slice(0, MAX_NOTICE))?.[1] ?? ''
}

/** A finer code in the server's own words says more than a plain 5.0.0 of the one that reports. */
function statusIn(fields: string, diagnostic: string): string | undefined {
  const reported = /^status:\s*([245]\.\d{1,3}\.\d{1,3})/im.exec(fields)?.[1]
  const told = /\b([45]\.\d{1,3}\.\d{1,3})\b/.exec(diagnostic)?.[1]
  return reported && !/\.0\.0$/.test(reported) ? reported : (told ?? reported)
}

/** Where a message was delivered to counts; From and Subject are whatever the sender likes. */
const addressed = /^(to|cc|delivered-to|x-original-to|envelope-to|resent-to):/i
/**
 * Complaints come to the one address a provider knows, and tell inside where the mail was from. The token in it is known
 * to its reader alone.
 */
const returned = /^(original-mail-from|return-path):/i

function tokenIn(text: string, bounceAddress: string, fields: RegExp): string | undefined {
  const [local = '', domain = ''] = bounceAddress.toLowerCase().split('@')
  const pattern = new RegExp(`${literal(local)}\\+((?:unsub-)?[a-z2-7]{16,64})@${literal(domain)}`, 'i')
  const lines = unfold(text)
    .split('\n')
    .filter((line) => fields.test(line))
  return pattern.exec(lines.join('\n'))?.[1]?.toLowerCase()
}

const literal = (part: string) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')

const unfold = (text: string) => text.replaceAll(/\n[ \t]+/g, ' ')

const evidenceOf = (body: string, headers: string) =>
  (body.replaceAll(/\s+/g, ' ').trim() || headers.replaceAll(/\s+/g, ' ')).slice(0, 400)
