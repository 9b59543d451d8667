import { raw } from 'hono/html'
import type { Db } from '../db/index.ts'
import type { Mail, Mailer, Outcome } from '../lib/mail/index.ts'
import type { MailSite } from './mail-site.ts'
import { scheduleSentence } from './schedule-words.ts'
import { readSubscription, type Subscription } from './subscription.ts'
import { subscriberById, subscriptionsOf } from './subscription-queries.ts'
import { isSuppressed } from './suppress.ts'
import { wantSentence } from './want.ts'

/** Sends the mail with the one button to a subscriber whose confirmation was asked for. Undefined: nothing to ask. */
export async function sendConfirmation(
  tools: { db: Db; mailer: Mailer; site: MailSite },
  subscriberId: string,
  now: Date,
): Promise<Outcome | undefined> {
  const subscriber = await subscriberById(tools.db, subscriberId)
  if (!subscriber?.confirm_token) return undefined
  const subscriptions = (await subscriptionsOf(tools.db, subscriberId)).map(readSubscription)
  const wished = subscriptions.filter(({ state }) => state === 'unconfirmed')
  const mail = confirmationMail(tools.site, {
    email: subscriber.email,
    wished,
    isSuppressed: await isSuppressed(tools.db, subscriber.email),
    confirm: `${tools.site.baseUrl}/subscribe/confirm/${subscriber.confirm_token}`,
    preferences: `${tools.site.baseUrl}/mail/${subscriber.token}`,
    date: now,
  })
  return tools.mailer.send(mail, { urgent: true })
}

type Confirmation = {
  email: string
  wished: readonly Subscription[]
  /** Mail came back from here: confirming again begins it anew. */
  isSuppressed: boolean
  confirm: string
  preferences: string
  date: Date
}

/** Whoever has the mail already is told so: nobody but the reader of the mailbox learns of it. */
export function confirmationMail(
  site: MailSite,
  { email, wished, isSuppressed: wasReturned, confirm, preferences, date }: Confirmation,
): Mail {
  const [first] = wished
  const subject = first ? `Confirm: ${site.name} by mail` : `You get ${site.name} by mail already`
  const what = first ? `${wantSentence(first.want)}, ${scheduleSentence(first)}` : ''
  const sentence =
    !first && wasReturned
      ? `Mail from ${site.name} to this address came back, so we stopped sending it. If it works again, say so.`
      : first
        ? `Somebody, we hope you, asked ${site.name} to send ${what}, to this address.`
        : `Somebody, we hope you, subscribed this address to ${site.name} again. You get that mail already; nothing has changed.`
  const [label, link] =
    first || wasReturned ? ['Yes, send me the papers', confirm] : ['Change or stop your mail', preferences]
  const end = first
    ? 'If it was not you, do nothing: nothing is sent, and this address is forgotten.'
    : 'If it was not you, there is nothing to do.'
  return {
    to: email,
    subject,
    date,
    text: `${sentence}\n\n${label}:\n${link}\n\n${end}\n`,
    html: `<!doctype html>${(
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="color-scheme" content="light dark" />
          <title>{subject}</title>
          <style>{raw('@media (prefers-color-scheme:dark){body{background:#161511;color:#ece7dc}}')}</style>
        </head>
        <body style="font:16px/24px -apple-system,Segoe UI,Roboto,Arial,sans-serif;max-width:560px;margin:24px auto;padding:0 16px">
          <p>{sentence}</p>
          <p>
            <a
              href={link}
              style="display:inline-block;background:#96290f;color:#ffffff;text-decoration:none;font-weight:bold;padding:12px 22px;border-radius:6px"
            >
              {label}
            </a>
          </p>
          <p style="font-size:13px">{end}</p>
        </body>
      </html>
    )}`,
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
  }
}
