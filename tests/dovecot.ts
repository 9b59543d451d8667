// Dovecot (Debian: dovecot-imapd), a real IMAP server, in a folder of the test.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { findMailServer } from '../scripts/find-mail-servers.ts'
import { temporaryFolder } from './databases.ts'
import { localCertificate } from './mail-server.ts'
import { freePort } from './wire.ts'

export type Dovecot = {
  port: number
  tlsPort: number
  /** PEM of the authority of its certificate, which is for `localhost`. */
  certFile: string
  /** What it wrote into its log so far. */
  log(): string
  stop(): Promise<void>
}

/** Serves a maildir to the user `bounces` with the password `secret`. `ssl: 'no'`: a server that cannot encrypt. */
export async function startDovecot(
  t: TestContext,
  maildir: string,
  { ssl = 'yes' }: { ssl?: 'yes' | 'no' } = {},
): Promise<Dovecot> {
  const folder = temporaryFolder(t)
  const certificate = localCertificate(t)
  if (!certificate) throw new Error('no openssl: apt-get install openssl')
  const { certFile } = certificate
  const keyFile = join(folder, 'key.pem')
  writeFileSync(keyFile, certificate.key, { mode: 0o600 })
  chmodSync(folder, 0o755)
  const [port, tlsPort] = [await freePort(), await freePort()]
  const logFile = join(folder, 'log')
  const run = join(folder, 'run')
  mkdirSync(run)
  writeFileSync(join(folder, 'users'), 'bounces:{PLAIN}secret\n')
  writeFileSync(
    join(folder, 'dovecot.conf'),
    `base_dir = ${run}
state_dir = ${run}
instance_name = paperround-test
log_path = ${logFile}
auth_verbose = yes
auth_failure_delay = 0
protocols = imap
listen = 127.0.0.1
first_valid_uid = 1
mail_location = maildir:${maildir}
disable_plaintext_auth = no
ssl = ${ssl}
ssl_cert = <${certFile}
ssl_key = <${keyFile}
passdb {
  driver = passwd-file
  args = ${join(folder, 'users')}
}
userdb {
  driver = static
  args = uid=nobody gid=nogroup home=${folder}
}
service imap-login {
  inet_listener imap {
    port = ${port}
  }
  inet_listener imaps {
    port = ${tlsPort}
    ssl = ${ssl}
  }
}
`,
  )
  const server = spawn(findMailServer('dovecot') as string, ['-F', '-c', join(folder, 'dovecot.conf')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let output = ''
  server.stderr.on('data', (chunk) => {
    output += chunk
  })
  const ended = once(server, 'exit')
  const stop = async () => {
    server.kill('SIGTERM')
    await ended
  }
  t.after(stop)
  const log = () => (existsSync(logFile) ? readFileSync(logFile, 'utf8') : '')
  for (let tries = 0; !(await greets(port)); tries++) {
    if (server.exitCode !== null || tries > 300) throw new Error(`Dovecot did not start: ${output} ${log()}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return { port, tlsPort, certFile, log, stop }
}

/** Its sockets are open before it can serve anybody. */
function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const end = (answer: boolean) => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('data', (data) => end(String(data).startsWith('* OK')))
    socket.once('error', () => end(false))
    socket.once('close', () => end(false))
  })
}

/** An empty maildir that Dovecot's user may change, and how to put a message into it. */
export function emptyMaildir(t: TestContext): { box: string; put: (message: string) => void } {
  const folder = temporaryFolder(t)
  const box = join(folder, 'box')
  for (const name of ['new', 'cur', 'tmp']) mkdirSync(join(box, name), { recursive: true })
  for (const path of [folder, box, ...['new', 'cur', 'tmp'].map((name) => join(box, name))]) chmodSync(path, 0o777)
  let count = 0
  const put = (message: string) => {
    const file = join(box, 'new', `${String(++count).padStart(4, '0')}.test`)
    writeFileSync(file, message)
    chmodSync(file, 0o666)
  }
  return { box, put }
}
