import { isThisMachine, type SmtpSecurity } from './smtp-settings.ts'

/** Where mail that comes back is read, and how the way there is protected: there is no "if the server can". */
export type MailboxUrl = {
  host: string
  port: number
  security: SmtpSecurity
  user: string
  password: string
  folder: string
  /** PEM file of the authority that signed the server's certificate, where that is one of your own. */
  caFile?: string
}

const parameters = ['tls', 'ca']

/**
 * Reads `imaps://user:password@host:993/Folder` (TLS from the start) or `imap://…` (STARTTLS, required). Only a server on
 * this machine may be spoken to in the clear, and only when `?tls=none` says so; `ca` names the PEM file of an authority
 * of your own. Throws an Error whose message says what to write.
 */
export function parseImapUrl(text: string): MailboxUrl {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^imaps?:$/.test(url.protocol) || !url.hostname || !url.username)
    throw new Error('expected imaps://user:password@host/INBOX')
  for (const name of url.searchParams.keys())
    if (!parameters.includes(name))
      throw new Error(`there is no parameter "${name}"; there are ${parameters.join(', ')}`)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const security = securityOf(url, host)
  const caFile = url.searchParams.get('ca')
  return {
    host,
    port: url.port ? Number(url.port) : security === 'tls' ? 993 : 143,
    security,
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    folder: decodeURIComponent(url.pathname.slice(1)) || 'INBOX',
    ...(caFile ? { caFile } : {}),
  }
}

function securityOf(url: URL, host: string): SmtpSecurity {
  const implicit = url.protocol === 'imaps:'
  const wanted = url.searchParams.get('tls')
  if (wanted === null) return implicit ? 'tls' : 'starttls'
  if (wanted !== 'none') throw new Error('"tls" can only be "none"; without it the connection is always encrypted')
  if (implicit) throw new Error('imaps:// is encrypted from the start and cannot have tls=none')
  if (!isThisMachine(host))
    throw new Error(`tls=none is for a mail server on this machine only, and ${host} is another one`)
  return 'none'
}
