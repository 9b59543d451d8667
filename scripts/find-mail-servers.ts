// The mail servers of the tests that are not written in JavaScript: OpenSMTPD and Dovecot, as Debian has them.
import { existsSync } from 'node:fs'
import { APT_GET, canInstall, installPackages } from './debian-package.ts'

export type MailServers = { smtpd: string[]; dovecot: string[] }
type Place = { package: string; paths: string[] }

const places: Record<keyof MailServers, Place> = {
  smtpd: { package: 'opensmtpd', paths: ['/usr/sbin/smtpd', '/usr/local/sbin/smtpd'] },
  dovecot: { package: 'dovecot-imapd', paths: ['/usr/sbin/dovecot', '/usr/local/sbin/dovecot'] },
}

/** Path of a mail server, or undefined. */
export const findMailServer = (name: keyof MailServers): string | undefined =>
  places[name].paths.find((path) => existsSync(path))

/** For `skip`: why a test with these servers cannot run here, or false. In CI always false: there it must fail. */
export function withoutMailServers(...names: (keyof MailServers)[]): string | false {
  if (process.env.CI) return false
  if (process.getuid?.() !== 0) return 'real mail servers start as root only'
  const missing = names.filter((name) => !findMailServer(name)).map((name) => places[name].package)
  return missing.length > 0 && `not installed: apt-get install ${missing.join(' ')}`
}

/** Sees to it that both servers are there, installing what is missing where that takes no question. Throws why not. */
export function ensureMailServers(
  options: { aptGet?: string; print?: (line: string) => void; wanted?: Record<string, Place> } = {},
): void {
  const { aptGet = APT_GET, print = console.log, wanted = places } = options
  const lacking = () => Object.values(wanted).filter(({ paths }) => !paths.some((path) => existsSync(path)))
  const names = () =>
    lacking()
      .map((place) => place.package)
      .join(' ')
  if (lacking().length === 0) return
  if (!canInstall(aptGet)) throw new Error(`Not installed: ${names()}. On Debian: sudo apt-get install ${names()}.`)
  print(`Installing ${names()} with apt-get (once, the programs without their services) ...`)
  const problem = installPackages(names().split(' '), { aptGet, withoutServices: true })
  if (lacking().length > 0)
    throw new Error(`apt-get did not bring ${names()}: ${problem ?? 'it ended well, but nothing is there.'}`)
}
