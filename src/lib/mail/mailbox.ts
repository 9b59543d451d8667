import { ImapFlow } from 'imapflow'
import type { MailboxUrl } from './imap-url.ts'

/** Messages taken in one visit; what is left is for the next. */
const MOST_AT_ONCE = 200
/** A bounce carries a copy of the mail; its first part is what counts. */
const MAX_BYTES = 200_000

/**
 * Hands every unread message to `take`, oldest first, and marks it read once taken; one that `take` throws on stays
 * unread and ends the visit. Returns how many were taken.
 */
export async function readMailbox(mailbox: MailboxUrl, take: (source: string) => Promise<void>): Promise<number> {
  const { host, port, isTls, user, password, folder } = mailbox
  const client = new ImapFlow({
    ...{ host, port, secure: isTls, logger: false as const },
    ...(isTls ? {} : { doSTARTTLS: true }),
    auth: { user, pass: password },
  })
  await client.connect()
  try {
    const lock = await client.getMailboxLock(folder)
    try {
      const found = await client.search({ seen: false }, { uid: true })
      const unread = (found || []).slice(0, MOST_AT_ONCE)
      for (const uid of unread) {
        const message = await client.fetchOne(String(uid), { source: { maxLength: MAX_BYTES } }, { uid: true })
        if (message && 'source' in message && message.source) await take(message.source.toString('latin1'))
        await client.messageFlagsAdd(String(uid), ['\\Seen'], { uid: true })
      }
      return unread.length
    } finally {
      lock.release()
    }
  } finally {
    await client.logout()
  }
}
