/** How the connection is protected. There is no "if the server can": what is asked for happens, or nothing is sent. */
export type SmtpSecurity = 'tls' | 'starttls' | 'none'

export type SmtpSettings = {
  host: string
  port: number
  security: SmtpSecurity
  user?: string
  password?: string
  /** Connections open at once. Doubling it helps only servers that answer slowly. */
  connections: number
  /** Messages a second to this host, from all of this program together; 0 is no limit. */
  rate: number
  /** A server silent for longer than this is given up, in seconds. */
  timeoutSeconds: number
  /** PEM file of the authority that signed the server's certificate, where that is one of your own. */
  caFile?: string
  /** How we introduce ourselves (EHLO); the name of this machine when unset. */
  name?: string
}

const DEFAULT_PORTS = { tls: 465, starttls: 587, none: 25 } as const
const DEFAULT_CONNECTIONS = 4
/** What the entry levels of mail relays allow. */
const DEFAULT_RATE = 14
/** Servers that scan what they get may think for a minute before they say 250. */
const DEFAULT_TIMEOUT_SECONDS = 120

const parameters = ['tls', 'connections', 'rate', 'timeout', 'ca', 'name'] as const

/**
 * Reads `smtps://user:password@host:465` (TLS from the start) or `smtp://user:password@host:587` (STARTTLS, required).
 * Only a server on this machine may be spoken to in the clear, and only when `?tls=none` says so. Further parameters:
 * `connections`, `rate` (messages a second), `timeout` (seconds), `ca` (PEM file), `name` (EHLO). Throws an Error whose
 * message says what to write.
 */
export function parseSmtpUrl(text: string): SmtpSettings {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^smtps?:$/.test(url.protocol) || !url.hostname)
    throw new Error('expected smtps://user:password@host:465 or smtp://user:password@host:587')
  for (const name of url.searchParams.keys())
    if (!parameters.includes(name as never))
      throw new Error(`there is no parameter "${name}"; there are ${parameters.join(', ')}`)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const security = securityOf(url, host)
  if (url.password && !url.username) throw new Error('a password without a user name')
  const settings: SmtpSettings = {
    host,
    port: url.port ? Number(url.port) : DEFAULT_PORTS[security],
    security,
    connections: numberOf(url, 'connections', DEFAULT_CONNECTIONS, 1, 50),
    rate: numberOf(url, 'rate', DEFAULT_RATE, 0, 10_000),
    timeoutSeconds: numberOf(url, 'timeout', DEFAULT_TIMEOUT_SECONDS, 1, 600),
  }
  if (url.username) settings.user = decodeURIComponent(url.username)
  if (url.password) settings.password = decodeURIComponent(url.password)
  const caFile = url.searchParams.get('ca')
  if (caFile) settings.caFile = caFile
  const name = url.searchParams.get('name')
  if (name) settings.name = name
  return settings
}

function securityOf(url: URL, host: string): SmtpSecurity {
  const implicit = url.protocol === 'smtps:'
  const wanted = url.searchParams.get('tls')
  if (wanted === null) return implicit ? 'tls' : 'starttls'
  if (wanted !== 'none') throw new Error('"tls" can only be "none"; without it the connection is always encrypted')
  if (implicit) throw new Error('smtps:// is encrypted from the start and cannot have tls=none')
  if (!isThisMachine(host))
    throw new Error(`tls=none is for a mail server on this machine only, and ${host} is another one`)
  return 'none'
}

export const isThisMachine = (host: string) =>
  host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host)

function numberOf(url: URL, name: (typeof parameters)[number], fallback: number, from: number, to: number): number {
  const given = url.searchParams.get(name)
  if (given === null) return fallback
  const value = Number(given)
  if (!/^\d+(\.\d+)?$/.test(given) || value < from || value > to)
    throw new Error(`"${name}" is a number from ${from} to ${to}, not "${given}"`)
  return value
}

/** The server without its secrets, for logs and `doctor`. */
export function describeSmtp({ host, port, security, user }: SmtpSettings): string {
  const how = { tls: 'TLS from the start', starttls: 'STARTTLS required', none: 'not encrypted, this machine' }[
    security
  ]
  return `${host}:${port} (${how}${user ? `, as ${user}` : ''})`
}
