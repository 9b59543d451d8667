// OpenSMTPD (Debian: opensmtpd), a mail server that is not ours and not written in JavaScript, in a folder of the test.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { findMailServer } from '../scripts/find-mail-servers.ts'
import { freePort } from './wire.ts'

export type OpenSmtpd = {
  port: number
  /** The messages in a maildir, as they lie there. */
  messagesIn(maildir: string): Buffer[]
  /** Folder that holds the maildirs. */
  mail: string
}

/**
 * Starts a server that takes mail for the domains given into maildirs (`%{rcpt.user}` in a name: one for each user), and
 * refuses to relay; but what is for `relayed.domain` it hands on to a port of this machine, as a mail server does with
 * what is for others.
 */
export async function startOpenSmtpd(
  t: Pick<TestContext, 'after'>,
  maildirs: Readonly<Record<string, string>>,
  relayed?: { domain: string; port: number },
): Promise<OpenSmtpd> {
  const folder = mkdtempSync(join(tmpdir(), 'paperround-smtpd-'))
  const mail = join(folder, 'mail')
  mkdirSync(mail)
  // It delivers as another user.
  for (const path of [folder, mail]) chmodSync(path, 0o777)
  const port = await freePort()
  const domains = Object.keys(maildirs)
  const file = join(folder, 'smtpd.conf')
  writeFileSync(
    file,
    [
      `listen on 127.0.0.1 port ${port} hostname mail.example.org`,
      `table users { ${domains.map((domain) => `"@${domain}" = "nobody"`).join(', ')} }`,
      ...domains.map((domain) => `action "${domain}" maildir "${mail}/${maildirs[domain]}" virtual <users>`),
      ...(relayed ? [`action "on" relay host "smtp://127.0.0.1:${relayed.port}"`] : []),
      ...domains.map((domain) => `match from any for domain "${domain}" action "${domain}"`),
      ...(relayed ? [`match from any for domain "${relayed.domain}" action "on"`] : []),
      '',
    ].join('\n'),
  )
  const smtpd = [findMailServer('smtpd') as string, '-d', '-f', file]
  const [command = '', ...args] = [...alone(), ...smtpd]
  const server = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [server.stdout, server.stderr])
    stream.on('data', (chunk) => {
      output += chunk
    })
  const ended = once(server, 'exit')
  t.after(async () => {
    server.kill('SIGTERM')
    await ended
    rmSync(folder, { recursive: true, force: true })
  })
  const answers = () =>
    new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false))
      socket.on('connect', () => socket.destroy())
    })
  for (let tries = 0; !(await answers()); tries++) {
    if (server.exitCode !== null || tries > 600) throw new Error(`OpenSMTPD did not start: ${output}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  const messagesIn = (maildir: string) =>
    globSync('{new,cur}/*', { cwd: join(mail, maildir) }).map((name) => readFileSync(join(mail, maildir, name)))
  return { port, messagesIn, mail }
}

/**
 * Its queue and its control socket have fixed places. Where the system lets us, it sees empty ones of its own; else one
 * server at a time runs on a machine, whoever runs tests there, and they share a queue.
 */
function alone(): string[] {
  const script =
    'mount -t tmpfs tmpfs /var/spool && mkdir -m 711 /var/spool/smtpd && mount -t tmpfs tmpfs /run && exec "$@"'
  const own = ['unshare', '--mount', '/bin/sh', '-c', script, 'sh']
  const isAllowed = spawnSync(own[0] as string, [...own.slice(1), 'true']).status === 0
  return isAllowed ? own : ['flock', '--no-fork', '--wait', '60', join(tmpdir(), 'paperround-smtpd.lock')]
}
