import type { SmtpReply } from '../lib/mail/index.ts'
import type { ReturnKind } from './suppress.ts'

/** Nobody there: RFC 3463 codes of addresses that do not exist, have moved without a trace, or are switched off. */
const hardCodes = /^5\.(1\.(0|1|2|3|4|6|10)|2\.1)$/
/** Full, busy, too big for now. */
const softCodes = /^(4\.\d+\.\d+|5\.2\.2|5\.2\.3|5\.4\.\d+|5\.3\.\d+)$/
const policyWords = /spam|policy|block|reputation|blacklist|denied by|dmarc|spf|dkim|content|virus|banned/i
const absentWords =
  /(user|mailbox|recipient|address|account)[^.]{0,40}(unknown|not found|does ?n.t exist|not exist|disabled|unavailable|invalid|rejected|inactive)|no such|unknown (user|recipient|mailbox)/i

/** What a status code means for the address. Unknown codes count as soft: a mistake then costs little. */
export function classifyStatus(status: string | undefined, text: string): ReturnKind {
  if (status && hardCodes.test(status)) return 'hard'
  if (status && softCodes.test(status)) return 'soft'
  if (status?.startsWith('5.7')) return 'other'
  if (status?.startsWith('5.6')) return 'other'
  if (policyWords.test(text)) return 'other'
  if (absentWords.test(text)) return 'hard'
  return 'soft'
}

/** The server's own answer to the recipient. */
export function classifyReply({ code, enhanced, reply }: SmtpReply): ReturnKind {
  if (code < 500) return 'soft'
  if (enhanced) return classifyStatus(enhanced, reply)
  if (policyWords.test(reply)) return 'other'
  // Without a finer code: 550, 551 and 553 are what servers say of people who are not there.
  return [550, 551, 553].includes(code) && (absentWords.test(reply) || code !== 550) ? 'hard' : 'soft'
}
