import type { Mail } from '../lib/mail/index.ts'
import { digestHtml } from './digest-html.tsx'
import { digestText } from './digest-text.ts'
import { hostOf, type MailSite, returnAddress } from './mail-site.ts'
import { type DigestContent, subjectOf } from './mail-words.ts'
import type { WantKind } from './want.ts'

/** Gmail cuts off what comes after 102 kB, the way to unsubscribe with it. Counted after encoding, both parts. */
export const MAX_MAIL_BYTES = 95_000
/** Headers, boundaries, and what is not worth counting. */
const OVERHEAD_BYTES = 3_000

export type DigestMail = Mail & { shown: number }

/** The finished mail of a delivery. Pure: the same content makes the same mail. */
export function composeDigest(content: DigestContent, { deliveryId, periodKey, date }: DeliveryFacts): DigestMail {
  const { html, text, shown } = fittingParts(content)
  const { site, email } = content
  return {
    from: site.digestFrom,
    to: email,
    subject: subjectOf({ ...content, entries: content.entries.slice(0, shown) }),
    date,
    messageId: messageIdOf(site, periodKey, content.subscription.id),
    ...envelope(site, deliveryId),
    headers: digestHeaders(content),
    html,
    text,
    shown,
  }
}

export type DeliveryFacts = { deliveryId: string; periodKey: string; date: Date }

/** As many papers as fit; the others are named by their number, with a link to where they are. */
function fittingParts(content: DigestContent): { html: string; text: string; shown: number } {
  const all = content.entries.length
  for (let shown = all; ; shown = Math.min(shown - 1, Math.floor(shown * 0.9))) {
    const part = shown === all ? content : { ...content, entries: content.entries.slice(0, shown) }
    const html = digestHtml(part, all - shown)
    const text = digestText(part, all - shown)
    if (shown <= 1 || encodedLength(html) + encodedLength(text) + OVERHEAD_BYTES <= MAX_MAIL_BYTES)
      return { html, text, shown }
  }
}

/** Length in quoted-printable, estimated a little high: soft line breaks, and three characters for each odd byte. */
export function encodedLength(text: string): number {
  let odd = 0
  let bytes = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 61) {
      odd++
      bytes++
    } else if (code < 128) bytes++
    else {
      const length = code < 0x800 ? 2 : code >= 0xd800 && code < 0xe000 ? 2 : 3
      odd += length
      bytes += length
    }
  }
  const encoded = bytes + 2 * odd
  return encoded + Math.ceil(encoded / 72) * 3
}

/** The same for the same period of the same subscription: a second copy shows as what it is. */
export function messageIdOf(site: MailSite, periodKey: string, subscriptionId: string): string {
  return `<digest.${periodKey.replaceAll(/[^A-Za-z0-9-]/g, '.')}.${subscriptionId}@${hostOf(site)}>`
}

function envelope(site: MailSite, deliveryId: string): { envelopeFrom?: string } {
  const address = returnAddress(site, 'bounce', deliveryId)
  return address ? { envelopeFrom: address } : {}
}

/** A list keeps its name and id for ever: filters are made of them. */
const listNames: Record<WantKind, string> = {
  edition: 'papers of the day',
  trending: 'trending papers',
  categories: 'categories',
  authors: 'authors',
  search: 'saved searches',
  similar: 'similar papers',
  picks: 'picks',
}

/** RFC 2369, 2919, 3834, 8058, and what Gmail reads. */
function digestHeaders({ site, subscription, issue, links, note }: DigestContent): Record<string, string> {
  const host = hostOf(site)
  const { kind } = subscription.want
  const mailto = returnAddress(site, 'unsub', subscription.token)
  const name = `${site.name}, ${listNames[kind]}`
  return {
    'List-Id': `"${name.replaceAll(/["\\]|[^ -~]/g, '')}" <${kind}.digest.${host}>`,
    ...(note
      ? {}
      : {
          'List-Unsubscribe': `<${links.unsubscribe}>${mailto ? `, <mailto:${mailto}?subject=unsubscribe>` : ''}`,
          'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
        }),
    'List-Help': `<${links.help}>`,
    'List-Archive': `<${links.web}>`,
    Precedence: 'bulk',
    'Auto-Submitted': 'auto-generated',
    'X-Auto-Response-Suppress': 'All',
    'Feedback-ID': `${issue.range.to}:${kind}:digest:${host.replaceAll('.', '-')}`,
  }
}
