import { type ProviderName, providerLabels, providerNames } from '../people/index.ts'

/** The settings that decide whether people can come in. */
type Settings = {
  baseUrl?: string | undefined
  host: string
  smtp?: unknown
  mailFrom?: string | undefined
  signUp: 'open' | 'invited'
  mailDomains: readonly string[]
  captcha: boolean
} & { [Name in `${ProviderName}Id` | `${ProviderName}Secret`]: string | undefined }
type Finding = { what: string; ok: boolean; detail: string }

/** Whether people can come in: the address of the site, mail with sign-in links, other sites to sign in with. */
export function signInFindings(config: Settings): Finding[] {
  return [addressFinding(config), mailFinding(config), providersFinding(config), joinFinding(config)]
}

/** Passkeys belong to an address, cookies that nobody can plant need https, and mailed links must lead somewhere. */
function addressFinding({ baseUrl, host }: Settings): Finding {
  const what = 'Sign-in address'
  if (!baseUrl) {
    if (isLocal(host)) return { what, ok: true, detail: 'this machine only; others need PAPERROUND_BASE_URL' }
    const detail = `HOST=${host} serves other machines, but nobody can sign in there until PAPERROUND_BASE_URL is set`
    return { what, ok: false, detail }
  }
  const { protocol, hostname, pathname } = new URL(baseUrl)
  if (pathname !== '/')
    return { what, ok: false, detail: `${baseUrl} has a path; the site lives at the top of its own host name` }
  if (protocol === 'https:' || isLocal(hostname)) return { what, ok: true, detail: `${baseUrl}: passkeys can be used` }
  const detail = `${baseUrl} is not https: browsers offer no passkeys there, and sessions travel in the clear`
  return { what, ok: false, detail }
}

function mailFinding({ smtp, mailFrom, baseUrl }: Settings): Finding {
  const what = 'Sign-in by mail'
  if (smtp && mailFrom && baseUrl) return { what, ok: true, detail: `links are mailed from ${mailFrom}` }
  const missing = [
    ...(smtp ? [] : ['SMTP_URL']),
    ...(mailFrom ? [] : ['PAPERROUND_MAIL_FROM']),
    ...(baseUrl ? [] : ['PAPERROUND_BASE_URL']),
  ].join(', ')
  const detail = `no mail without ${missing}: links are printed where the program was started`
  return { what, ok: !smtp, detail }
}

function providersFinding(config: Settings): Finding {
  const what = 'Sign-in with other sites'
  const states = providerNames.map((name) => ({
    label: providerLabels[name],
    keys: [config[`${name}Id`], config[`${name}Secret`]].filter(Boolean).length,
  }))
  const half = states.filter(({ keys }) => keys === 1).map(({ label }) => label)
  if (half.length > 0)
    return { what, ok: false, detail: `${half.join(', ')}: client id and secret are both needed, one is missing` }
  const set = states.filter(({ keys }) => keys === 2).map(({ label }) => label)
  return { what, ok: true, detail: set.join(', ') || 'none set up' }
}

function joinFinding({ signUp, mailDomains, captcha }: Settings): Finding {
  const who = signUp === 'invited' ? 'by invitation only' : mailDomains.length > 0 ? mailDomains.join(', ') : 'anybody'
  return { what: 'New accounts', ok: true, detail: `${who}${captcha ? ', after some work of the browser' : ''}` }
}

const isLocal = (host: string): boolean => /^(localhost|127\.[\d.]+|\[?::1\]?)$/.test(host)
