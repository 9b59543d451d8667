/** `imaps://user:password@host:993/Folder`; TLS from the start, or STARTTLS required with `imap://`. */
export type MailboxUrl = { host: string; port: number; isTls: boolean; user: string; password: string; folder: string }

export function parseImapUrl(text: string): MailboxUrl {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^imaps?:$/.test(url.protocol) || !url.hostname || !url.username)
    throw new Error('expected imaps://user:password@host/INBOX')
  const isTls = url.protocol === 'imaps:'
  return {
    host: url.hostname,
    port: url.port ? Number(url.port) : isTls ? 993 : 143,
    isTls,
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    folder: decodeURIComponent(url.pathname.slice(1)) || 'INBOX',
  }
}
