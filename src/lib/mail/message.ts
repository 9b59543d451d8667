import { convert } from 'html-to-text'
import MailComposer from 'nodemailer/lib/mail-composer'

/** One message to one person. `html` without `text` gets a text part made of it; text alone is fine. */
export type Mail = {
  to: string
  subject: string
  text?: string
  html?: string
  /** `"Lab Papers" <papers@example.org>`; the mailer's own when unset. */
  from?: string
  replyTo?: string
  /** Where what cannot be delivered goes back to; the address in `from` when unset. */
  envelopeFrom?: string
  /** With angle brackets. Give one that the same mail would have again, so that a receiver sees a second copy. */
  messageId?: string
  date: Date
  /** Further headers, in the order given. A line break in a value is refused. */
  headers?: Readonly<Record<string, string>>
}

/** The bytes that go over the wire, unsigned. */
export async function buildMessage(mail: Mail & { from: string }): Promise<Buffer> {
  const { to, from, replyTo, subject, html, text, messageId, date, headers = {} } = mail
  for (const value of [to, from, subject, messageId ?? '', ...Object.values(headers)])
    if (/[\r\n]/.test(value)) throw new Error('a header of a mail may not contain a line break')
  const composer = new MailComposer({
    from,
    to,
    ...(replyTo ? { replyTo } : {}),
    subject,
    date,
    ...(messageId ? { messageId } : {}),
    headers: Object.entries(headers).map(([key, value]) => ({ key, value: headerValue(value) })),
    text: text ?? textOf(html ?? ''),
    ...(html ? { html } : {}),
    // Quoted-printable keeps lines short and words readable in the source; base64 would make every mail a third longer.
    encoding: 'quoted-printable',
    newline: 'win',
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return composer.compile().build()
}

/** Plain characters go as they are, only folded: encoding would break addresses in angle brackets. */
function headerValue(value: string) {
  return /[^ -~]/.test(value) ? value : { prepared: true, foldLines: true, value }
}

/** What a reader without HTML gets of a simple page of ours: paragraphs, and addresses written out behind their links. */
export function textOf(html: string): string {
  return convert(html, {
    wordwrap: 76,
    selectors: [
      { selector: 'a', options: { hideLinkHrefIfSameAsText: true } },
      { selector: 'img', format: 'skip' },
      ...['h1', 'h2', 'h3'].map((selector) => ({ selector, options: { uppercase: false } })),
    ],
  })
}
